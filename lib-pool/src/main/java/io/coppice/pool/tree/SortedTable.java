package io.coppice.pool.tree;

import static io.coppice.pool.tree.SortedTableLayout.ALIGNMENT;
import static io.coppice.pool.tree.SortedTableLayout.CAPACITY;
import static io.coppice.pool.tree.SortedTableLayout.CAPACITY_LIMIT;
import static io.coppice.pool.tree.SortedTableLayout.CHANGES;
import static io.coppice.pool.tree.SortedTableLayout.HIGH_WATER;
import static io.coppice.pool.tree.SortedTableLayout.KEY_BYTES_LIMIT;
import static io.coppice.pool.tree.SortedTableLayout.KEY_BYTES_MAX;
import static io.coppice.pool.tree.SortedTableLayout.NODES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_BYTES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_COUNT;
import static io.coppice.pool.tree.SortedTableLayout.NODE_ENTRIES_MIN;
import static io.coppice.pool.tree.SortedTableLayout.SIZE;
import static io.coppice.pool.tree.SortedTableLayout.STAMP;
import static io.coppice.pool.tree.SortedTableLayout.VALUE_BYTES;
import static io.coppice.pool.tree.SortedTableLayout.VALUE_BYTES_LIMIT;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import org.agrona.DirectBuffer;

/**
 * Records of one size in the order of their keys, which are longs or byte strings up to a length: a
 * B+tree with room for a fixed number of records, whatever their keys and the order they come in.
 *
 * <p>Ordering. Everything is changed in place, and every range is saved in the undo journal before
 * a store into it, so no order among the stores of an operation matters: a death between any two of
 * them leaves a journal that is ACTIVE, and recovery puts back all bytes. The one exception is
 * {@code changes}, stored before the first change of an operation and never undone, so that a
 * {@link Cursor} never takes a table for unchanged that was changed and rolled back: what it
 * compares is this count and the journal's stamp of the last change that stands, and between two
 * moments with both equal there was neither a change nor an undo.
 *
 * <p>There is no reading without a lock: another process may read ({@link SortedTableReader}), is
 * never led out of the table and never kept in it, but what it reads while a transaction changes
 * the table may be the old, the new, neither, or an {@link ArenaException}.
 *
 * <p>An insert or a removal takes room in the journal for up to two nodes a level, and mostly for
 * half of one node: see {@link #nodeBytes}. For the thread of the journal. Changes throw {@link
 * IllegalStateException} outside a transaction; nothing but attaching and making cursors allocates.
 */
public final class SortedTable extends SortedRecords {
    /** What {@link #find} returns where there is no such key. */
    public static final long MISSING = -1;

    private final TreeEditor editor;
    private final Journal journal;
    private final Memory arena;
    private final long offset;

    private SortedTable(final TreeNodes nodes, final Journal journal) {
        super(nodes);
        this.editor = new TreeEditor(nodes, journal);
        this.journal = journal;
        this.arena = nodes.arena;
        this.offset = nodes.offset;
    }

    /**
     * Returns what a table takes in bytes, with the nodes that the worst order of inserts and
     * removals needs.
     *
     * @param capacity in records, from 1 to {@link SortedTableLayout#CAPACITY_LIMIT}
     * @param keyBytesMax 0 for long keys, else the most bytes of a byte string, up to {@link
     *     SortedTableLayout#KEY_BYTES_LIMIT}
     * @param valueBytes of every record, from 0 to {@link SortedTableLayout#VALUE_BYTES_LIMIT}
     * @throws IllegalArgumentException outside of these ranges
     */
    public static long bytes(final long capacity, final int keyBytesMax, final int valueBytes) {
        requireRange("capacity", capacity, 1, CAPACITY_LIMIT);
        requireRange("keyBytesMax", keyBytesMax, 0, KEY_BYTES_LIMIT);
        requireRange("valueBytes", valueBytes, 0, VALUE_BYTES_LIMIT);
        return bytes(
                capacity,
                keyBytesMax,
                valueBytes,
                SortedTableLayout.nodeBytes(keyBytesMax, valueBytes));
    }

    /** Returns what a table takes whose nodes have a size of the caller's. */
    static long bytes(
            final long capacity, final int keyBytesMax, final int valueBytes, final int nodeBytes) {
        return NODES
                + nodeBytes
                        * SortedTableLayout.nodeCount(capacity, keyBytesMax, valueBytes, nodeBytes);
    }

    /**
     * Lays an empty table out in zeroed memory, in the INIT phase; a death in between starts over
     * from zeroes.
     *
     * @param name for messages, and the key under "capacities" in the manifest
     * @param offset of the table in the arena, 64-byte aligned; {@link #bytes} of them are taken
     */
    public static SortedTable layOut(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long capacity,
            final int keyBytesMax,
            final int valueBytes) {
        bytes(capacity, keyBytesMax, valueBytes);
        return layOut(
                name,
                journal,
                arena,
                offset,
                capacity,
                keyBytesMax,
                valueBytes,
                SortedTableLayout.nodeBytes(keyBytesMax, valueBytes));
    }

    static SortedTable layOut(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long capacity,
            final int keyBytesMax,
            final int valueBytes,
            final int nodeBytes) {
        if (nodeBytes % ALIGNMENT != 0
                || TreeNodes.entriesMin(keyBytesMax, valueBytes, nodeBytes) < NODE_ENTRIES_MIN) {
            throw new IllegalArgumentException(name + ": nodes of " + nodeBytes + " bytes");
        }
        final long bytes = bytes(capacity, keyBytesMax, valueBytes, nodeBytes);
        arena.putLong(offset + KEY_BYTES_MAX, keyBytesMax);
        arena.putLong(offset + VALUE_BYTES, valueBytes);
        arena.putLong(offset + CAPACITY, capacity);
        arena.putLong(offset + NODE_BYTES, nodeBytes);
        arena.putLong(offset + NODE_COUNT, (bytes - NODES) / nodeBytes);
        return attach(name, journal, arena, offset, bytes);
    }

    /**
     * Attaches to a table that is laid out; {@link Journal#recover} comes first.
     *
     * @throws ArenaException where what is there is not such a table
     */
    public static SortedTable attach(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes) {
        journal.requireArena(name, arena);
        return new SortedTable(TreeNodes.attach(name, arena, offset, bytes), journal);
    }

    /** Returns where the value of a key is in the arena, or {@link #MISSING}; up to a change. */
    public long find(final long key) {
        return nodes.find(this.key.set(key));
    }

    /** Returns where the value of a key is in the arena, or {@link #MISSING}; up to a change. */
    public long find(final DirectBuffer key, final int index, final int length) {
        return nodes.find(this.key.set(key, index, length));
    }

    /**
     * Adds a record.
     *
     * @param value whose next bytes, as many as a value has, are taken
     * @return false where the key is there already; nothing is changed then
     * @throws StructureFullException where the table is full; nothing is changed then
     */
    public boolean insert(final long key, final DirectBuffer value, final int valueIndex) {
        return insert(this.key.set(key), value, valueIndex);
    }

    /**
     * Adds a record.
     *
     * @param value whose next bytes, as many as a value has, are taken
     * @return false where the key is there already; nothing is changed then
     * @throws StructureFullException where the table is full; nothing is changed then
     */
    public boolean insert(
            final DirectBuffer key,
            final int index,
            final int length,
            final DirectBuffer value,
            final int valueIndex) {
        return insert(this.key.set(key, index, length), value, valueIndex);
    }

    /** Replaces the value of a key; returns whether there is one. */
    public boolean update(final long key, final DirectBuffer value, final int valueIndex) {
        return update(this.key.set(key), value, valueIndex);
    }

    /** Replaces the value of a key; returns whether there is one. */
    public boolean update(
            final DirectBuffer key,
            final int index,
            final int length,
            final DirectBuffer value,
            final int valueIndex) {
        return update(this.key.set(key, index, length), value, valueIndex);
    }

    /** Removes a record; returns whether there was one. */
    public boolean remove(final long key) {
        return remove(this.key.set(key));
    }

    /** Removes a record; returns whether there was one. */
    public boolean remove(final DirectBuffer key, final int index, final int length) {
        return remove(this.key.set(key, index, length));
    }

    /** Returns the size of a node in bytes, for those who size a journal. */
    public int nodeBytes() {
        return (int) nodes.word(NODE_BYTES);
    }

    private boolean insert(final TreeKey at, final DirectBuffer value, final int valueIndex) {
        value.boundsCheck(valueIndex, nodes.valueBytes);
        final long stamp = journal.stamp();
        if (editor.descend(at)) {
            return false;
        }
        final long size = size();
        if (size >= nodes.capacity) {
            throw new StructureFullException(nodes.name, "records", nodes.capacity, nodes.name);
        }
        noteChange(stamp);
        arena.putBytes(editor.insert(at.slot()), value, valueIndex, nodes.valueBytes);
        journal.putLong(offset + SIZE, size + 1);
        if (size >= highWater()) {
            journal.putLong(offset + HIGH_WATER, size + 1);
        }
        return true;
    }

    private boolean update(final TreeKey at, final DirectBuffer value, final int valueIndex) {
        value.boundsCheck(valueIndex, nodes.valueBytes);
        journal.stamp();
        final long found = nodes.find(at);
        if (found == MISSING) {
            return false;
        }
        if (nodes.valueBytes > 0) {
            journal.save(found, nodes.valueBytes);
            arena.putBytes(found, value, valueIndex, nodes.valueBytes);
        }
        return true;
    }

    private boolean remove(final TreeKey at) {
        final long stamp = journal.stamp();
        if (!editor.descend(at)) {
            return false;
        }
        noteChange(stamp);
        editor.remove();
        journal.putLong(offset + SIZE, size() - 1);
        return true;
    }

    /** Has cursors look for their keys again; a new value moves no record, so it needs no note. */
    private void noteChange(final long stamp) {
        if (nodes.word(STAMP) != stamp) {
            journal.putLong(offset + STAMP, stamp);
        }
        arena.putLong(offset + CHANGES, nodes.word(CHANGES) + 1);
    }

    private static void requireRange(
            final String what, final long value, final long least, final long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " of " + value + ": must be from " + least + " to " + most);
        }
    }
}
