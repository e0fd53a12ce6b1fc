package io.coppice.ring;

/**
 * The blocks that travel with the messages of a ring, behind its records. They were the daemon's
 * before, and are again in its pool once every reader that counts has used the message.
 *
 * <pre>
 *      0  capacity   how many blocks the pool has; 0 where messages travel in no blocks
 *      8  landed     how many flights are over
 *     16  started    how many flights were begun
 *     24  (free)
 *     32  flights    { block, position behind the message } x capacity; flight n at n modulo capacity
 *         marks      a word per block: 1 while it travels
 * </pre>
 *
 * Ordering. All of this is the writer's own and changes with its transactions, through the journal:
 * the one that sends a message begins the flight and marks the block; a later one, when the gate
 * has passed the message, ends it and releases the block. So a death at any store leaves a block
 * either in flight, with a message that readers see or will never see, or back in the pool. A
 * reader that the gate has not passed finds the block unchanged: its bytes are overwritten only
 * after that release was committed, and so long after {@code gate} was stored (release, then a
 * store-store fence); one that copies a block looks at the gate again afterwards, as it does for a
 * record.
 */
final class FlightsLayout {
    static final int CAPACITY = 0;
    static final int LANDED = 8;
    static final int STARTED = 16;
    static final int FLIGHTS = 32;

    static final int FLIGHT_BLOCK = 0;
    static final int FLIGHT_END = 8;
    static final int FLIGHT_BYTES = 16;

    static {
        if (STARTED + Long.BYTES > FLIGHTS || FLIGHT_END + Long.BYTES != FLIGHT_BYTES) {
            throw new AssertionError("the parts of a flight do not fit together");
        }
    }

    private FlightsLayout() {}

    /** Returns what the flights of a pool of so many blocks take; nothing where there are none. */
    static long bytes(final int capacity) {
        return capacity == 0 ? 0 : marks(capacity) + (long) capacity * Long.BYTES;
    }

    /** Returns where a flight is, counted from 0. */
    static long flight(final long flight, final int capacity) {
        return FLIGHTS + flight % capacity * FLIGHT_BYTES;
    }

    /** Returns where the mark of a block is. */
    static long mark(final int block, final int capacity) {
        return marks(capacity) + (long) block * Long.BYTES;
    }

    private static long marks(final int capacity) {
        return FLIGHTS + (long) capacity * FLIGHT_BYTES;
    }
}
