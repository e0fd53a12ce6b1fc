package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.WaitPoint;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.FileWindow;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.QuarantineReason;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;

/**
 * One daemon as root sees it: its state, its process, its deadlines. Everything that happens goes
 * through {@link #on}, and there through the table of {@link Supervision}. What the daemon writes
 * in its arena is looked at through a window and never believed further than "it says so".
 */
final class DaemonSlot {
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
    private final Watchdog watchdog;
    private final StandbySlot standby;
    private DaemonState state = DaemonState.WAITING;
    private WatchedProcess process;
    private long epoch;
    private long readyNs;
    private long falls;
    private boolean everReady;
    private boolean startAgain;
    private boolean finished;

    /** Whether the board names the process in full; a store to it may throw on the way. */
    private boolean shown = true;

    /** What a death means whose consequences wait for that of the standby; else null. */
    private DaemonEvent pending;

    private final OwnKills kills;
    private final Deadlines deadlines;

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
            final OutOfMemoryKills outOfMemoryKills,
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
        this.judge = new DeathJudge(plan, board, recoveries, outOfMemoryKills, randomness);
        this.watchdog = new Watchdog(plan, deathNotes.threadDumps(plan.name()), os);
        this.kills = new OwnKills(plan.slot(), board, os);
        this.deadlines = new Deadlines(plan);
        this.standby = new StandbySlot(plan, arena, board, os, waitPoint, spawner);
        // On a fresh board the state is WAITING; on one that is gone on with it is not known yet.
        board.word(plan.slot(), BoardWord.EPOCH, lastEpoch);
    }

    /**
     * Goes on where an earlier root has stopped: with its processes, where they live, and with its
     * deaths. Before the first turn.
     */
    void adopt(final Remains remains, final long nowNs) {
        deadlines.nextStart(judge.restore(epoch, nowNs));
        deadlines.spawned(remains.spawnedNs(nowNs));
        readyNs = remains.readyNs(nowNs);
        finished = remains.isFinished(arena);
        become(remains.state(arena));
        everReady = state == DaemonState.READY || finished;
        falls += remains.isComingBack(arena) ? 1 : 0;
        standby.adopt(epoch, nowNs);
        if (remains.hasProcess()) {
            kills.adopt(remains);
            // Whether it was to start again is not on the board; a tree that stops says so itself.
            startAgain = true;
            deadlines.stopAsked(nowNs);
            process = WatchedProcess.adopt(remains.process(os), waitPoint, plan.name());
            watchdog.begin(arena.read(ArenaLayout.HEARTBEAT));
        }
        if (state != DaemonState.STARTING && state != DaemonState.READY) {
            standby.end(nowNs);
        }
        reap(nowNs);
        RootStep.DAEMON_ADOPTED.reached();
    }

    /** Returns the plan that counts, which an upgrade may have changed. */
    DaemonPlan plan() {
        return standby.trial().plan();
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

    /**
     * Returns how often it died, or was restarted on request: each time those that are started anew
     * with it have to follow. One whose standby goes on did not fall.
     */
    long falls() {
        return falls;
    }

    /** Returns whether it is dead, and what follows waits for the death of its standby. */
    boolean isEnding() {
        return pending != null;
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

    /** Takes note of deaths that the last wait has certified. */
    void reap(final long nowNs) {
        standby.reap(nowNs);
        follow(nowNs);
        if (process != null && process.isGone()) {
            onDeath(nowNs);
        }
    }

    /** Raises the events that time or the daemon's own words bring. */
    void step(final boolean prerequisitesReady, final long nowNs, final long turnNs) {
        judge.refresh(nowNs);
        if (pending != null) {
            return;
        }
        switch (state) {
            case WAITING:
                startWhereReady(prerequisitesReady, nowNs);
                break;
            case STARTING:
                if (!shown) {
                    // Its own turn failed: nobody else knows of it, and it may wait for its pid.
                    kills.killOnPurpose(process);
                } else if (says(ArenaLayout.READY)) {
                    on(DaemonEvent.BECAME_READY, nowNs);
                } else if (deadlines.isStartLate(nowNs)) {
                    on(DaemonEvent.START_TIMED_OUT, nowNs);
                }
                break;
            case READY:
                listen(nowNs, turnNs);
                standby.endLateTrial(nowNs);
                if (prerequisitesReady && state == DaemonState.READY) {
                    standby.step(epoch, nowNs);
                    switchWhereDue(nowNs);
                }
                break;
            case STOPPING:
                if (deadlines.isStopLate(nowNs)) {
                    on(DaemonEvent.STOP_TIMED_OUT, nowNs);
                }
                break;
            case BACKING_OFF:
                if (deadlines.mayStart(nowNs)) {
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
        if (prerequisitesReady && deadlines.mayStart(nowNs)) {
            on(DaemonEvent.PREREQUISITES_READY, nowNs);
        }
    }

    /**
     * Returns how long until time brings the next event, or the daemon's word is to be looked for,
     * in nanoseconds. A death that is waited for wakes root by itself.
     */
    long untilDeadlineNs(final long nowNs) {
        return pending != null || process != null && kills.isSent()
                ? Long.MAX_VALUE
                : deadlines.untilNextNs(state, nowNs);
    }

    /** Leaves a time out of account in which root had no turn; before all else in a turn. */
    void postpone(final long lostNs) {
        deadlines.postpone(lostNs);
        standby.postpone(lostNs);
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
                deadlines.nextStart(nowNs + judge.delayNs());
                board.word(slot(), BoardWord.NEXT_START_MS, WallClock.inMs(judge.delayNs()));
                become(DaemonState.BACKING_OFF);
                break;
            case QUARANTINE:
                board.word(slot(), BoardWord.QUARANTINE, judge.reason().ordinal());
                become(DaemonState.QUARANTINED);
                break;
            case FINISH:
                finished = event == DaemonEvent.DIED_FINISHED;
                become(DaemonState.DONE);
                break;
            case ASK_TO_STOP:
            case ASK_TO_RESTART:
                falls += event == DaemonEvent.RESTART ? 1 : 0;
                askToStop(action == DaemonAction.ASK_TO_RESTART, nowNs);
                break;
            case AFTER_STOP:
                become(startAgain ? DaemonState.WAITING : DaemonState.DONE);
                break;
            case TAKE_OVER:
                takeOver(nowNs);
                break;
            case ASK_TO_HAND_OVER:
                standby.askForTurn(epoch, nowNs);
                bells.ring(slot());
                break;
            case KILL:
                kills.kill(event, process);
                break;
            default:
                break;
        }
        return action != DaemonAction.REFUSE;
    }

    /** Kills the process as chaos does. */
    void killForChaos() {
        kills.killForChaos(process, startTime());
    }

    private void spawn(final long nowNs) {
        epoch = standby.nextEpoch(epoch);
        begin(nowNs);
        board.word(slot(), BoardWord.PID, 0);
        board.word(slot(), BoardWord.EPOCH, epoch);
        RootStep.EPOCH_STORED.reached();
        bells.mend();
        try {
            process = new WatchedProcess(spawner.spawn(this), waitPoint, plan.name());
        } catch (final IOException | RuntimeException | Error refused) {
            // An Error too: "unable to create native thread" is what the JDK makes of EAGAIN for
            // its own reaper. A process that it had started by then finds no pid of its own on the
            // board, and ends.
            on(judge.onRefusedSpawn(refused, epoch), nowNs);
            return;
        }
        // In memory first: where a store to the board throws, the process is still root's.
        state = DaemonState.STARTING;
        RootStep.SPAWNED.reached();
        judge.onSpawned();
        board.word(slot(), BoardWord.START_TIME, os.startTime(process.pid()));
        RootStep.START_TIME_STORED.reached();
        board.word(slot(), BoardWord.PID, process.pid());
        RootStep.PID_STORED.reached();
        become(DaemonState.STARTING);
        shown = true;
        RootStep.STARTING_STORED.reached();
        reap(nowNs);
    }

    private void begin(final long nowNs) {
        kills.begin();
        startAgain = false;
        finished = false;
        shown = false;
        deadlines.spawned(nowNs);
        readyNs = 0;
        board.word(slot(), BoardWord.SPAWN_NS, nowNs);
        board.word(slot(), BoardWord.SPAWNED_MS, WallClock.nowMs());
    }

    /** The standby has the arena by now, or will have it before it stores there. */
    private void takeOver(final long nowNs) {
        // In memory first, as for a spawn.
        epoch = standby.epoch();
        process = standby.promote();
        state = DaemonState.STARTING;
        begin(nowNs);
        // First: whoever finds the new epoch on the board must not find it ready yet.
        become(DaemonState.STARTING);
        standby.on(StandbyEvent.TURN, nowNs);
        shown = true;
        reap(nowNs);
    }

    /** Asks it to hand over; returns false where that makes no sense now. */
    boolean handOver(final long nowNs) {
        return pending == null
                && standby.isWarm()
                && !standby.isHandingOver(epoch)
                && on(DaemonEvent.HANDOVER, nowNs);
    }

    /** Returns its standby, there or not. */
    StandbySlot standby() {
        return standby;
    }

    private void switchWhereDue(final long nowNs) {
        if (standby.isUpgradeDue() && handOver(nowNs)) {
            standby.trial().onAsked();
        }
    }

    private void serve(final long nowNs) {
        readyNs = nowNs;
        standby.trial().onReady(epoch);
        everReady = true;
        recoveries.onReady();
        watchdog.begin(arena.read(ArenaLayout.HEARTBEAT));
        RootStep.READY_SEEN.reached();
        board.word(slot(), BoardWord.READY_NS, nowNs);
        board.word(slot(), BoardWord.READY_MS, WallClock.nowMs());
        become(DaemonState.READY);
        RootStep.READY_STORED.reached();
    }

    private void waitAgain(final DaemonEvent event, final long nowNs) {
        if (event == DaemonEvent.RELEASE || event == DaemonEvent.RESTART) {
            judge.forget(nowNs);
        }
        board.word(slot(), BoardWord.QUARANTINE, QuarantineReason.NONE.ordinal());
        // By the clock of this turn: a later one would put the start off to the next turn.
        deadlines.nextStart(nowNs);
        become(DaemonState.WAITING);
    }

    private void askToStop(final boolean restart, final long nowNs) {
        startAgain = restart;
        deadlines.stopAsked(nowNs);
        standby.end(nowNs);
        board.word(slot(), BoardWord.STOP_EPOCH, epoch);
        RootStep.STOP_STORED.reached();
        become(DaemonState.STOPPING);
        RootStep.STOPPING_STORED.reached();
        bells.ring(slot());
    }

    /** Returns whether a word of the arena names this incarnation. */
    private boolean says(final int word) {
        return arena.read(word) == epoch;
    }

    private void listen(final long nowNs, final long turnNs) {
        if (watchdog.isDue(nowNs)
                && watchdog.listen(
                        arena.read(ArenaLayout.HEARTBEAT), pid(), epoch, turnNs, nowNs)) {
            on(DaemonEvent.HEART_STOPPED, nowNs);
        }
        if (standby.isHandoverLate(epoch, nowNs)) {
            kills.killOnPurpose(process);
        }
    }

    private void onDeath(final long nowNs) {
        if (state == DaemonState.STARTING && says(ArenaLayout.READY)) {
            // It was ready, and dead before root looked again.
            on(DaemonEvent.BECAME_READY, nowNs);
        }
        final int status = process.exitStatus();
        final long pid = process.pid();
        final long deadEpoch = epoch;
        final long startedMs = board.reader().word(slot(), BoardWord.SPAWNED_MS);
        final boolean stopping = state == DaemonState.STOPPING;
        final ExitClass exit = classify(status, nowNs);
        final boolean handedOver =
                !stopping && exit == ExitClass.FINISHED && !says(ArenaLayout.FINISHED);
        final boolean isDeath = !stopping && !handedOver;
        RootStep.DEATH_SEEN.reached();
        judge.record(exit, status, epoch, WallClock.nowMs(), isDeath);
        board.word(slot(), BoardWord.DEATH_NS, nowNs);
        board.word(slot(), BoardWord.PID, 0);
        RootStep.PID_CLEARED.reached();
        spawner.ended(plan, epoch, pid, nowNs);
        watchdog.end();
        DaemonEvent event = DaemonEvent.DIED_FINISHED;
        if (!stopping) {
            final long readyForNs = readyNs == 0 ? 0 : nowNs - readyNs;
            event =
                    handedOver || readyForNs == 0 && standby.trial().takesBack(epoch)
                            ? DaemonEvent.DIED_RESTART_NOW
                            : judge.judge(exit, epoch, readyForNs, nowNs);
        }
        if (event == DaemonEvent.DIED_RESTART_NOW || event == DaemonEvent.DIED_RESTART_LATER) {
            event = standby.mayGoOn() ? DaemonEvent.TAKEN_OVER : event;
        }
        if (event != DaemonEvent.TAKEN_OVER) {
            falls += event == DaemonEvent.DIED_FINISHED ? 0 : 1;
            standby.end(nowNs);
        }
        // Not before it is judged: where that throws, the next turn finds the death again.
        process = null;
        if (event == DaemonEvent.TAKEN_OVER) {
            on(event, nowNs);
        } else {
            // Nothing follows while a standby may still store: its turn has come, or comes.
            pending = event;
            follow(nowNs);
        }
        RootStep.DEATH_ANSWERED.reached();
        // After the respawn: the living come first.
        if (isDeath) {
            deathNotes.write(
                    plan.name(), deadEpoch, pid, exit, status, startedMs, WallClock.nowMs());
        }
    }

    /** Does what a death means once the standby is dead too; again where that throws. */
    private void follow(final long nowNs) {
        if (pending != null && !standby.lives()) {
            on(pending, nowNs);
            pending = null;
        }
    }

    private ExitClass classify(final int status, final long nowNs) {
        return kills.exit() != ExitClass.NONE
                ? kills.exit()
                : judge.classify(
                        status, epoch, state == DaemonState.STARTING, endedInOrder(), nowNs);
    }

    /**
     * Exit code 0 alone is what SIGTERM or a stray exit() leaves too; root's own request, or the
     * daemon's own word that it has finished, makes the difference.
     */
    private boolean endedInOrder() {
        return state == DaemonState.STOPPING
                || standby.isHandingOver(epoch)
                || says(ArenaLayout.FINISHED);
    }

    private void become(final DaemonState next) {
        state = next;
        board.word(slot(), BoardWord.STATE, next.ordinal());
    }
}
