package io.coppice.daemon;

/**
 * How long a daemon without work looks for some before it sleeps. A look that finds nothing halves
 * the next one, down to an eighth; one that finds something has the whole time come back. For one
 * thread; allocates nothing.
 */
final class IdleSpin {
    private static final int LEAST_PART = 8;

    private final long mostNs;
    private final long leastNs;
    private long spinNs;
    private long sinceNs;
    private boolean isLooking;

    /**
     * Makes one that looks for the whole time at first.
     *
     * @param mostNs of a look, in nanoseconds; 0 for none
     */
    IdleSpin(final long mostNs) {
        this.mostNs = mostNs;
        this.leastNs = mostNs / LEAST_PART;
        this.spinNs = mostNs;
    }

    /** There was work. */
    void onWork() {
        if (isLooking) {
            isLooking = false;
            spinNs = mostNs;
        }
    }

    /** There was none: returns whether to sleep now, after which a new look begins. */
    boolean isOver(final long nowNs) {
        if (!isLooking) {
            isLooking = true;
            sinceNs = nowNs;
        }
        if (nowNs - sinceNs < spinNs) {
            return false;
        }
        isLooking = false;
        spinNs = Math.max(leastNs, spinNs / 2);
        return true;
    }
}
