package io.coppice.bench;

/**
 * Look-ups of a number by key, always there, at random among {@value TransferWork#ACCOUNTS}. The
 * numbers are added up, so that none is left out, and the sum is checked in the end.
 */
abstract class GetWork implements StateWork {
    private static final long GETS_SEED = 0x5EED_0004L;

    private final long[] keys = TransferWork.keys();
    private final FixedRandom random = new FixedRandom(GETS_SEED);
    private long gets;
    private long sum;

    /** Returns the number of a key. */
    abstract long get(long key);

    /** Returns what is to be kept for a key; never 0. */
    static long number(final long key) {
        return key | 1;
    }

    @Override
    public final void run(final int operations) {
        long batch = 0;
        for (int done = 0; done < operations; done++) {
            batch += get(keys[random.next(keys.length)]);
        }
        sum += batch;
        gets += operations;
    }

    @Override
    public final void verify() {
        final FixedRandom again = new FixedRandom(GETS_SEED);
        long expected = 0;
        for (long done = 0; done < gets; done++) {
            expected += number(keys[again.next(keys.length)]);
        }
        if (sum != expected) {
            throw new BenchFailure(
                    BenchFailure.BUG, "what was got adds up to " + sum + ", not " + expected);
        }
    }
}
