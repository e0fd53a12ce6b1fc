/**
 * Single values: cells that change with a transaction and are read by other processes without a
 * lock, and counters for people, which no transaction undoes.
 */
package io.coppice.pool.cell;
