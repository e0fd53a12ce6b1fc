package io.coppice.ring.channel;

import io.coppice.pool.Memory;

/**
 * A ticket by which one end sleeps and the other wakes it; {@link SegmentLayout} has the order of
 * the stores. Each side makes its own of the same word: the sleeper calls {@link #park} and {@link
 * #unpark}, the waker {@link #takeBell}.
 */
final class ParkTicket {
    private final Memory memory;
    private final long offset;
    private long ticket;
    private volatile long rung;

    ParkTicket(final Memory memory, final long offset) {
        this.memory = memory;
        this.offset = offset;
    }

    /** Takes the next odd ticket; look once more before sleeping. */
    void park() {
        ticket = ticket + 1 | 1L;
        memory.putLongVolatile(offset, ticket);
    }

    /** Says that nobody sleeps. */
    void unpark() {
        ticket = ticket + 1 & -2L;
        memory.putLongVolatile(offset, ticket);
    }

    /**
     * Returns whether the other end sleeps and was not rung for it; then it is to be rung. Two
     * threads that ask at once may both be told to, which costs one bell.
     */
    boolean takeBell() {
        final long there = memory.getLongVolatile(offset);
        if ((there & 1) == 0 || there == rung) {
            return false;
        }
        rung = there;
        return true;
    }
}
