/**
 * What a daemon and its transaction workers share: the tasks of a pool and the slots that workers
 * run them in.
 */
package io.coppice.pool.task;
