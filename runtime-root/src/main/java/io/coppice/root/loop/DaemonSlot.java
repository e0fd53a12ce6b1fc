package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.os.Signals;
import io.coppice.os.WaitPoint;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.FileWindow;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * One daemon as root sees it: its state, its process, its deadlines. Everything that happens goes
 * through {@link #on}, and there through the table of {@link Supervision}. What the daemon writes
 * in its arena is looked at through a window and never believed further than "it says so".
 */
final class DaemonSlot {
    /**
     * The kernel has said that it is dead; how long the JDK may take to have its status, in
     * nanoseconds.
     */
    private static final long STATUS_NS = 1_000_000_000L;

    /** How long to wait after the system refused to start a process, in nanoseconds. */
    private static final long SPAWN_RETRY_NS = 500_000_000L;

    /** In place of a token where the system had no descriptor left: the JDK is asked instead. */
    private static final int UNWATCHED = -2;

    private final DaemonPlan plan;
    private final ArenaKeeper arena;
    private final Recoveries recoveries;
    private final BoardWriter board;
    private final RootBells bells;
    private final OperatingSystem os;
    private final WaitPoint waitPoint;
    private final Spawner spawner;
    private final DeathNotes deathNotes;
    private final DeathJudge judge;
    private final Heart heart;
    private DaemonState state = DaemonState.WAITING;
    private Process process;
    private int watch = WaitPoint.GONE;
    private long epoch;
    private long spawnedNs;
    private long readyNs;
    private long stopAskedNs;
    private long nextStartNs;
    private boolean everReady;
    private boolean startAgain;
    private boolean finished;
    private boolean killedOnPurpose;
    private ExitClass killedFor = ExitClass.NONE;

    DaemonSlot(
            final DaemonPlan plan,
            final ArenaKeeper arena,
            final long lastEpoch,
            final BoardWriter board,
            final RootBells bells,
            final OperatingSystem os,
            final WaitPoint waitPoint,
            final Spawner spawner,
            final DeathNotes deathNotes,
            final Randomness randomness) {
        this.plan = plan;
        this.arena = arena;
        this.epoch = lastEpoch;
        this.board = board;
        this.bells = bells;
        this.os = os;
        this.waitPoint = waitPoint;
        this.spawner = spawner;
        this.deathNotes = deathNotes;
        this.recoveries = new Recoveries(plan, arena, board);
        this.judge = new DeathJudge(plan, board, recoveries, randomness);
        this.heart = new Heart(plan.dumpAfterNs(), plan.killAfterNs());
        // On a fresh board the state is WAITING; on one that is gone on with it is not known yet.
        board.word(plan.slot(), BoardWord.EPOCH, lastEpoch);
    }

    /**
     * Goes on where an earlier root has stopped: with its process, where one lives, and with its
     * deaths. Before the first turn.
     */
    void adopt(final Remains remains, final long nowNs) {
        nextStartNs = judge.restore(epoch, nowNs);
        spawnedNs = remains.spawnedNs(nowNs);
        readyNs = remains.readyNs(nowNs);
        finished = remains.isFinished(arena);
        become(remains.state(arena));
        everReady = state == DaemonState.READY || finished;
        if (remains.hasProcess()) {
            killedOnPurpose = remains.wasKilledOnPurpose();
            killedFor = remains.exit();
            // Whether it was to start again is not on the board; a tree that stops says so itself.
            startAgain = true;
            stopAskedNs = nowNs;
            process = remains.process(os);
            heart.reset(arena.read(ArenaLayout.HEARTBEAT));
            watchAdopted(nowNs);
        }
        RootStep.DAEMON_ADOPTED.reached();
    }

    /** Looks at the start time once more when the descriptor is open: it is then about this one. */
    private void watchAdopted(final long nowNs) {
        if (process.isAlive()) {
            watch();
            if (watch == UNWATCHED || watch >= 0 && process.isAlive()) {
                return;
            }
            if (watch >= 0) {
                waitPoint.unwatch(watch);
                watch = WaitPoint.GONE;
            }
        }
        onDeath(nowNs);
    }

    DaemonPlan plan() {
        return plan;
    }

    int slot() {
        return plan.slot();
    }

    long epoch() {
        return epoch;
    }

    DaemonState state() {
        return state;
    }

    /** Returns the window on the daemon's arena, for whoever loads it anew. */
    FileWindow arena() {
        return arena.window();
    }

    boolean isEverReady() {
        return everReady;
    }

    /** Returns whether it ended by itself with its work done. */
    boolean isFinished() {
        return finished;
    }

    long pid() {
        return process == null ? 0 : process.pid();
    }

    long startTime() {
        return board.reader().word(slot(), BoardWord.START_TIME);
    }

    /** Takes note of a death that the last wait has certified. */
    void reap(final long nowNs) {
        if (watch >= 0 && waitPoint.died(watch)) {
            waitPoint.unwatch(watch);
            watch = WaitPoint.GONE;
            onDeath(nowNs);
        } else if (watch == UNWATCHED && !process.isAlive()) {
            watch = WaitPoint.GONE;
            onDeath(nowNs);
        }
    }

    /** Raises the events that time or the daemon's own words bring. */
    void step(final boolean prerequisitesReady, final long nowNs, final long turnNs) {
        switch (state) {
            case WAITING:
                startWhereReady(prerequisitesReady, nowNs);
                break;
            case STARTING:
                if (saysReady()) {
                    on(DaemonEvent.BECAME_READY, nowNs);
                } else if (nowNs - spawnedNs > plan.startTimeoutNs()) {
                    on(DaemonEvent.START_TIMED_OUT, nowNs);
                }
                break;
            case READY:
                listen(nowNs, turnNs);
                break;
            case STOPPING:
                if (nowNs - stopAskedNs > plan.stopTimeoutNs()) {
                    on(DaemonEvent.STOP_TIMED_OUT, nowNs);
                }
                break;
            case BACKING_OFF:
                if (nowNs - nextStartNs >= 0) {
                    on(DaemonEvent.DELAY_OVER, nowNs);
                    // In the same turn: the next one may be a whole wait away.
                    startWhereReady(prerequisitesReady, nowNs);
                }
                break;
            default:
                break;
        }
    }

    private void startWhereReady(final boolean prerequisitesReady, final long nowNs) {
        if (prerequisitesReady && nowNs - nextStartNs >= 0) {
            on(DaemonEvent.PREREQUISITES_READY, nowNs);
        }
    }

    /**
     * Returns how long until time brings the next event, in nanoseconds, for a daemon that stops or
     * backs off.
     */
    long untilDeadlineNs(final long nowNs) {
        final long deadlineNs =
                state == DaemonState.BACKING_OFF ? nextStartNs : stopAskedNs + plan.stopTimeoutNs();
        return Math.max(0, deadlineNs - nowNs);
    }

    /** Carries out what the table says; returns false where it refuses. */
    boolean on(final DaemonEvent event, final long nowNs) {
        final DaemonAction action = Supervision.action(state, event);
        switch (action) {
            case SPAWN:
                spawn(nowNs);
                break;
            case SERVE:
                serve(nowNs);
                break;
            case WAIT:
                waitAgain(event, nowNs);
                break;
            case BACK_OFF:
                nextStartNs = nowNs + judge.delayNs();
                board.word(
                        slot(),
                        BoardWord.NEXT_START_MS,
                        System.currentTimeMillis()
                                + TimeUnit.NANOSECONDS.toMillis(judge.delayNs()));
                become(DaemonState.BACKING_OFF);
                break;
            case QUARANTINE:
                become(DaemonState.QUARANTINED);
                break;
            case FINISH:
                finished = event == DaemonEvent.DIED_FINISHED;
                become(DaemonState.DONE);
                break;
            case ASK_TO_STOP:
            case ASK_TO_RESTART:
                askToStop(action == DaemonAction.ASK_TO_RESTART, nowNs);
                break;
            case AFTER_STOP:
                become(startAgain ? DaemonState.WAITING : DaemonState.DONE);
                break;
            case KILL:
                kill(event);
                break;
            default:
                break;
        }
        return action != DaemonAction.REFUSE;
    }

    /** Kills the process as chaos does: on purpose, and without a word to it. */
    void killForChaos() {
        killedOnPurpose = true;
        board.recordKill(pid(), startTime());
        board.increment(slot(), BoardWord.CHAOS_KILLS);
        os.signal(pid(), Signals.KILL);
    }

    private void spawn(final long nowNs) {
        epoch++;
        killedFor = ExitClass.NONE;
        killedOnPurpose = false;
        startAgain = false;
        spawnedNs = nowNs;
        readyNs = 0;
        board.word(slot(), BoardWord.PID, 0);
        board.word(slot(), BoardWord.EPOCH, epoch);
        board.word(slot(), BoardWord.SPAWN_NS, nowNs);
        board.word(slot(), BoardWord.SPAWNED_MS, System.currentTimeMillis());
        RootStep.EPOCH_STORED.reached();
        try {
            process = spawner.spawn(this);
        } catch (final IOException refused) {
            recordExit(ExitClass.SPAWN_FAILURE, 0);
            nextStartNs = nowNs + SPAWN_RETRY_NS;
            become(DaemonState.BACKING_OFF);
            return;
        }
        RootStep.SPAWNED.reached();
        board.word(slot(), BoardWord.START_TIME, os.startTime(process.pid()));
        RootStep.START_TIME_STORED.reached();
        board.word(slot(), BoardWord.PID, process.pid());
        RootStep.PID_STORED.reached();
        become(DaemonState.STARTING);
        RootStep.STARTING_STORED.reached();
        watch();
        if (watch == WaitPoint.GONE) {
            onDeath(nowNs);
        }
    }

    private void watch() {
        try {
            watch = waitPoint.watch(process.pid());
        } catch (final OsException exhausted) {
            watch = UNWATCHED;
            System.err.println(
                    "root: the death of "
                            + plan.name()
                            + " will be noticed later than it could: "
                            + exhausted.getMessage());
        }
    }

    private void serve(final long nowNs) {
        readyNs = nowNs;
        everReady = true;
        recoveries.onReady();
        heart.reset(arena.read(ArenaLayout.HEARTBEAT));
        RootStep.READY_SEEN.reached();
        board.word(slot(), BoardWord.READY_NS, nowNs);
        board.word(slot(), BoardWord.READY_MS, System.currentTimeMillis());
        become(DaemonState.READY);
        RootStep.READY_STORED.reached();
    }

    private void waitAgain(final DaemonEvent event, final long nowNs) {
        if (event == DaemonEvent.RELEASE || event == DaemonEvent.RESTART) {
            judge.forget(nowNs);
        }
        // By the clock of this turn: a later one would put the start off to the next turn.
        nextStartNs = nowNs;
        become(DaemonState.WAITING);
    }

    private void askToStop(final boolean restart, final long nowNs) {
        startAgain = restart;
        stopAskedNs = nowNs;
        board.word(slot(), BoardWord.STOP_EPOCH, epoch);
        RootStep.STOP_STORED.reached();
        become(DaemonState.STOPPING);
        RootStep.STOPPING_STORED.reached();
        bells.ring(slot());
    }

    private void kill(final DaemonEvent event) {
        if (event == DaemonEvent.START_TIMED_OUT) {
            killedFor = ExitClass.START_TIMEOUT;
        } else if (event == DaemonEvent.HEART_STOPPED) {
            killedFor = ExitClass.WATCHDOG;
        }
        os.signal(pid(), Signals.KILL);
    }

    private boolean saysReady() {
        return says(ArenaLayout.READY);
    }

    /** Returns whether a word of the arena names this incarnation. */
    private boolean says(final int word) {
        return arena.read(word) == epoch;
    }

    private void listen(final long nowNs, final long turnNs) {
        heart.listen(arena.read(ArenaLayout.HEARTBEAT), turnNs);
        onHeart(nowNs);
    }

    private void onHeart(final long nowNs) {
        if (heart.isDumpDue()) {
            // A HotSpot JVM answers with the stacks of all its threads, on its stdout, which is its
            // log.
            os.signal(pid(), Signals.QUIT);
        }
        if (heart.isKillDue()) {
            on(DaemonEvent.HEART_STOPPED, nowNs);
        }
    }

    private void onDeath(final long nowNs) {
        if (state == DaemonState.STARTING && saysReady()) {
            // It was ready, and dead before root looked again.
            on(DaemonEvent.BECAME_READY, nowNs);
        }
        final int status = exitStatus();
        final long pid = process.pid();
        final long deadEpoch = epoch;
        final long startedMs = board.reader().word(slot(), BoardWord.SPAWNED_MS);
        final ExitClass exit = classify(status);
        RootStep.DEATH_SEEN.reached();
        recordExit(exit, status);
        RootStep.EXIT_STORED.reached();
        board.word(slot(), BoardWord.DEATH_NS, nowNs);
        board.word(slot(), BoardWord.PID, 0);
        RootStep.PID_CLEARED.reached();
        process = null;
        final boolean stopping = state == DaemonState.STOPPING;
        final long readyForNs = readyNs == 0 ? 0 : nowNs - readyNs;
        on(
                stopping ? DaemonEvent.DIED_FINISHED : judge.judge(exit, epoch, readyForNs, nowNs),
                nowNs);
        RootStep.DEATH_ANSWERED.reached();
        // After the respawn: the living come first.
        if (!stopping) {
            deathNotes.write(
                    plan.name(),
                    deadEpoch,
                    pid,
                    exit,
                    status,
                    startedMs,
                    System.currentTimeMillis());
        }
    }

    private int exitStatus() {
        try {
            if (process.waitFor(STATUS_NS, TimeUnit.NANOSECONDS)) {
                return process.exitValue();
            }
        } catch (final InterruptedException stray) {
            // Nobody interrupts root; the status is what it costs. The mark is not set again: files
            // are closed under a thread that has it.
        }
        return Signals.EXIT_BASE + Signals.KILL;
    }

    private ExitClass classify(final int status) {
        if (killedOnPurpose) {
            return ExitClass.KILLED_BY_ROOT;
        }
        if (killedFor != ExitClass.NONE) {
            return killedFor;
        }
        if (status == AdoptedProcess.STATUS_UNKNOWN && endedInOrder()) {
            return ExitClass.FINISHED;
        }
        switch (status) {
            case ExitCodes.FINISHED:
                return endedInOrder() ? ExitClass.FINISHED : ExitClass.CODE;
            case ExitCodes.OUT_OF_MEMORY:
                return ExitClass.OUT_OF_MEMORY;
            case ExitCodes.DO_NOT_RESTART:
                return ExitClass.DO_NOT_RESTART;
            default:
                break;
        }
        if (state == DaemonState.STARTING) {
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
     * Exit code 0 alone is what SIGTERM or a stray exit() leaves too; root's own request, or the
     * daemon's own word that it has finished, makes the difference.
     */
    private boolean endedInOrder() {
        return state == DaemonState.STOPPING || says(ArenaLayout.FINISHED);
    }

    private void recordExit(final ExitClass exit, final int status) {
        board.word(slot(), BoardWord.EXIT_STATUS, status);
        board.word(slot(), BoardWord.EXIT_MS, System.currentTimeMillis());
        board.word(slot(), BoardWord.EXIT_EPOCH, epoch);
        board.word(slot(), BoardWord.EXIT_CLASS, exit.ordinal());
    }

    private void become(final DaemonState next) {
        state = next;
        board.word(slot(), BoardWord.STATE, next.ordinal());
    }
}
