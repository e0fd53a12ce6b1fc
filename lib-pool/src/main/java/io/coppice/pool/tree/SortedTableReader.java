package io.coppice.pool.tree;

import static io.coppice.pool.tree.SortedTableLayout.HIGH_WATER;
import static io.coppice.pool.tree.SortedTableLayout.SIZE;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Reads a sorted table of another process over a read-only mapping.
 *
 * <p>Nothing is promised without a lock that keeps the writer out: a record may be missed, or be
 * half old and half new. But a read never leaves the table and always ends; where it sees that what
 * it walks on cannot be right it throws an {@link ArenaException}, and may be tried again. For one
 * thread; only attaching and making cursors allocates.
 */
public final class SortedTableReader {
    private final TreeNodes nodes;
    private final TreeKey key;

    private SortedTableReader(final TreeNodes nodes) {
        this.nodes = nodes;
        this.key = new TreeKey(nodes.name, nodes.keyBytesMax);
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

    /** Copies the value of a key out, all its bytes; returns whether there is one. */
    public boolean get(final long key, final MutableDirectBuffer to, final int toIndex) {
        return ValueCopy.out(nodes, nodes.find(this.key.set(key)), to, toIndex);
    }

    /** Copies the value of a key out, all its bytes; returns whether there is one. */
    public boolean get(
            final DirectBuffer key,
            final int index,
            final int length,
            final MutableDirectBuffer to,
            final int toIndex) {
        return ValueCopy.out(nodes, nodes.find(this.key.set(key, index, length)), to, toIndex);
    }

    /** Returns a new cursor, to be kept and used again. */
    public Cursor cursor() {
        return new Cursor(nodes);
    }

    /** Returns how many records there are room for. */
    public long capacity() {
        return nodes.capacity;
    }

    /** Returns how many records there are. */
    public long size() {
        return nodes.word(SIZE);
    }

    /** Returns the most records there ever were. */
    public long highWater() {
        return nodes.word(HIGH_WATER);
    }

    /** Returns the bytes of every value. */
    public int valueBytes() {
        return nodes.valueBytes;
    }

    /** Returns the most bytes of a key, 0 where keys are longs. */
    public int keyBytesMax() {
        return nodes.keyBytesMax;
    }
}
