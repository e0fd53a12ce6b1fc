package io.coppice.root.loop;

import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;

/**
 * The deadlines of one daemon: for its start, for its stop, and when it may be started again. All
 * times are monotonic and in nanoseconds. For root's thread. Allocates nothing.
 */
final class Deadlines {
    private final DaemonPlan plan;
    private long spawnedNs;
    private long stopAskedNs;
    private long nextStartNs;

    Deadlines(final DaemonPlan plan) {
        this.plan = plan;
    }

    /** The process was spawned then, or got the daemon's place. */
    void spawned(final long atNs) {
        spawnedNs = atNs;
    }

    /** The process was asked to stop then. */
    void stopAsked(final long atNs) {
        stopAskedNs = atNs;
    }

    /** No process is to be spawned before that. */
    void nextStart(final long atNs) {
        nextStartNs = atNs;
    }

    boolean isStartLate(final long nowNs) {
        return nowNs - spawnedNs > plan.startTimeoutNs();
    }

    boolean isStopLate(final long nowNs) {
        return nowNs - stopAskedNs > plan.stopTimeoutNs();
    }

    boolean mayStart(final long nowNs) {
        return nowNs - nextStartNs >= 0;
    }

    /**
     * Leaves a time out of account in which root had no turn: whatever stopped root has most likely
     * stopped the daemon too. A delay may be over all the same.
     */
    void postpone(final long lostNs) {
        spawnedNs += lostNs;
        stopAskedNs += lostNs;
    }

    /**
     * Returns how long until time brings something in a state, {@code Long.MAX_VALUE} for never.
     */
    long untilNextNs(final DaemonState state, final long nowNs) {
        switch (state) {
            case STARTING:
                return RootLoop.STARTING_WAIT_NS;
            case BACKING_OFF:
                return Math.max(0, nextStartNs - nowNs);
            case STOPPING:
                return Math.max(0, stopAskedNs + plan.stopTimeoutNs() - nowNs);
            default:
                return Long.MAX_VALUE;
        }
    }
}
