package io.coppice.pool.table;

import static io.coppice.pool.table.TableLayout.FREE;
import static io.coppice.pool.table.TableLayout.FRESH;
import static io.coppice.pool.table.TableLayout.HEAD;
import static io.coppice.pool.table.TableLayout.HIGH_WATER;
import static io.coppice.pool.table.TableLayout.MARK;
import static io.coppice.pool.table.TableLayout.SIZE;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The records of a table as one writer sees and changes them. The transaction under way sees the
 * copy it edits, everyone else the one that counts; which it is follows from the head, which no
 * transaction changes before it commits, and from the mark.
 */
final class TableRecords {
    /** Up to here a loop is faster than a call that copies or fills. */
    private static final int LOOP_BYTES_MAX = 256;

    private final String name;
    private final Journal journal;
    private final Memory arena;
    private final TableGeometry geometry;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    TableRecords(
            final String name,
            final Journal journal,
            final Memory arena,
            final TableGeometry geometry) {
        this.name = name;
        this.journal = journal;
        this.arena = arena;
        this.geometry = geometry;
    }

    /** Returns the offset of the copy that this writer sees. */
    long seen(final long number) {
        final long record = geometry.record(number);
        final long copy = TableLayout.copy(arena.getLong(record + HEAD));
        // Outside a transaction the mark is not even looked at: this is the way of every look-up.
        return geometry.copy(
                record,
                journal.isActive() && journal.isOwn(arena.getLong(record + MARK))
                        ? 1 - copy
                        : copy);
    }

    boolean hasKey(final long number, final DirectBuffer key, final int index, final int length) {
        final long at = seen(number);
        return arena.getLong(at) == length
                && KeyHash.same(arena, at + Long.BYTES, key, index, length);
    }

    /** Returns whether this writer sees a record. */
    boolean isUsed(final long number) {
        return number < arena.getLong(geometry.offset + FRESH)
                && arena.getLong(geometry.link(number)) <= 0;
    }

    /**
     * Returns the offset of the copy that the transaction under way edits: of what the record holds
     * for it now, free to be stored to until the next savepoint.
     */
    long edit(final long number) {
        final long record = geometry.record(number);
        final long head = arena.getLong(record + HEAD);
        final long mark = arena.getLong(record + MARK);
        final long copy = TableLayout.copy(head);
        final long other = geometry.copy(record, 1 - copy);
        if (mark != journal.stamp()) {
            if (journal.isOwn(mark)) {
                saveEdited(record, other);
            } else {
                beginEdit(number, record, head, geometry.copy(record, copy), other);
            }
        }
        return other;
    }

    /**
     * The head is deferred before the mark says so: where the journal is too full for it, the
     * record is not half edited, whatever is rolled back then.
     */
    private void beginEdit(
            final long number,
            final long record,
            final long head,
            final long current,
            final long other) {
        if (!TableLayout.isLive(head) || arena.getLong(geometry.link(number)) > 0) {
            throw new IllegalStateException(
                    name + ": record " + number + " is removed, it cannot be changed");
        }
        journal.touch(other, geometry.copyBytes);
        copy(current, other);
        journal.deferLong(record + HEAD, TableLayout.flipped(head));
        mark(record);
    }

    /** What was edited before a savepoint must come back as it was then. */
    private void saveEdited(final long record, final long other) {
        if (journal.savepoints() > 0) {
            journal.save(other, geometry.copyBytes);
        }
        mark(record);
    }

    /** A return to a savepoint drops heads that were deferred after it, so their marks go too. */
    private void mark(final long record) {
        if (journal.savepoints() > 0) {
            journal.putLong(record + MARK, journal.stamp());
        } else {
            arena.putLong(record + MARK, journal.stamp());
        }
    }

    /** Throws where no record is free; nothing is changed then. */
    void requireFree() {
        if (arena.getLong(geometry.offset + FREE) == 0
                && arena.getLong(geometry.offset + FRESH) >= geometry.capacity) {
            throw new StructureFullException(name, "records", geometry.capacity, name);
        }
    }

    /**
     * Takes a free record, zeroes its value and has it live once the transaction stands; the caller
     * writes the key.
     *
     * @param waits whether readers that find its index word have to wait for it
     */
    long allocate(final boolean waits) {
        final long number = take();
        final long record = geometry.record(number);
        final long head = arena.getLong(record + HEAD);
        final long link = waits ? ~TableLayout.flipped(head) : 0;
        if (arena.getLong(geometry.link(number)) != link) {
            journal.putLong(geometry.link(number), link);
        }
        final long other = geometry.copy(record, 1 - TableLayout.copy(head));
        final long mark = arena.getLong(record + MARK);
        final boolean own = journal.isOwn(mark);
        if (!own) {
            journal.touch(other, geometry.copyBytes);
        } else if (mark != journal.stamp() && journal.savepoints() > 0) {
            journal.save(other, geometry.copyBytes);
        }
        clear(other + geometry.keyBytes, geometry.copyBytes - geometry.keyBytes);
        journal.deferLong(record + HEAD, TableLayout.flipped(head));
        mark(record);
        return number;
    }

    /** The list gives back first what was freed last, which may be in a cache. */
    private long take() {
        final long table = geometry.offset;
        final long size = arena.getLong(table + SIZE) + 1;
        journal.putLong(table + SIZE, size);
        if (size > arena.getLong(table + HIGH_WATER)) {
            journal.putLong(table + HIGH_WATER, size);
        }
        final long free = arena.getLong(table + FREE);
        if (free == 0) {
            final long fresh = arena.getLong(table + FRESH);
            journal.putLong(table + FRESH, fresh + 1);
            return fresh;
        }
        final long link = arena.getLong(geometry.link(free - 1));
        journal.putLong(table + FREE, TableLayout.nextFree(link));
        return free - 1;
    }

    /** Gives a record back; it is dead once the transaction stands. */
    void free(final long number) {
        final long table = geometry.offset;
        final long record = geometry.record(number);
        final long head = arena.getLong(record + HEAD);
        journal.putLong(table + SIZE, arena.getLong(table + SIZE) - 1);
        journal.putLong(
                geometry.link(number), TableLayout.freeLink(arena.getLong(table + FREE), head));
        journal.putLong(table + FREE, number + 1);
        journal.deferLong(record + HEAD, TableLayout.dead(head));
    }

    /** Copies bytes of a record out. */
    void copyOut(
            final long offset,
            final MutableDirectBuffer into,
            final int intoIndex,
            final int length) {
        view.wrap(arena.address() + offset, length);
        into.putBytes(intoIndex, view, 0, length);
    }

    private void copy(final long from, final long to) {
        final int length = geometry.copyBytes;
        if (length > LOOP_BYTES_MAX) {
            arena.putBytes(to, arena, from, length);
            return;
        }
        for (int i = 0; i < length; i += Long.BYTES) {
            arena.putLong(to + i, arena.getLong(from + i));
        }
    }

    private void clear(final long from, final int length) {
        if (length > LOOP_BYTES_MAX) {
            arena.fill(from, length, (byte) 0);
            return;
        }
        for (int i = 0; i < length; i += Long.BYTES) {
            arena.putLong(from + i, 0);
        }
    }
}
