/**
 * Records in the order of their keys: a B+tree in nodes of fixed size, changed in place under the
 * journal.
 *
 * <p>Reading order: {@link io.coppice.pool.tree.SortedTableLayout}, {@link
 * io.coppice.pool.tree.SortedTable}, {@link io.coppice.pool.tree.Cursor}.
 */
package io.coppice.pool.tree;
