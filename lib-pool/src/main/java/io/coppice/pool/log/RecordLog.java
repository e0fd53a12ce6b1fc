package io.coppice.pool.log;

import static io.coppice.pool.log.RecordLogLayout.ALIGNMENT;
import static io.coppice.pool.log.RecordLogLayout.CAPACITY_BYTES;
import static io.coppice.pool.log.RecordLogLayout.CAPACITY_BYTES_LIMIT;
import static io.coppice.pool.log.RecordLogLayout.HEAD;
import static io.coppice.pool.log.RecordLogLayout.HIGH_WATER;
import static io.coppice.pool.log.RecordLogLayout.NEXT_SEQUENCE;
import static io.coppice.pool.log.RecordLogLayout.RECORD_HEAD_BYTES;
import static io.coppice.pool.log.RecordLogLayout.RECORD_LENGTH;
import static io.coppice.pool.log.RecordLogLayout.RECORD_SEQUENCE;
import static io.coppice.pool.log.RecordLogLayout.RING;
import static io.coppice.pool.log.RecordLogLayout.TAIL;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import java.lang.invoke.VarHandle;
import org.agrona.DirectBuffer;

/**
 * The writer of a log that keeps the newest records and drops the oldest as it needs their room.
 * Other processes read it without a lock ({@link RecordLogReader}).
 *
 * <p>Ordering. An append first moves {@code head} past every record that it will overwrite (release
 * store, then a fence), then writes its bytes beyond the tail, where nothing committed leads; the
 * tail is deferred, so that all records of a transaction appear at its commit. A reader copies a
 * record and then looks at {@code head} again: where a byte was overwritten while it read, the head
 * has passed the record. A death before the commit leaves bytes beyond the tail that nobody reads,
 * and a death in the commit is finished by recovery.
 *
 * <p>The head is not undone, by a rollback, a return to a savepoint or recovery: the bytes of the
 * records that it passed may be overwritten, and readers have been told that they are gone. So an
 * append that does not come to a commit may cost the oldest records, which the next append would
 * have dropped in any case; it never costs more room than it asked for. The head never passes the
 * tail that stands, so a single transaction appends no more than the ring holds.
 *
 * <p>For the thread of the journal, and where several journals write one log, under a lock that is
 * held to the commit. Allocates nothing. An append takes 16 bytes of the journal and some 64 more
 * for all of a transaction.
 */
public final class RecordLog {
    private final String name;
    private final Journal journal;
    private final Memory arena;
    private final long offset;
    private final long capacityBytes;
    private long headNamedAt;

    private RecordLog(
            final String name, final Journal journal, final Memory arena, final long offset) {
        this.name = name;
        this.journal = journal;
        this.arena = arena;
        this.offset = offset;
        this.capacityBytes = arena.getLong(offset + CAPACITY_BYTES);
    }

    /**
     * Returns what a log takes in bytes.
     *
     * @param capacityBytes of the ring, from 64 to {@link RecordLogLayout#CAPACITY_BYTES_LIMIT},
     *     rounded up to a multiple of 64; a record takes its length, padded to 8, and 16 more
     */
    public static long bytes(final long capacityBytes) {
        if (capacityBytes < ALIGNMENT || capacityBytes > CAPACITY_BYTES_LIMIT) {
            throw new IllegalArgumentException(
                    "a ring of "
                            + capacityBytes
                            + " bytes: must be from "
                            + ALIGNMENT
                            + " to "
                            + CAPACITY_BYTES_LIMIT);
        }
        return RING + (capacityBytes + ALIGNMENT - 1 & -ALIGNMENT);
    }

    /**
     * Lays an empty log out in zeroed memory, in the INIT phase.
     *
     * @param name for messages, and the key under "capacities" in the manifest
     */
    public static RecordLog layOut(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long capacityBytes) {
        final long bytes = bytes(capacityBytes);
        arena.putLong(offset + CAPACITY_BYTES, bytes - RING);
        return attach(name, journal, arena, offset, bytes);
    }

    /**
     * Attaches to a log that is laid out; {@link Journal#recover} comes first.
     *
     * @throws ArenaException where what is there is not such a log
     */
    public static RecordLog attach(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes) {
        journal.requireArena(name, arena);
        final String wrong = RecordLogLayout.damage(arena, offset, bytes);
        if (wrong != null) {
            throw new ArenaException(name + ": " + wrong);
        }
        final RecordLog log = new RecordLog(name, journal, arena, offset);
        log.require(log.head(), arena.getLong(offset + TAIL));
        return log;
    }

    /** Returns what a record of a length takes of {@link #capacity}, in bytes. */
    public static long bytesOf(final int length) {
        return RecordLogLayout.recordBytes(length);
    }

    /**
     * Has the first record of a log that nothing committed leads to yet have a number, for a
     * migration; without a transaction.
     *
     * @param number from 0
     * @throws IllegalStateException where there was a record already
     */
    public void beginAt(final long number) {
        if (number < 0 || arena.getLong(offset + TAIL) != 0) {
            throw new IllegalStateException(name + ": cannot begin at record " + number);
        }
        arena.putLong(offset + NEXT_SEQUENCE, number);
    }

    /**
     * Appends a record, to be seen by readers once the transaction stands.
     *
     * @return its number: one more than that of the record before it
     * @throws StructureFullException where this transaction has appended what the ring holds; the
     *     log is unchanged then
     * @throws IllegalStateException outside a transaction
     */
    public long append(final DirectBuffer from, final int index, final int length) {
        from.boundsCheck(index, length);
        final long stamp = journal.stamp();
        final long committed = arena.getLong(offset + TAIL);
        final long tail = journal.deferredLong(offset + TAIL, committed);
        final long recordBytes = RecordLogLayout.recordBytes(length);
        if (tail + recordBytes - committed > capacityBytes) {
            throw new StructureFullException(
                    name, "bytes of records in one transaction", capacityBytes, name);
        }
        final long head = head();
        require(head, committed);
        // A replica has to learn of the head too, though nothing has to be put back.
        if (headNamedAt != stamp) {
            journal.touch(offset + HEAD, Long.BYTES);
            headNamedAt = stamp;
        }
        touch(tail, recordBytes);
        final long sequence = nextSequence();
        journal.deferLong(offset + TAIL, tail + recordBytes);
        journal.deferLong(offset + NEXT_SEQUENCE, sequence + 1);
        final long kept = makeRoom(head, committed, tail + recordBytes);
        final long highWater = journal.deferredLong(offset + HIGH_WATER, highWater());
        if (tail + recordBytes - kept > highWater) {
            journal.deferLong(offset + HIGH_WATER, tail + recordBytes - kept);
        }
        arena.putLong(place(tail + RECORD_LENGTH), length);
        arena.putLong(place(tail + RECORD_SEQUENCE), sequence);
        write(tail + RECORD_HEAD_BYTES, from, index, length);
        return sequence;
    }

    /** Returns the number of the next record, those of the transaction under way counted. */
    public long nextSequence() {
        final long committed = arena.getLong(offset + NEXT_SEQUENCE);
        return journal.isActive()
                ? journal.deferredLong(offset + NEXT_SEQUENCE, committed)
                : committed;
    }

    /** Returns how many records stand and are kept. */
    public long size() {
        final long head = head();
        return head == arena.getLong(offset + TAIL)
                ? 0
                : arena.getLong(offset + NEXT_SEQUENCE)
                        - arena.getLong(place(head + RECORD_SEQUENCE));
    }

    /** Returns the size of the ring in bytes. */
    public long capacity() {
        return capacityBytes;
    }

    /** Returns how many bytes the records take that stand and are kept. */
    public long usedBytes() {
        return arena.getLong(offset + TAIL) - head();
    }

    /** Returns the most bytes that the records ever took. */
    public long highWater() {
        return arena.getLong(offset + HIGH_WATER);
    }

    /** Moves the head until the ring holds what ends at a position; returns where it is then. */
    private long makeRoom(final long head, final long committed, final long end) {
        long kept = head;
        while (end - kept > capacityBytes) {
            final long length = arena.getLong(place(kept + RECORD_LENGTH));
            if (length < 0 || length > committed - kept - RECORD_HEAD_BYTES) {
                throw new ArenaException(
                        name + ": the record at " + place(kept) + " has " + length + " bytes");
            }
            kept += RecordLogLayout.recordBytes(length);
        }
        if (kept != head) {
            arena.putLongRelease(offset + HEAD, kept);
            // A release store does not keep later stores behind it, and readers must see the head
            // move before they can see a byte of what comes.
            VarHandle.storeStoreFence();
        }
        return kept;
    }

    private void touch(final long position, final long length) {
        final long first = Math.min(length, toEnd(position));
        journal.touch(place(position), first);
        if (first < length) {
            journal.touch(offset + RING, length - first);
        }
    }

    private void write(
            final long position, final DirectBuffer from, final int index, final int length) {
        final int first = (int) Math.min(length, toEnd(position));
        arena.putBytes(place(position), from, index, first);
        if (first < length) {
            arena.putBytes(offset + RING, from, index + first, length - first);
        }
    }

    private long toEnd(final long position) {
        return capacityBytes - position % capacityBytes;
    }

    private long place(final long position) {
        return offset + RING + position % capacityBytes;
    }

    private long head() {
        return arena.getLong(offset + HEAD);
    }

    private void require(final long head, final long tail) {
        final String wrong = RecordLogLayout.damage(head, tail, capacityBytes);
        if (wrong != null) {
            throw new ArenaException(name + ": " + wrong);
        }
    }
}
