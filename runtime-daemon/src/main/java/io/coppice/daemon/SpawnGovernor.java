package io.coppice.daemon;

/**
 * Decides when a pool may start its next worker. Starts that fail in a row are spaced by delays
 * that double; one more than {@link #FAILURES_MAX} and the pool gives up, for root to decide what
 * becomes of the daemon.
 */
final class SpawnGovernor {
    /** How many starts in a row may fail. */
    static final int FAILURES_MAX = TransactionPool.START_FAILURES_MAX;

    private static final long DELAY_MIN_NS = 50_000_000L;

    private final String daemonName;
    private final String poolName;
    private int failures;
    private long nextNs;

    SpawnGovernor(final String daemonName, final String poolName, final long nowNs) {
        this.daemonName = daemonName;
        this.poolName = poolName;
        this.nextNs = nowNs;
    }

    boolean mayStart(final long nowNs) {
        return nowNs - nextNs >= 0;
    }

    /** A worker has come so far as to serve. */
    void succeeded() {
        failures = 0;
    }

    /**
     * A worker could not be started, or died before it was idle.
     *
     * @param why in words, for the operator
     * @param cause may be null
     */
    void failed(final long nowNs, final String why, final Exception cause) {
        failures++;
        if (failures > FAILURES_MAX) {
            throw new PoolException(
                    daemonName
                            + ": "
                            + failures
                            + " workers in a row of pool \""
                            + poolName
                            + "\" could not be started: "
                            + why
                            + "; see their logs",
                    cause);
        }
        nextNs = nowNs + (DELAY_MIN_NS << failures);
    }
}
