/**
 * What runs in a transaction process: {@link io.coppice.txn.Transaction} is what a user writes,
 * {@link io.coppice.txn.TransactionMain} is the process around it.
 */
package io.coppice.txn;
