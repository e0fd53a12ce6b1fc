/**
 * The SDK for writing services: {@link io.coppice.daemon.Daemon} is what a user writes, {@link
 * io.coppice.daemon.DaemonContext} what it is given, {@link io.coppice.daemon.TransactionPool} how
 * it hands out risky work.
 */
package io.coppice.daemon;
