package io.coppice.ring;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.block.BlockPool;

/**
 * The blocks that travel with a ring's messages. Layout and ordering: {@link FlightsLayout}. For
 * transactions of the writer; allocates nothing.
 */
final class RingFlights {
    private final Memory arena;
    private final Journal journal;
    private final BlockPool pool;
    private final String ring;
    private final long base;

    RingFlights(
            final Memory arena,
            final Journal journal,
            final BlockPool pool,
            final String ring,
            final long base) {
        this.arena = arena;
        this.journal = journal;
        this.pool = pool;
        this.ring = ring;
        this.base = base;
    }

    int blockBytes() {
        return pool.blockBytes();
    }

    /** Returns where a block begins in the arena. */
    long offset(final int block) {
        return pool.offset(block);
    }

    /** Allocates a block for a message, or returns {@link BlockPool#NONE}. */
    int tryAllocate() {
        return pool.tryAllocate();
    }

    /** Gives a block back that was allocated in the transaction under way. */
    void release(final int block) {
        pool.release(block);
    }

    /** Refuses a block that cannot be sent, before anything is stored. */
    void requireSendable(final int block, final int length) {
        if (length < 0 || length > pool.blockBytes()) {
            throw new IllegalArgumentException(
                    "ring \""
                            + ring
                            + "\": "
                            + length
                            + " bytes of a block that has "
                            + pool.blockBytes());
        }
        if (!pool.willHold(block)) {
            throw new IllegalStateException(
                    "ring \"" + ring + "\": block " + block + " is not this daemon's to send");
        }
        if (arena.getLong(mark(block)) != 0) {
            throw new IllegalStateException(
                    "ring \""
                            + ring
                            + "\": block "
                            + block
                            + " travels already: copy it into another one");
        }
    }

    /** Has a block travel with the message that ends at a position. */
    void begin(final int block, final long end) {
        final long started = arena.getLong(base + FlightsLayout.STARTED);
        final long flight = flight(started);
        journal.putLong(mark(block), 1);
        journal.putLong(flight + FlightsLayout.FLIGHT_BLOCK, block);
        journal.putLong(flight + FlightsLayout.FLIGHT_END, end);
        journal.putLong(base + FlightsLayout.STARTED, started + 1);
    }

    /** Releases the blocks of messages that nobody needs any more, as many as the ledger takes. */
    int land(final long gate) {
        int landed = 0;
        while (oldestEnd() <= gate && pool.roomInLedger() > 0) {
            final long flight = flight(arena.getLong(base + FlightsLayout.LANDED));
            final int block = (int) arena.getLong(flight + FlightsLayout.FLIGHT_BLOCK);
            pool.release(block);
            journal.putLong(mark(block), 0);
            journal.putLong(
                    base + FlightsLayout.LANDED, arena.getLong(base + FlightsLayout.LANDED) + 1);
            landed++;
        }
        return landed;
    }

    /** Returns how many blocks travel. */
    long size() {
        return arena.getLong(base + FlightsLayout.STARTED)
                - arena.getLong(base + FlightsLayout.LANDED);
    }

    /** Returns the position behind the oldest message with a block; far beyond where none is. */
    long oldestEnd() {
        return size() == 0
                ? Long.MAX_VALUE
                : arena.getLong(
                        flight(arena.getLong(base + FlightsLayout.LANDED))
                                + FlightsLayout.FLIGHT_END);
    }

    private long flight(final long number) {
        return base + FlightsLayout.flight(number, pool.capacity());
    }

    private long mark(final int block) {
        return base + FlightsLayout.mark(block, pool.capacity());
    }
}
