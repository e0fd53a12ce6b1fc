package io.coppice.root.loop;

import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.board.QuarantineReason;
import io.coppice.pool.board.RestartHistory;
import io.coppice.pool.plan.DaemonPlan;

/**
 * Says how the processes of one daemon ended and what their deaths mean, each of them once,
 * whichever root carries it out. A death is written down first: the last exit, and the history of
 * deaths, where that of an incarnation comes once. Then it is judged, and the judgement is on the
 * board before anything is done about it. For root's thread. Allocates nothing after it is made,
 * but where a process cannot be started.
 */
final class DeathJudge {
    private final int slot;
    private final BoardWriter board;
    private final RestartHistory history;
    private final RestartBudget budget;
    private final Recoveries recoveries;
    private final OutOfMemoryKills outOfMemoryKills;
    private final SpawnFailures spawnFailures;

    DeathJudge(
            final DaemonPlan plan,
            final BoardWriter board,
            final Recoveries recoveries,
            final OutOfMemoryKills outOfMemoryKills,
            final Randomness randomness) {
        this.slot = plan.slot();
        this.board = board;
        this.history = board.history(slot);
        this.budget = new RestartBudget(plan.restart(), randomness);
        this.recoveries = recoveries;
        this.outOfMemoryKills = outOfMemoryKills;
        this.spawnFailures = new SpawnFailures(plan.name(), plan.command());
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

    /** Lets old kills of the kernel be forgotten. */
    void refresh(final long nowNs) {
        outOfMemoryKills.refresh(nowNs);
    }

    /**
     * Returns how a process ended that root did not kill.
     *
     * @param status exit code, 128 + signal, or {@link AdoptedProcess#STATUS_UNKNOWN}
     * @param starting whether it was never ready
     * @param inOrder whether exit code 0 means that its work is done
     */
    ExitClass classify(
            final int status,
            final long epoch,
            final boolean starting,
            final boolean inOrder,
            final long nowNs) {
        switch (status) {
            case ExitCodes.FINISHED:
                return inOrder ? ExitClass.FINISHED : ExitClass.CODE;
            case ExitCodes.OUT_OF_MEMORY:
                return ExitClass.OUT_OF_MEMORY;
            case ExitCodes.DO_NOT_RESTART:
                return ExitClass.DO_NOT_RESTART;
            default:
                break;
        }
        if (status == AdoptedProcess.STATUS_UNKNOWN && inOrder) {
            return ExitClass.FINISHED;
        }
        if (status == Signals.EXIT_BASE + Signals.KILL && outOfMemoryKills.claim(nowNs)) {
            return ExitClass.OOM_KILLED;
        }
        if (starting) {
            return recoveries.hasFailed(status, epoch)
                    ? ExitClass.RECOVERY_FAILED
                    : ExitClass.START_FAILURE;
        }
        if (status == AdoptedProcess.STATUS_UNKNOWN) {
            return ExitClass.UNKNOWN;
        }
        return Signals.ofExitStatus(status) == 0 ? ExitClass.CODE : ExitClass.SIGNAL;
    }

    /**
     * Stores the last exit.
     *
     * @param death whether it is one for the history: an end that was asked for is none, and of
     *     spawns that fail one after the other only the first is
     */
    void record(
            final ExitClass exit,
            final int status,
            final long epoch,
            final long nowMs,
            final boolean death) {
        if (death) {
            // Before the exit, by whose epoch another root tells that this one was written down.
            board.addDeath(slot, nowMs, epoch, exit, status);
        }
        board.word(slot, BoardWord.EXIT_STATUS, status);
        board.word(slot, BoardWord.EXIT_MS, nowMs);
        board.word(slot, BoardWord.EXIT_CLASS, exit.ordinal());
        board.word(slot, BoardWord.EXIT_EPOCH, epoch);
        RootStep.EXIT_STORED.reached();
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
        recoveries.show();
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
                ? budget.onHopelessRecovery()
                : budget.onDeath(exit, readyForNs, nowNs);
    }

    /** Takes note that the system did not start a process; returns what that means. */
    DaemonEvent onRefusedSpawn(final Throwable refused, final long epoch) {
        final boolean first = !spawnFailures.isFailing();
        record(
                ExitClass.SPAWN_FAILURE,
                spawnFailures.note(refused),
                epoch,
                WallClock.nowMs(),
                first);
        return budget.onFailedSpawn();
    }

    /** Takes note that a process was started. */
    void onSpawned() {
        spawnFailures.end();
        budget.onSpawned();
    }

    /** Returns the delay that the last judgement asks for, in nanoseconds. */
    long delayNs() {
        return budget.delayNs();
    }

    /** Returns why the last {@link DaemonEvent#DIED_FOR_GOOD} was one. */
    QuarantineReason reason() {
        return budget.reason();
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
