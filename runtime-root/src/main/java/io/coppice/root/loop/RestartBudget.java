package io.coppice.root.loop;

import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.QuarantineReason;
import io.coppice.pool.board.RestartHistory;
import io.coppice.pool.board.RestartHistoryLayout;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;

/**
 * Decides what a death means for one daemon: at once the first time, then after delays that double,
 * each shortened at random by up to a quarter so that daemons that died together do not return
 * together; more than {@code limit} restarts within the window is for good. Deaths are forgotten
 * once the daemon has been ready for {@code stableAfter}. A process that the system does not start
 * is no death: it uses up no restart, and is tried again after delays of its own. Allocates nothing
 * after it is made.
 */
final class RestartBudget {
    private static final int JITTER_PART = 4;

    /** Doubling stops here, long before a shift could overflow. */
    private static final int DOUBLINGS_MAX = 30;

    private final RestartPlan plan;
    private final Randomness randomness;
    private final long[] deathsNs;
    private int deaths;
    private int inARow;
    private int failedSpawns;
    private long delayNs;
    private QuarantineReason reason = QuarantineReason.NONE;

    RestartBudget(final RestartPlan plan, final Randomness randomness) {
        this.plan = plan;
        this.randomness = randomness;
        this.deathsNs = new long[plan.limit() + 1];
    }

    /**
     * Takes a death into account.
     *
     * @param exit how the process ended
     * @param readyForNs how long it had been ready, 0 where it never was
     * @param nowNs monotonic
     */
    DaemonEvent onDeath(final ExitClass exit, final long readyForNs, final long nowNs) {
        if (exit == ExitClass.KILLED_BY_ROOT) {
            return DaemonEvent.DIED_RESTART_NOW;
        }
        if (exit == ExitClass.FINISHED && plan.policy() != RestartPolicy.ALWAYS) {
            return DaemonEvent.DIED_FINISHED;
        }
        if (exit == ExitClass.DO_NOT_RESTART) {
            return forGood(QuarantineReason.DO_NOT_RESTART);
        }
        if (plan.policy() == RestartPolicy.NEVER) {
            return forGood(QuarantineReason.POLICY_NEVER);
        }
        if (readyForNs >= plan.stableAfterNs()) {
            forget();
        }
        dropBefore(nowNs - plan.withinNs());
        if (deaths == plan.limit()) {
            return forGood(QuarantineReason.TOO_MANY_DEATHS);
        }
        deathsNs[deaths++] = nowNs;
        return again();
    }

    /**
     * Takes a death into account that uses up no restart, since it has a limit of its own: a failed
     * recovery.
     */
    DaemonEvent onFailedRecovery() {
        return plan.policy() == RestartPolicy.NEVER
                ? forGood(QuarantineReason.POLICY_NEVER)
                : again();
    }

    /** Takes into account that the arena fails every recovery and there is no other. */
    DaemonEvent onHopelessRecovery() {
        return forGood(QuarantineReason.RECOVERY_FAILED);
    }

    /**
     * Takes into account that the system did not start a process. It has to be asked again however
     * often it refuses, since nobody else will, and always after a delay.
     */
    DaemonEvent onFailedSpawn() {
        delayNs = delay(failedSpawns);
        failedSpawns++;
        return DaemonEvent.SPAWN_FAILED;
    }

    /** Takes into account that a process was started. */
    void onSpawned() {
        failedSpawns = 0;
    }

    private DaemonEvent forGood(final QuarantineReason why) {
        reason = why;
        return DaemonEvent.DIED_FOR_GOOD;
    }

    /** Returns why the last {@link DaemonEvent#DIED_FOR_GOOD} was one. */
    QuarantineReason reason() {
        return reason;
    }

    /** Writes what another root would have to know; to be published by the caller. */
    RestartHistory save(final RestartHistory history) {
        history.begin(inARow, deaths, reason.ordinal());
        final int first = Math.max(0, deaths - RestartHistoryLayout.TIMES);
        for (int i = first; i < deaths; i++) {
            history.time(i - first, deathsNs[i]);
        }
        return history;
    }

    /** Goes on where another root has stopped. Nothing that is read here is taken for a size. */
    void restore(final RestartHistory history, final long nowNs) {
        deaths = (int) Math.max(0, Math.min(history.deaths(), plan.limit()));
        inARow = (int) Math.max(0, Math.min(history.inARow(), DOUBLINGS_MAX));
        delayNs = Math.max(0, Math.min(history.delayNs(), plan.backoffMaxNs()));
        reason = QuarantineReason.of(history.reason());
        final int forgotten = Math.max(0, deaths - RestartHistoryLayout.TIMES);
        for (int i = 0; i < deaths; i++) {
            final long timeNs = history.timeNs(Math.max(0, i - forgotten));
            deathsNs[i] = timeNs - nowNs > 0 ? nowNs : timeNs;
        }
    }

    private DaemonEvent again() {
        delayNs = inARow == 0 ? 0 : delay(inARow - 1);
        inARow++;
        return delayNs == 0 ? DaemonEvent.DIED_RESTART_NOW : DaemonEvent.DIED_RESTART_LATER;
    }

    /**
     * Returns the delay that the last {@link DaemonEvent#DIED_RESTART_LATER} or {@link
     * DaemonEvent#SPAWN_FAILED} asks for, in nanoseconds.
     */
    long delayNs() {
        return delayNs;
    }

    void forget() {
        deaths = 0;
        inARow = 0;
    }

    /** Returns {@code backoff} doubled so often, less its random part, in nanoseconds. */
    private long delay(final int doublings) {
        final long least = plan.backoffMinNs();
        final int shift = Math.min(doublings, DOUBLINGS_MAX);
        final long full =
                least > plan.backoffMaxNs() >> shift ? plan.backoffMaxNs() : least << shift;
        return randomness.between(full - full / JITTER_PART, full);
    }

    private void dropBefore(final long oldestNs) {
        int keepFrom = 0;
        while (keepFrom < deaths && deathsNs[keepFrom] - oldestNs < 0) {
            keepFrom++;
        }
        System.arraycopy(deathsNs, keepFrom, deathsNs, 0, deaths - keepFrom);
        deaths -= keepFrom;
    }
}
