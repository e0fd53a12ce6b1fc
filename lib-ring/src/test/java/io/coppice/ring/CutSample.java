package io.coppice.ring;

import java.util.Random;

/**
 * Chooses where a recovery is killed that need not be killed everywhere: at its first store, its
 * last one and a seeded part of the others; or everywhere where {@code -Dcoppice.cuts.every=true},
 * as in the nightly profile. The seed is printed; {@code -Dcoppice.cuts.seed=N} repeats it.
 */
final class CutSample {
    private static final boolean EVERY = Boolean.getBoolean("coppice.cuts.every");

    /** One store of so many. */
    private static final int PART = 6;

    private final Random random;

    CutSample() {
        final long seed = Long.getLong("coppice.cuts.seed", System.nanoTime());
        random = new Random(seed);
        System.out.println(
                EVERY
                        ? "cuts: every recovery is killed everywhere"
                        : "cuts: long or second recoveries are killed at a sample, seed " + seed);
    }

    boolean isChosen(final long store, final long stores) {
        return EVERY || store == 0 || store == stores - 1 || random.nextInt(PART) == 0;
    }
}
