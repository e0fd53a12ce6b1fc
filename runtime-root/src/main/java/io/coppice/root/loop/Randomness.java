package io.coppice.root.loop;

/**
 * Random numbers that can be told again from their seed and allocate nothing: Steele, Lea and
 * Flood's SplitMix64.
 */
final class Randomness {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    Randomness(final long seed) {
        this.state = seed;
    }

    /** Returns the seed of all numbers to come. */
    long state() {
        return state;
    }

    /** Returns a number from 0 to {@code bound} - 1. */
    int below(final int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** Returns a number from {@code least} to {@code most}. */
    long between(final long least, final long most) {
        return least + Long.remainderUnsigned(next(), most - least + 1);
    }

    private long next() {
        state += GOLDEN_GAMMA;
        long mixed = state;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
