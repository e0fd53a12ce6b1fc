package io.coppice.daemon;

import io.coppice.pool.Cuts;

/** Counts, and cuts, the stores of one side of a story that two sides tell in turns. */
final class Scalpel {
    /** Cuts nothing. */
    static final long NEVER = Long.MAX_VALUE;

    private final long cutAt;
    private long stores;
    private boolean cut;

    Scalpel(final long cutAt) {
        this.cutAt = cutAt;
    }

    /** Runs a turn of the side that is counted; returns false where it died in it. */
    boolean survives(final Runnable turn) {
        final long left = cutAt - stores;
        Throwable thrown = null;
        Cuts.arm(left);
        try {
            turn.run();
        } catch (final RuntimeException | Error failure) {
            thrown = failure;
        }
        final long made = Cuts.disarm();
        stores += made;
        cut = made > left;
        if (thrown != null && !cut) {
            throw new AssertionError("not killed, yet it failed", thrown);
        }
        return !cut;
    }

    /** Returns how many stores were made, the one that was cut included. */
    long stores() {
        return stores;
    }
}
