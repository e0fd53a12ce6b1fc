package io.coppice.pool.log;

import io.coppice.pool.Memory;

/**
 * A record log; all offsets are from its start, which is 64-byte aligned.
 *
 * <pre>
 *      0  capacityBytes  of the ring, a multiple of 64
 *     64  head           position of the oldest record; moved before its bytes are overwritten,
 *                        not undone by a rollback
 *    128  tail           position after the newest record that stands; deferred to the commit
 *    136  nextSequence   number of the record that comes next; deferred to the commit
 *    144  highWater      most bytes the ring ever held; deferred to the commit
 *    192  ring[capacityBytes]
 *
 *  record: 0  lengthBytes
 *          8  sequence   counts from 0, one more for each record
 *         16  bytes, padded to 8
 * </pre>
 *
 * Positions count bytes from the beginning of time and only grow; a position's place in the ring is
 * its remainder. A record that meets the end of the ring goes on at its start. All words lie on
 * multiples of 8, so that none of them is divided.
 */
public final class RecordLogLayout {
    /** The most bytes of a ring. */
    public static final long CAPACITY_BYTES_LIMIT = 1L << 40;

    static final int CAPACITY_BYTES = 0;
    static final int HEAD = 64;
    static final int TAIL = 128;
    static final int NEXT_SEQUENCE = 136;
    static final int HIGH_WATER = 144;
    static final int RING = 192;

    static final int RECORD_LENGTH = 0;
    static final int RECORD_SEQUENCE = 8;
    static final int RECORD_HEAD_BYTES = 16;

    static final int ALIGNMENT = 64;

    /** Bits that no position has: it is a multiple of 8, and so large only in a damaged log. */
    private static final long POSITION_NEVER = Long.BYTES - 1 | -1L << 62;

    static {
        if (HIGH_WATER + Long.BYTES > RING || RING % ALIGNMENT != 0) {
            throw new AssertionError("the head of a log must end before its ring");
        }
    }

    private RecordLogLayout() {}

    /** Returns what a record of a length takes in the ring. */
    static long recordBytes(final long lengthBytes) {
        return RECORD_HEAD_BYTES + (lengthBytes + Long.BYTES - 1 & -Long.BYTES);
    }

    /** Returns what is wrong with the size, or null. */
    static String damage(final Memory arena, final long offset, final long bytes) {
        if (offset < 0 || offset % ALIGNMENT != 0 || bytes < RING + ALIGNMENT) {
            return "a record log of " + bytes + " bytes at offset " + offset;
        }
        if (offset > arena.bytes() - bytes) {
            return "ends at " + (offset + bytes) + " of " + arena.bytes() + " bytes";
        }
        final long capacity = arena.getLong(offset + CAPACITY_BYTES);
        return capacity < ALIGNMENT || capacity > bytes - RING || capacity % ALIGNMENT != 0
                ? "a ring of " + capacity + " bytes in " + bytes
                : null;
    }

    /** Returns what is wrong with the positions, or null. */
    static String damage(final long head, final long tail, final long capacityBytes) {
        return !isPosition(head | tail) || head > tail || tail - head > capacityBytes
                ? "records from " + head + " to " + tail + " in a ring of " + capacityBytes
                : null;
    }

    /** Returns whether a word, or several of them together, can be a position. */
    static boolean isPosition(final long words) {
        return (words & POSITION_NEVER) == 0;
    }
}
