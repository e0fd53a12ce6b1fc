package io.coppice.pool.tree;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * Reads a sorted table of another process over a read-only mapping.
 *
 * <p>Nothing is promised without a lock that keeps the writer out: a record may be missed, or be
 * half old and half new. But a read never leaves the table and always ends; where it sees that what
 * it walks on cannot be right it throws an {@link ArenaException}, and may be tried again. For one
 * thread; only attaching and making cursors allocates.
 */
public final class SortedTableReader extends SortedRecords {
    private SortedTableReader(final TreeNodes nodes) {
        super(nodes);
    }

    /**
     * Attaches to a table.
     *
     * @throws ArenaException where what is there is not such a table
     */
    public static SortedTableReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        return new SortedTableReader(TreeNodes.attach(name, arena, offset, bytes));
    }
}
