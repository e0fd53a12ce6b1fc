/** Daemons and transactions that the system tests run. */
package io.coppice.system.daemons;
