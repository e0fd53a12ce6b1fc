package io.coppice.pool.tree;

import static io.coppice.pool.tree.SortedTableLayout.CHANGES;
import static io.coppice.pool.tree.SortedTableLayout.STAMP;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Walks a sorted table in both directions: {@code for (boolean at = cursor.ceiling(from); at; at =
 * cursor.next())}.
 *
 * <p>It remembers its key, not only its place. Where the table was changed or rolled back in
 * between, by this process or another, {@link #next} and {@link #previous} go on from that key,
 * whether it is still there or not; so records may be removed and added during a walk. What {@link
 * #valueOffset} and the like return holds up to the next change; after it they throw an {@link
 * IllegalStateException} until the cursor moves again.
 *
 * <p>Of a table that another process changes at the same time the walk is bounded, in the table,
 * and otherwise worth nothing. Methods throw {@link io.coppice.pool.ArenaException} where the table
 * is damaged. Allocates nothing. For one thread.
 */
public final class Cursor {
    private static final int BEFORE_FIRST = -1;
    private static final int AT_RECORD = 0;
    private static final int AFTER_LAST = 1;

    private final TreeNodes nodes;
    private final TreeKey key;
    private final TreeKey sought;
    private int state = BEFORE_FIRST;
    private long leaf;
    private int index;
    private long stamp;
    private long changes;
    private boolean leftwards;
    private long leavesCrossed;

    Cursor(final TreeNodes nodes) {
        this.nodes = nodes;
        this.key = new TreeKey(nodes.name, nodes.keyBytesMax);
        this.sought = new TreeKey(nodes.name, nodes.keyBytesMax);
    }

    /** Goes to the smallest key; returns whether there is one. */
    public boolean first() {
        note();
        return settleRight(nodes.outermostLeaf(false), 0);
    }

    /** Goes to the largest key; returns whether there is one. */
    public boolean last() {
        note();
        final long last = nodes.outermostLeaf(true);
        return settleLeft(last, last == 0 ? -1 : nodes.count(last, 0) - 1);
    }

    /** Goes to the smallest key that is not below one; returns whether there is one. */
    public boolean ceiling(final long from) {
        return seek(sought.set(from), false, false);
    }

    /** Goes to the smallest key that is not below one; returns whether there is one. */
    public boolean ceiling(final DirectBuffer from, final int index, final int length) {
        return seek(sought.set(from, index, length), false, false);
    }

    /** Goes to the largest key that is not above one; returns whether there is one. */
    public boolean floor(final long from) {
        return seek(sought.set(from), true, false);
    }

    /** Goes to the largest key that is not above one; returns whether there is one. */
    public boolean floor(final DirectBuffer from, final int index, final int length) {
        return seek(sought.set(from, index, length), true, false);
    }

    /** Goes to a key; where it is not there, to the next above it, and returns false. */
    public boolean seek(final long to) {
        return ceiling(to) && key() == to;
    }

    /** Goes to a key; where it is not there, to the next above it, and returns false. */
    public boolean seek(final DirectBuffer to, final int index, final int length) {
        return ceiling(to, index, length) && sought.compareTo(nodes.arena, keyPlace()) == 0;
    }

    /**
     * Goes to the next larger key, from before the first to the first; returns whether there is
     * one. Where not, it is after the last.
     */
    public boolean next() {
        if (state == BEFORE_FIRST) {
            return first();
        }
        if (state == AFTER_LAST) {
            return false;
        }
        return isCurrent() ? settleRight(leaf, index + 1) : seek(key, false, true);
    }

    /**
     * Goes to the next smaller key, from after the last to the last; returns whether there is one.
     * Where not, it is before the first.
     */
    public boolean previous() {
        if (state == AFTER_LAST) {
            return last();
        }
        if (state == BEFORE_FIRST) {
            return false;
        }
        return isCurrent() ? settleLeft(leaf, index - 1) : seek(key, true, true);
    }

    /** Returns whether it is at a record, as far as it knows. */
    public boolean isAtRecord() {
        return state == AT_RECORD;
    }

    /** Returns the key, of a table with long keys. */
    public long key() {
        requireRecord();
        if (nodes.keyBytesMax != 0) {
            throw new IllegalArgumentException(nodes.name + ": its keys are byte strings");
        }
        return key.slot().getLong(0);
    }

    /** Returns the length of the key in bytes: 8 for a long. */
    public int keyLength() {
        requireRecord();
        if (nodes.keyBytesMax == 0) {
            return Long.BYTES;
        }
        final long length = key.slot().getLong(0);
        if (length < 0 || length > nodes.keyBytesMax) {
            throw nodes.damaged("a key of " + length + " bytes in node " + leaf);
        }
        return (int) length;
    }

    /** Copies the key out, {@link #keyLength} bytes, and returns how many these are. */
    public int key(final MutableDirectBuffer to, final int toIndex) {
        final int length = keyLength();
        to.putBytes(toIndex, key.slot(), nodes.keyBytesMax == 0 ? 0 : Long.BYTES, length);
        return length;
    }

    /** Returns where the bytes of the key are in the arena. */
    public long keyOffset() {
        return keyPlace() + (nodes.keyBytesMax == 0 ? 0 : Long.BYTES);
    }

    /** Returns where the value is in the arena. */
    public long valueOffset() {
        return keyPlace() + nodes.keySlotBytes;
    }

    /** Copies the value out, all its bytes. */
    public void value(final MutableDirectBuffer to, final int toIndex) {
        ValueCopy.copy(nodes, valueOffset(), to, toIndex, nodes.valueBytes);
    }

    private boolean seek(final TreeKey from, final boolean down, final boolean strictly) {
        note();
        final long found = nodes.leaf(from);
        if (found == 0) {
            return down ? settleLeft(0, -1) : settleRight(0, 0);
        }
        final int at = nodes.leafIndex(found, from);
        final boolean equal = nodes.holds(found, at, from);
        if (down) {
            return settleLeft(found, equal && !strictly ? at : at - 1);
        }
        return settleRight(found, equal && strictly ? at + 1 : at);
    }

    /** Takes the entry at an index, or the first to the right of it. */
    private boolean settleRight(final long from, final int at) {
        long node = from;
        int entry = at;
        while (node != 0 && entry >= nodes.count(node, 0)) {
            countLeaf(false);
            node = nodes.next(node);
            entry = 0;
        }
        return settle(node, entry, AFTER_LAST);
    }

    /** Takes the entry at an index, or the first to the left of it. */
    private boolean settleLeft(final long from, final int at) {
        long node = from;
        int entry = at;
        while (node != 0 && entry < 0) {
            countLeaf(true);
            node = nodes.previous(node);
            entry = node == 0 ? -1 : nodes.count(node, 0) - 1;
        }
        return settle(node, entry, BEFORE_FIRST);
    }

    private boolean settle(final long node, final int entry, final int otherwise) {
        state = node == 0 ? otherwise : AT_RECORD;
        leaf = node;
        index = entry;
        if (node != 0) {
            key.copy(nodes.arena, nodes.entry(node, 0, entry));
        }
        return node != 0;
    }

    /** Leaf links that lead in a circle end here: no walk in one direction meets a leaf twice. */
    private void countLeaf(final boolean down) {
        if (down != leftwards) {
            leftwards = down;
            leavesCrossed = 0;
        }
        leavesCrossed++;
        if (leavesCrossed > nodes.nodeCount) {
            throw nodes.damaged("leaves that lead in a circle, node " + leaf + " among them");
        }
    }

    private long keyPlace() {
        requireRecord();
        if (!isCurrent()) {
            throw new IllegalStateException(
                    nodes.name + ": was changed since the cursor moved: seek the key again");
        }
        return nodes.entry(leaf, 0, index);
    }

    private void requireRecord() {
        if (state != AT_RECORD) {
            throw new IllegalStateException(nodes.name + ": the cursor is at no record");
        }
    }

    private boolean isCurrent() {
        return changes == nodes.word(CHANGES) && stamp == nodes.word(STAMP);
    }

    private void note() {
        changes = nodes.word(CHANGES);
        stamp = nodes.word(STAMP);
        leavesCrossed = 0;
    }
}
