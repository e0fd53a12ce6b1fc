package io.coppice.bench;

/**
 * Numbers that look random and are the same in every run (xorshift64*), for little more than a
 * nanosecond each: what is measured around them is often not much dearer. For one thread.
 */
final class FixedRandom {
    private static final long MULTIPLIER = 0x2545F4914F6CDD1DL;

    private long state;

    /**
     * Begins a sequence.
     *
     * @param seed not 0
     */
    FixedRandom(final long seed) {
        if (seed == 0) {
            throw new IllegalArgumentException("xorshift never leaves 0");
        }
        state = seed;
    }

    /** Returns the next 64 bits, which are never all zero. */
    long next() {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return state * MULTIPLIER;
    }

    /** Returns a number from 0 to {@code bound - 1}. */
    int next(final int bound) {
        return (int) ((next() >>> Integer.SIZE) * bound >>> Integer.SIZE);
    }
}
