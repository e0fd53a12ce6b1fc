package io.coppice.pool.table;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A {@link Table} as other processes read it, without locks, over a read-only mapping: each record
 * as some commit left it, never anything of a transaction under way, never half of one that its
 * writer's death cut. What two calls return may be of two commits.
 *
 * <p>A record that is there is read at once, however long a transaction has been under way and also
 * where its writer is dead; it is only read again where commits overtake the copying. That a key is
 * <i>not</i> there cannot be told while a transaction that has removed something is under way (or
 * its writer is dead and not recovered yet): then a call waits, no longer than it was told to.
 *
 * <p>The argument for all this is at {@link Table}. For one thread.
 */
public final class TableReader {
    /** The record is there and was copied. */
    public static final int FOUND = 1;

    /** There is no such record. */
    public static final int ABSENT = 0;

    /** It could not be told in time. */
    public static final int BUSY = -1;

    /** Tries before the clock is read, and tries before the thread is parked between them. */
    private static final int TRIES_BEFORE_CLOCK = 16;

    private static final int TRIES_BEFORE_PARK = 1024;
    private static final long PARK_NS = 20_000;

    private final String name;
    private final Memory arena;
    private final TableGeometry geometry;
    private final long shifts;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer scratch;
    private long longKey;
    private DirectBuffer key;
    private int keyIndex;
    private int keyLength;

    /** Shown every record by {@link #forEach}. */
    @FunctionalInterface
    public interface RecordVisitor {
        /**
         * Called once for each record with a copy of it, which is good until it returns.
         *
         * @param number of the record
         * @param record holds the key and the value
         * @param keyIndex where the key begins: a 64-bit number, or the bytes
         * @param keyLength in bytes
         * @param valueIndex where the value begins
         */
        void onRecord(
                long number, DirectBuffer record, int keyIndex, int keyLength, int valueIndex);
    }

    private TableReader(final String name, final Memory arena, final TableGeometry geometry) {
        this.name = name;
        this.arena = arena;
        this.geometry = geometry;
        this.shifts = geometry.offset + TableLayout.SHIFTS;
        this.scratch = new UnsafeBuffer(new byte[geometry.copyBytes]);
    }

    /**
     * Finds a table.
     *
     * @param name for errors
     * @param arena mapped for reading or for writing
     * @param offset in the arena, a multiple of 64
     * @param bytes that the table has
     * @throws ArenaException where what is there is no table of that size
     */
    public static TableReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        return new TableReader(name, arena, TableGeometry.read(name, arena, offset, bytes));
    }

    /** Returns how many records there can be. */
    public long capacity() {
        return geometry.capacity;
    }

    /** Returns how many records there are about now, uncommitted ones included. */
    public long size() {
        return arena.getLongAcquire(geometry.offset + TableLayout.SIZE);
    }

    /** Returns how many records there ever were at once. */
    public long highWater() {
        return arena.getLongAcquire(geometry.offset + TableLayout.HIGH_WATER);
    }

    /** Returns how many bytes a value has. */
    public int valueBytes() {
        return geometry.valueBytes;
    }

    /** Returns how long a key can be in bytes, or 0 where keys are 64-bit numbers. */
    public int keyBytesMax() {
        return geometry.keyBytesMax;
    }

    /**
     * Copies the value of a key out.
     *
     * @param into has room for {@link #valueBytes} from {@code index} on; where the answer is not
     *     {@link #FOUND} it may hold anything there
     * @param timeoutNs how long to wait for an answer, 0 for a few tries and no waiting
     * @return {@link #FOUND}, {@link #ABSENT} or {@link #BUSY}
     * @throws ArenaException where the table is damaged
     */
    public int read(
            final long key, final MutableDirectBuffer into, final int index, final long timeoutNs) {
        requireKeys(true);
        into.boundsCheck(index, geometry.valueBytes);
        longKey = key;
        return read(KeyHash.tag(key), into, index, timeoutNs);
    }

    /** Does what the other one does, for a key of bytes. */
    public int read(
            final DirectBuffer key,
            final int keyIndex,
            final int keyLength,
            final MutableDirectBuffer into,
            final int index,
            final long timeoutNs) {
        requireKeys(false);
        key.boundsCheck(keyIndex, keyLength);
        into.boundsCheck(index, geometry.valueBytes);
        this.key = key;
        this.keyIndex = keyIndex;
        this.keyLength = keyLength;
        return read(KeyHash.tag(key, keyIndex, keyLength), into, index, timeoutNs);
    }

    private int read(
            final int tag, final MutableDirectBuffer into, final int index, final long timeoutNs) {
        int answer = tryRead(tag, into, index);
        if (answer == BUSY) {
            long deadlineNs = 0;
            for (int tries = 1; answer == BUSY; tries++) {
                if (tries == TRIES_BEFORE_CLOCK) {
                    deadlineNs = System.nanoTime() + Math.max(0, timeoutNs);
                } else if (tries > TRIES_BEFORE_CLOCK && System.nanoTime() - deadlineNs >= 0) {
                    return BUSY;
                }
                pause(tries);
                answer = tryRead(tag, into, index);
            }
        }
        return answer;
    }

    private static void pause(final int tries) {
        if (tries < TRIES_BEFORE_PARK) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PARK_NS);
        }
    }

    private int tryRead(final int tag, final MutableDirectBuffer into, final int index) {
        final long before = arena.getLongAcquire(shifts);
        boolean settled = (before & 1) == 0;
        boolean ended = false;
        long slot = geometry.home(tag);
        for (long left = geometry.slots; left > 0 && !ended; left--) {
            final long word = arena.getLongAcquire(geometry.slot(slot));
            ended = word == 0;
            final long number = TableLayout.number(word);
            if (!ended
                    && TableLayout.tag(word) == tag
                    && number >= 0
                    && number < geometry.capacity) {
                final long record = geometry.record(number);
                final long head = arena.getLongAcquire(record);
                final int answer = tryCopy(number, record, head, into, index);
                if (answer != ABSENT) {
                    return answer;
                }
                settled &= !TableLayout.isAwaited(head, arena.getLong(geometry.link(number)));
            }
            slot = geometry.after(slot);
        }
        // The count must be loaded after all that was loaded on the way.
        VarHandle.loadLoadFence();
        if (!settled || arena.getLong(shifts) != before) {
            return BUSY;
        }
        if (!ended) {
            throw new ArenaException(
                    name
                            + ": damaged: the index at offset "
                            + geometry.index
                            + " has no empty word");
        }
        return ABSENT;
    }

    /** BUSY where the record was committed anew meanwhile. */
    private int tryCopy(
            final long number,
            final long record,
            final long head,
            final MutableDirectBuffer into,
            final int index) {
        if (!TableLayout.isSeen(head, arena.getLong(geometry.link(number)))) {
            return ABSENT;
        }
        final long copy = geometry.copy(record, TableLayout.copy(head));
        final boolean found = hasKey(copy);
        if (found) {
            copyOut(copy + geometry.keyBytes, into, index, geometry.valueBytes);
        }
        VarHandle.loadLoadFence();
        if (arena.getLong(record) != head) {
            return BUSY;
        }
        return found ? FOUND : ABSENT;
    }

    private boolean hasKey(final long copy) {
        if (geometry.hasLongKeys()) {
            return arena.getLong(copy) == longKey;
        }
        return arena.getLong(copy) == keyLength
                && keyLength <= geometry.keyBytesMax
                && KeyHash.same(arena, copy + Long.BYTES, key, keyIndex, keyLength);
    }

    /**
     * Shows every record to a visitor, in no order that means anything. Each is whole; a record
     * that is inserted or removed on the way may or may not be shown.
     *
     * @param timeoutNs how long to try for a record whose commits overtake the copying
     * @return whether all were shown; false where one could not be copied in time
     */
    public boolean forEach(final RecordVisitor visitor, final long timeoutNs) {
        final long fresh =
                Math.min(
                        geometry.capacity,
                        arena.getLongAcquire(geometry.offset + TableLayout.FRESH));
        for (long number = 0; number < fresh; number++) {
            final int answer = readRecord(number, timeoutNs);
            if (answer == BUSY) {
                return false;
            }
            if (answer == FOUND) {
                show(number, visitor);
            }
        }
        return true;
    }

    private void show(final long number, final RecordVisitor visitor) {
        if (geometry.hasLongKeys()) {
            visitor.onRecord(number, scratch, 0, Long.BYTES, geometry.keyBytes);
            return;
        }
        final long length = scratch.getLong(0);
        if (length < 0 || length > geometry.keyBytesMax) {
            throw new ArenaException(
                    name
                            + ": damaged: record "
                            + number
                            + " at offset "
                            + geometry.record(number)
                            + " has a key of "
                            + length
                            + " bytes");
        }
        visitor.onRecord(number, scratch, Long.BYTES, (int) length, geometry.keyBytes);
    }

    private int readRecord(final long number, final long timeoutNs) {
        int answer = tryCopyAll(number);
        long deadlineNs = 0;
        for (int tries = 1; answer == BUSY; tries++) {
            if (tries == TRIES_BEFORE_CLOCK) {
                deadlineNs = System.nanoTime() + Math.max(0, timeoutNs);
            } else if (tries > TRIES_BEFORE_CLOCK && System.nanoTime() - deadlineNs >= 0) {
                return BUSY;
            }
            pause(tries);
            answer = tryCopyAll(number);
        }
        return answer;
    }

    private int tryCopyAll(final long number) {
        final long record = geometry.record(number);
        final long head = arena.getLongAcquire(record);
        final boolean seen = TableLayout.isSeen(head, arena.getLong(geometry.link(number)));
        if (seen) {
            copyOut(geometry.copy(record, TableLayout.copy(head)), scratch, 0, geometry.copyBytes);
        }
        VarHandle.loadLoadFence();
        if (arena.getLong(record) != head) {
            return BUSY;
        }
        return seen ? FOUND : ABSENT;
    }

    private void copyOut(
            final long offset, final MutableDirectBuffer into, final int index, final int length) {
        view.wrap(arena.address() + offset, length);
        into.putBytes(index, view, 0, length);
    }

    private void requireKeys(final boolean wanted) {
        if (wanted != geometry.hasLongKeys()) {
            throw new IllegalArgumentException(
                    name + (wanted ? ": its keys are bytes" : ": its keys are 64-bit numbers"));
        }
    }
}
