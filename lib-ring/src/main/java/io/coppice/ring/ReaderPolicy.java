package io.coppice.ring;

/** How long the writer of a ring waits for one reader that has no room for the next message. */
public final class ReaderPolicy {
    private static final ReaderPolicy WAITING = new ReaderPolicy(Long.MAX_VALUE);
    private static final ReaderPolicy AT_ONCE = new ReaderPolicy(0);

    private final long patienceNs;

    private ReaderPolicy(final long patienceNs) {
        this.patienceNs = patienceNs;
    }

    /** Waits until the reader goes on, however long that takes. */
    public static ReaderPolicy waiting() {
        return WAITING;
    }

    /**
     * Waits for a time, counted from the first claim that the reader leaves no room for; a claim
     * that finds room ends the count. Then the reader is overtaken.
     *
     * @param patienceNs in nanoseconds, 1 or more
     */
    public static ReaderPolicy droppingAfter(final long patienceNs) {
        if (patienceNs < 1) {
            throw new IllegalArgumentException("a patience of " + patienceNs + " ns: 1 or more");
        }
        return new ReaderPolicy(patienceNs);
    }

    /** Overtakes the reader at once. */
    public static ReaderPolicy droppingAtOnce() {
        return AT_ONCE;
    }

    boolean isWaiting() {
        return patienceNs == Long.MAX_VALUE;
    }

    long patienceNs() {
        return patienceNs;
    }
}
