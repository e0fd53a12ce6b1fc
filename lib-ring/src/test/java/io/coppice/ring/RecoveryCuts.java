package io.coppice.ring;

/**
 * At which stores of a recovery it is killed. An operation is killed at every store in every build;
 * the recoveries from these deaths are so much alike that an ordinary build kills each at one store
 * in some, beginning with another one behind each death, and the nightly build at every store.
 */
final class RecoveryCuts {
    /** One store in this many; 1 where the property is not set. */
    static final long EVERY = Math.max(1, Long.getLong("coppice.cuts.every", 1));

    private RecoveryCuts() {}

    /** Returns the first store at which the recovery from a death is killed. */
    static long first(final long death) {
        return death % EVERY;
    }

    /** Returns at how many stores the recovery from a death is killed. */
    static long count(final long death, final long stores) {
        return Math.max(0, (stores - first(death) + EVERY - 1) / EVERY);
    }
}
