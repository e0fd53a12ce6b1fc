/**
 * A ledger: transfers between accounts, each posted once, whatever dies.
 *
 * <p>In reading order: {@link io.coppice.examples.ledger.TransferLine}, {@link
 * io.coppice.examples.ledger.PostTransaction}, {@code Books}, {@link
 * io.coppice.examples.ledger.LedgerDaemon}, {@link io.coppice.examples.ledger.PlainLedger}, {@link
 * io.coppice.examples.ledger.TransferGenerator}.
 */
package io.coppice.examples.ledger;
