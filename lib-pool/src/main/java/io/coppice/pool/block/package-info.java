/**
 * Blocks of one size that the processes of a daemon share, and that no death loses or leaks.
 *
 * <p>Reading order: {@link io.coppice.pool.block.BlockPoolLayout}, {@link
 * io.coppice.pool.block.HolderWord}, {@link io.coppice.pool.block.LedgerEntry}, {@link
 * io.coppice.pool.block.Ledger}, {@link io.coppice.pool.block.BlockPool}.
 */
package io.coppice.pool.block;
