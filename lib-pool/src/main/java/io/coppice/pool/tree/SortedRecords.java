package io.coppice.pool.tree;

import static io.coppice.pool.tree.SortedTableLayout.HIGH_WATER;
import static io.coppice.pool.tree.SortedTableLayout.SIZE;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What a sorted table answers to its writer and to readers alike. For one thread. */
public abstract class SortedRecords {
    final TreeNodes nodes;
    final TreeKey key;

    SortedRecords(final TreeNodes nodes) {
        this.nodes = nodes;
        this.key = new TreeKey(nodes.name, nodes.keyBytesMax);
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
