package io.coppice.pool.table;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A hash table of fixed capacity, as a writer has it. Keys are 64-bit numbers or byte strings up to
 * a length, values are records of one size, zeroed when they are inserted. Changes are made in a
 * transaction of the journal and stand with it as a whole or not at all; the writer sees its own
 * changes at once, all others what is committed.
 *
 * <p>Several writers with a journal each may share a table where a lock keeps them apart until
 * their commit, and until the recovery of one that died. For one thread.
 *
 * <p>Handles. A record is named by its number, which stays the same from the insert to the remove;
 * after that it may be that of another record.
 *
 * <p>Ordering. Records are copied and flipped: the first edit of a record in a transaction copies
 * what counts into the other copy (after the head that made it the other one, by the fence of
 * {@link Journal#touch}), stores go there, and the commit stores the new head (release). A reader
 * loads the head (acquire), reads the copy it names, and loads the head again: where it is
 * unchanged, so was the copy, since a copy is only stored to after a head that does not name it,
 * and no head ever comes again: its version only grows, at commits alone. (Within one commit, or
 * its repetition by recovery, a record that is removed and used again may be live, dead, and live
 * with the same head; its copies are not stored to meanwhile.) A death before the commit leaves the
 * head, and what was stored to the other copy is garbage that nothing names; a death after it
 * leaves heads that recovery stores again. A mark that a death or a rollback leaves behind is of a
 * transaction that is over, and so of nobody.
 *
 * <p>A hit (key equal, head live and unchanged) always counts. A miss is right while no word of the
 * index is moved: words are only added then, at the ends of probes and each in an empty slot, so
 * every committed key is met before an empty slot is. A word whose record is not live yet is passed
 * by, as is one whose record holds another key, for instance one that was removed by the same
 * transaction and is used again; the key of that one is in the other copy, where the old one still
 * counts. A rollback empties the slots in reverse order, so no probe for a committed key had to
 * pass them. Hence an insert needs no lock. A remove moves words, so it makes {@code shifts} odd
 * before (release, then a fence) and has it even, two further, with the commit, or as the last
 * thing a rollback undoes; a miss counts only where {@code shifts} was even and the same before and
 * after the probe. Deferred stores are made in the order in which their words were first named, so
 * heads may follow after {@code shifts} is even: a key that was removed and inserted again in one
 * transaction would be missed between the two. The link of a record that is inserted while {@code
 * shifts} is odd therefore names the head that it waits for, and a miss that passed such a record
 * does not count. For the same reason the head of an edit may be stored before that of a remove of
 * the same record: the link of a removed record names the version that counted then, and a head
 * that is live with another version is none.
 *
 * <p>The index, the free list and the counts are changed in place and saved first, so a death
 * between any two stores leaves what recovery puts back.
 */
public final class Table extends RecordFields {
    /** No record. */
    public static final long NONE = -1;

    private final String name;
    private final Journal journal;
    private final Memory arena;
    private final TableGeometry geometry;
    private final TableRecords records;
    private final TableIndex index;
    private final long capacity;
    private final boolean longKeys;

    private Table(
            final String name,
            final Journal journal,
            final Memory arena,
            final TableGeometry geometry) {
        super(name, arena, geometry, new TableRecords(name, journal, arena, geometry));
        journal.requireArena(name, arena);
        this.name = name;
        this.journal = journal;
        this.arena = arena;
        this.geometry = geometry;
        this.records = records();
        this.index = new TableIndex(name, journal, arena, geometry, records);
        this.capacity = geometry.capacity;
        this.longKeys = geometry.hasLongKeys();
    }

    /**
     * Returns how many bytes a table takes, a multiple of 64.
     *
     * @param capacity how many records at most, from 1 to 2^30
     * @param keyBytesMax length of the longest key in bytes, to 65536; 0 for 64-bit keys
     * @param valueBytes of each record, from 1 to 2^24
     * @throws IllegalArgumentException where one of them is out of its range
     */
    public static long bytes(final long capacity, final int keyBytesMax, final int valueBytes) {
        return TableGeometry.of(0, capacity, keyBytesMax, valueBytes).bytes;
    }

    /**
     * Lays a table out in zeroed memory, without the journal: a death here starts over from zeroes.
     * For the numbers see {@link #bytes}.
     *
     * @param name for errors; also the manifest's key of the capacity
     * @param offset in the arena, a multiple of 64
     */
    public static Table layOut(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long capacity,
            final int keyBytesMax,
            final int valueBytes) {
        final TableGeometry geometry = TableGeometry.of(offset, capacity, keyBytesMax, valueBytes);
        if (offset < 0
                || offset % ArenaLayout.ALIGNMENT != 0
                || offset > arena.bytes() - geometry.bytes) {
            throw new IllegalArgumentException(
                    name
                            + ": "
                            + geometry.bytes
                            + " bytes at offset "
                            + offset
                            + " of an arena of "
                            + arena.bytes());
        }
        geometry.write(arena);
        return new Table(name, journal, arena, geometry);
    }

    /**
     * Finds a table where it was laid out, once the journal has recovered.
     *
     * @param bytes that the table has
     * @throws io.coppice.pool.ArenaException where what is there is no table of that size
     */
    public static Table attach(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes) {
        return new Table(name, journal, arena, TableGeometry.read(name, arena, offset, bytes));
    }

    /** Returns how many records there can be. */
    public long capacity() {
        return capacity;
    }

    /** Returns how many bytes the value of a record has. */
    public int valueBytes() {
        return geometry.valueBytes;
    }

    /** Returns how long a key can be in bytes, or 0 where keys are 64-bit numbers. */
    public int keyBytesMax() {
        return geometry.keyBytesMax;
    }

    /** Returns how many records there are, as the transaction under way sees it. */
    public long size() {
        return arena.getLong(geometry.offset + TableLayout.SIZE);
    }

    /** Returns how many records there ever were at once. */
    public long highWater() {
        return arena.getLong(geometry.offset + TableLayout.HIGH_WATER);
    }

    /** Returns the handle of the record of a key, or {@link #NONE}. */
    public long find(final long key) {
        requireKeys(true);
        return index.find(key, KeyHash.tag(key));
    }

    /**
     * Reads 64 bits of the value of a key at once, for less than {@link #find} and {@link #getLong}
     * take together.
     *
     * @param otherwise what to return where the key is not there
     */
    public long longOf(final long key, final int fieldOffset, final long otherwise) {
        requireKeys(true);
        requireField(fieldOffset, Long.BYTES);
        return index.find(key, KeyHash.tag(key)) == NONE
                ? otherwise
                : arena.getLong(index.found() + Long.BYTES + fieldOffset);
    }

    /** Returns the handle of the record of a key, or {@link #NONE}. */
    public long find(final DirectBuffer key, final int keyIndex, final int length) {
        requireKeys(false);
        key.boundsCheck(keyIndex, length);
        return index.find(key, keyIndex, length, KeyHash.tag(key, keyIndex, length));
    }

    /**
     * Inserts a record whose value is all zeroes.
     *
     * @return its handle
     * @throws IllegalStateException where the key is there already, or outside a transaction
     * @throws io.coppice.pool.StructureFullException where no record is free; nothing is changed
     * @throws io.coppice.pool.JournalFullException where the transaction must be rolled back
     */
    public long insert(final long key) {
        requireKeys(true);
        final int tag = KeyHash.tag(key);
        if (index.find(key, tag) != NONE) {
            throw new IllegalStateException(name + ": key " + key + " is there already");
        }
        return insertNew(key, tag);
    }

    /** Does what {@link #insert(long)} does, for a key of bytes, which are copied. */
    public long insert(final DirectBuffer key, final int keyIndex, final int length) {
        requireKey(key, keyIndex, length);
        final int tag = KeyHash.tag(key, keyIndex, length);
        if (index.find(key, keyIndex, length, tag) != NONE) {
            throw new IllegalStateException(
                    name + ": a key of " + length + " bytes is there already");
        }
        return insertNew(key, keyIndex, length, tag);
    }

    /** Returns the handle of the record of a key, which is inserted where it is not there. */
    public long findOrInsert(final long key) {
        requireKeys(true);
        final int tag = KeyHash.tag(key);
        final long found = index.find(key, tag);
        return found == NONE ? insertNew(key, tag) : found;
    }

    /** Does what {@link #findOrInsert(long)} does, for a key of bytes. */
    public long findOrInsert(final DirectBuffer key, final int keyIndex, final int length) {
        requireKey(key, keyIndex, length);
        final int tag = KeyHash.tag(key, keyIndex, length);
        final long found = index.find(key, keyIndex, length, tag);
        return found == NONE ? insertNew(key, keyIndex, length, tag) : found;
    }

    private long insertNew(final long key, final int tag) {
        final long number = allocate();
        arena.putLong(records.seen(number), key);
        index.add(tag, number);
        return number;
    }

    private long insertNew(
            final DirectBuffer key, final int keyIndex, final int length, final int tag) {
        final long number = allocate();
        final long at = records.seen(number);
        arena.putLong(at, length);
        arena.putBytes(at + Long.BYTES, key, keyIndex, length);
        index.add(tag, number);
        return number;
    }

    private long allocate() {
        journal.stamp();
        records.requireFree();
        return records.allocate(index.isShifting());
    }

    /**
     * Removes the record of a key. Until the commit readers in other processes that look for a key
     * that is not there have to wait.
     *
     * @return whether it was there
     * @throws IllegalStateException outside a transaction
     * @throws io.coppice.pool.JournalFullException where the transaction must be rolled back
     */
    public boolean remove(final long key) {
        requireKeys(true);
        journal.stamp();
        final int tag = KeyHash.tag(key);
        return remove(tag, index.find(key, tag));
    }

    /** Does what {@link #remove(long)} does, for a key of bytes. */
    public boolean remove(final DirectBuffer key, final int keyIndex, final int length) {
        requireKeys(false);
        journal.stamp();
        key.boundsCheck(keyIndex, length);
        final int tag = KeyHash.tag(key, keyIndex, length);
        return remove(tag, index.find(key, keyIndex, length, tag));
    }

    private boolean remove(final int tag, final long number) {
        if (number == NONE) {
            return false;
        }
        index.remove(tag, number);
        records.free(number);
        return true;
    }

    /**
     * Returns the next record after a handle, in no order that means anything, or {@link #NONE};
     * begins at {@code NONE}. What is inserted or removed on the way may or may not be met.
     */
    public long next(final long afterHandle) {
        final long fresh = Math.min(capacity, arena.getLong(geometry.offset + TableLayout.FRESH));
        for (long number = Math.max(NONE, afterHandle) + 1; number < fresh; number++) {
            if (records.isUsed(number)) {
                return number;
            }
        }
        return NONE;
    }

    /** Returns the key of a record. */
    public long longKey(final long handle) {
        requireKeys(true);
        return arena.getLong(seen(handle));
    }

    /** Copies the key of a record out and returns its length in bytes. */
    public int key(final long handle, final MutableDirectBuffer into, final int intoIndex) {
        requireKeys(false);
        final long at = seen(handle);
        final int length = (int) Math.max(0, Math.min(geometry.keyBytesMax, arena.getLong(at)));
        records.copyOut(at + Long.BYTES, into, intoIndex, length);
        return length;
    }

    private void requireKey(final DirectBuffer key, final int keyIndex, final int length) {
        requireKeys(false);
        key.boundsCheck(keyIndex, length);
        if (length > geometry.keyBytesMax) {
            throw new IllegalArgumentException(
                    name
                            + ": a key of "
                            + length
                            + " bytes is too long, keys have at most "
                            + geometry.keyBytesMax);
        }
    }

    private void requireKeys(final boolean wanted) {
        if (wanted != longKeys) {
            throw new IllegalArgumentException(
                    name + (longKeys ? ": its keys are numbers" : ": its keys are bytes"));
        }
    }
}
