package io.coppice.root.loop;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.RestartHistory;
import io.coppice.pool.plan.DaemonPlan;

/**
 * Says what the deaths of one daemon mean, each of them once, whichever root carries it out: the
 * judgement is on the board before anything is done about it. Allocates nothing after it is made.
 */
final class DeathJudge {
    private final int slot;
    private final BoardWriter board;
    private final RestartHistory history;
    private final RestartBudget budget;
    private final Recoveries recoveries;

    DeathJudge(
            final DaemonPlan plan,
            final BoardWriter board,
            final Recoveries recoveries,
            final Randomness randomness) {
        this.slot = plan.slot();
        this.board = board;
        this.history = board.history(slot);
        this.budget = new RestartBudget(plan.restart(), randomness);
        this.recoveries = recoveries;
    }

    /**
     * Goes on where an earlier root has stopped.
     *
     * @return when the daemon may be started again, by the monotonic clock
     */
    long restore(final long epoch, final long nowNs) {
        budget.restore(history, nowNs);
        return history.epoch() == epoch && history.judgedNs() - nowNs <= 0
                ? history.judgedNs() + budget.delayNs()
                : nowNs;
    }

    /**
     * Judges a death, or finds the judgement of an earlier root.
     *
     * @param epoch of who died
     * @param readyForNs how long it had been ready, 0 where it never was
     */
    DaemonEvent judge(
            final ExitClass exit, final long epoch, final long readyForNs, final long nowNs) {
        DaemonEvent event = DaemonEvent.ofDeath(history.event());
        if (history.epoch() != epoch || event == null) {
            event = meaning(exit, epoch, readyForNs, nowNs);
            final boolean again =
                    event == DaemonEvent.DIED_RESTART_NOW
                            || event == DaemonEvent.DIED_RESTART_LATER;
            budget.save(history)
                    .publish(
                            epoch,
                            event.ordinal(),
                            nowNs,
                            budget.delayNs(),
                            restarts() + (again ? 1 : 0));
            RootStep.DEATH_JUDGED.reached();
        }
        board.word(slot, BoardWord.RESTARTS, history.restarts());
        RootStep.RESTARTS_STORED.reached();
        return event;
    }

    private DaemonEvent meaning(
            final ExitClass exit, final long epoch, final long readyForNs, final long nowNs) {
        if (recoveries.onDeath(exit, epoch)) {
            return budget.onFailedRecovery();
        }
        return exit == ExitClass.RECOVERY_FAILED && recoveries.isHopeless()
                ? DaemonEvent.DIED_FOR_GOOD
                : budget.onDeath(exit, readyForNs, nowNs);
    }

    /** Returns the delay that the last judgement asks for, in nanoseconds. */
    long delayNs() {
        return budget.delayNs();
    }

    /** Forgets all deaths. */
    void forget(final long nowNs) {
        budget.forget();
        budget.save(history).publish(0, 0, nowNs, 0, restarts());
    }

    private long restarts() {
        return board.reader().word(slot, BoardWord.RESTARTS);
    }
}
