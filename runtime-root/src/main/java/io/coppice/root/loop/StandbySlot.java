package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.WaitPoint;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;

/**
 * The standby of one daemon as root sees it. Everything that happens goes through {@link #on}, and
 * there through the table of {@link StandbySupervision}. Root starts one while the daemon is ready,
 * and another where that one is used up or has died, after a delay that doubles. It never decides
 * whose turn it is: a standby goes on by the kernel's word alone. Root notices, makes the standby's
 * process that of the daemon on the board, and ends one that is not to go on.
 *
 * <p>Ordering of {@link #takeOver}. The daemon's own words name the new incarnation before the
 * standby's are cleared, so that at each moment one of the two rows of words names each living
 * process: a root that dies in between leaves its successor both, with one epoch, and {@link
 * EarlierTree} ends the promotion.
 *
 * <p>For root's thread. Allocates only where it starts a process.
 */
final class StandbySlot {
    /** Doubling stops here, long before a shift could overflow. */
    private static final int DOUBLINGS_MAX = 30;

    /** More standbys than one daemon has used up: an epoch that is further ahead is damage. */
    private static final long EPOCHS_AHEAD_MAX = 1L << 32;

    private final DaemonPlan plan;
    private final ArenaKeeper arena;
    private final BoardWriter board;
    private final OperatingSystem os;
    private final WaitPoint waitPoint;
    private final Spawner spawner;
    private final boolean declared;
    private final Trial trial;
    private boolean dismissed;
    private StandbyState state = StandbyState.NONE;
    private WatchedProcess process;

    /** Whether it was killed: a second signal would bring nothing. */
    private boolean killed;

    private long handoverAskedNs;
    private long epoch;

    /** The daemon's, when it was last ready. */
    private long servingEpoch;

    private long spawnedNs;
    private long nextSpawnNs;
    private int failuresInARow;

    StandbySlot(
            final DaemonPlan plan,
            final ArenaKeeper arena,
            final BoardWriter board,
            final OperatingSystem os,
            final WaitPoint waitPoint,
            final Spawner spawner) {
        this.plan = plan;
        this.arena = arena;
        this.board = board;
        this.os = os;
        this.waitPoint = waitPoint;
        this.spawner = spawner;
        this.trial = new Trial(plan, arena, board);
        this.declared =
                plan.standby() > 0
                        && plan.restart().policy() != RestartPolicy.NEVER
                        && !"portable".equals(os.name());
    }

    /**
     * Goes on with the standby of an earlier root, where one lives, whether it has the arena by now
     * or not. It has its start timeout anew, and so has a handover that was asked for.
     */
    void adopt(final long daemonEpoch, final long nowNs) {
        spawnedNs = nowNs;
        nextSpawnNs = nowNs;
        handoverAskedNs = nowNs;
        final long stored = word(BoardWord.STANDBY_EPOCH);
        final boolean later = stored > daemonEpoch && stored - daemonEpoch <= EPOCHS_AHEAD_MAX;
        epoch = later ? stored : daemonEpoch;
        trial.adopt(daemonEpoch, stored, nowNs);
        if (!later || word(BoardWord.STANDBY_PID) == 0) {
            clearWords();
            become(StandbyState.NONE);
            return;
        }
        process =
                WatchedProcess.adopt(
                        new AdoptedProcess(
                                os,
                                word(BoardWord.STANDBY_PID),
                                word(BoardWord.STANDBY_START_TIME),
                                AdoptedProcess.STATUS_UNKNOWN),
                        waitPoint,
                        plan.name());
        become(arena.read(ArenaLayout.WARM) == epoch ? StandbyState.WARM : StandbyState.STARTING);
        if (trial.isBeforeTurn() && !trial.isOnTrial(epoch)) {
            // The last root died before it ended the standby of the old plan, which may serve now.
            trial.endFor(UpgradeState.LEFT);
            trial.onEndBeforeTurn();
        }
    }

    /** Returns the epoch of the next process, standby or not. */
    long nextEpoch(final long daemonEpoch) {
        return Math.max(epoch, daemonEpoch) + 1;
    }

    /** Returns whether there is a process whose death is not certified yet. */
    boolean lives() {
        return process != null;
    }

    /** Returns what is known of an upgrade, and the plan that counts. */
    Trial trial() {
        return trial;
    }

    boolean isWarm() {
        return state == StandbyState.WARM && !dismissed;
    }

    /** Returns whether the daemon's place is to be that of a process which an upgrade tries. */
    boolean isUpgradeDue() {
        return isWarm() && trial.isBeforeTurn() && trial.isOnTrial(epoch);
    }

    /**
     * Returns whether the process goes on where the daemon dies now. One that an upgrade tries does
     * so once it is warm; until then the old program is the one to go on.
     */
    boolean mayGoOn() {
        return lives()
                && !dismissed
                && !(trial.isBeforeTurn() && arena.read(ArenaLayout.WARM) != epoch);
    }

    /** Begins an upgrade: the standby of the old plan makes room for one of the new. */
    void upgrade(final TreePlan whole, final long timeoutNs, final long nowNs) {
        trial.begin(whole, timeoutNs, nowNs);
        failuresInARow = 0;
        nextSpawnNs = nowNs;
        if (process != null) {
            dismissed = true;
            on(StandbyEvent.UNWANTED, nowNs);
        }
    }

    /** Leaves a time out of account in which root had no turn, as {@link Deadlines#postpone}. */
    void postpone(final long lostNs) {
        spawnedNs += lostNs;
        handoverAskedNs += lostNs;
        trial.postpone(lostNs);
    }

    /** Takes note of a death that the last wait has certified. */
    void reap(final long nowNs) {
        if (process != null && process.isGone()) {
            on(StandbyEvent.DIED, nowNs);
        }
    }

    /** Carries out what the table says. */
    void on(final StandbyEvent event, final long nowNs) {
        switch (StandbySupervision.action(state, event)) {
            case SPAWN:
                spawn(nowNs);
                break;
            case BACK_OFF:
                clearWords();
                delay(nowNs);
                break;
            case REST:
                become(StandbyState.WARM);
                break;
            case TAKE_OVER:
                takeOver();
                break;
            case FREE:
                become(StandbyState.NONE);
                break;
            case KILL:
                kill();
                break;
            case REPLACE:
                replace(nowNs);
                break;
            default:
                break;
        }
    }

    /**
     * While the daemon is ready: ends an upgrade whose time is over. Whatever else keeps a standby
     * from being started, since no other upgrade and no reload begins before this one has ended.
     */
    void endLateTrial(final long nowNs) {
        if (trial.isLate(nowNs)) {
            end(UpgradeState.LATE, nowNs);
        }
    }

    /**
     * While the daemon is ready: starts a standby where one is missing, and looks whether it is
     * warm.
     */
    void step(final long daemonEpoch, final long nowNs) {
        servingEpoch = daemonEpoch;
        on(StandbyEvent.DAEMON_SERVES, nowNs);
        if (!declared && !trial.isBeforeTurn()) {
            return;
        }
        if (process == null) {
            if (nowNs - nextSpawnNs >= 0) {
                on(StandbyEvent.WANTED, nowNs);
            }
        } else if (state == StandbyState.STARTING) {
            if (arena.read(ArenaLayout.WARM) == epoch) {
                on(StandbyEvent.BECAME_WARM, nowNs);
            } else if (nowNs - spawnedNs > plan.startTimeoutNs() && !trial.isBeforeTurn()) {
                on(StandbyEvent.START_TIMED_OUT, nowNs);
            }
        }
    }

    /**
     * Kills the process, where there is one: it has stored nothing that anyone needs. Its death
     * comes later.
     */
    void end(final long nowNs) {
        end(UpgradeState.LEFT, nowNs);
    }

    /**
     * As {@link #end(long)}.
     *
     * @param why an upgrade that has not had its turn ends with that
     */
    private void end(final UpgradeState why, final long nowNs) {
        if (trial.isBeforeTurn()) {
            trial.endFor(why);
            if (process == null || !trial.isOnTrial(epoch)) {
                trial.onEndBeforeTurn();
            }
        }
        on(StandbyEvent.UNWANTED, nowNs);
    }

    /** Returns the process, which is the daemon's from now on, and forgets it. */
    WatchedProcess promote() {
        final WatchedProcess promoted = process;
        process = null;
        failuresInARow = 0;
        return promoted;
    }

    /** Asks the daemon to hand over. */
    void askForTurn(final long daemonEpoch, final long nowNs) {
        handoverAskedNs = nowNs;
        board.word(plan.slot(), BoardWord.HANDOVER_EPOCH, daemonEpoch);
    }

    boolean isHandingOver(final long daemonEpoch) {
        return board.reader().word(plan.slot(), BoardWord.HANDOVER_EPOCH) == daemonEpoch;
    }

    boolean isHandoverLate(final long daemonEpoch, final long nowNs) {
        return isHandingOver(daemonEpoch) && nowNs - handoverAskedNs > plan.stopTimeoutNs();
    }

    long epoch() {
        return epoch;
    }

    /** Makes the standby's words on the board those of the daemon. */
    private void takeOver() {
        trial.onTurn(epoch);
        board.word(
                plan.slot(),
                BoardWord.START_TIME,
                board.reader().word(plan.slot(), BoardWord.STANDBY_START_TIME));
        board.word(plan.slot(), BoardWord.EPOCH, epoch);
        RootStep.TAKEOVER_EPOCH_STORED.reached();
        board.word(
                plan.slot(),
                BoardWord.PID,
                board.reader().word(plan.slot(), BoardWord.STANDBY_PID));
        RootStep.TAKEOVER_PID_STORED.reached();
        board.increment(plan.slot(), BoardWord.TAKEOVERS);
        // By this the next root knows that it is counted.
        become(StandbyState.TAKING_OVER);
        clearWords();
        RootStep.TAKEOVER_STORED.reached();
    }

    private void spawn(final long nowNs) {
        epoch = nextEpoch(servingEpoch);
        spawnedNs = nowNs;
        board.word(plan.slot(), BoardWord.STANDBY_PID, 0);
        board.word(plan.slot(), BoardWord.STANDBY_EPOCH, epoch);
        trial.onSpawn(epoch);
        RootStep.STANDBY_EPOCH_STORED.reached();
        try {
            process =
                    new WatchedProcess(
                            spawner.spawnStandby(trial.standbyPlan(), epoch),
                            waitPoint,
                            plan.name());
        } catch (final IOException | RuntimeException | Error refused) {
            // An Error too, as for the daemon itself.
            tellOnce("cannot be started: " + refused);
            on(StandbyEvent.SPAWN_FAILED, nowNs);
            return;
        }
        killed = false;
        RootStep.STANDBY_SPAWNED.reached();
        board.word(plan.slot(), BoardWord.STANDBY_START_TIME, os.startTime(process.pid()));
        board.word(plan.slot(), BoardWord.STANDBY_PID, process.pid());
        RootStep.STANDBY_PID_STORED.reached();
        become(StandbyState.STARTING);
    }

    private void kill() {
        if (process == null) {
            // A takeover that was cut before its stores: the process is the daemon's.
            become(StandbyState.NONE);
        } else if (!killed) {
            process.kill(os);
            killed = true;
        }
    }

    private void replace(final long nowNs) {
        spawner.ended(plan, epoch, process.pid(), nowNs);
        process = null;
        if (dismissed || trial.isOnTrial(epoch)) {
            // No standby of the daemon's own has failed: the next one comes at once.
            if (!dismissed) {
                trial.onEndBeforeTurn();
            }
            dismissed = false;
            nextSpawnNs = nowNs;
            clearWords();
            become(StandbyState.NONE);
            return;
        }
        if (state == StandbyState.WARM && nowNs - spawnedNs > plan.restart().stableAfterNs()) {
            failuresInARow = 0;
        }
        tellOnce("ended before it was its turn; see the daemon's log");
        board.increment(plan.slot(), BoardWord.STANDBY_DEATHS);
        clearWords();
        become(StandbyState.NONE);
        delay(nowNs);
    }

    private void delay(final long nowNs) {
        final long least = plan.restart().backoffMinNs();
        final long most = plan.restart().backoffMaxNs();
        final int shift = Math.min(failuresInARow, DOUBLINGS_MAX);
        nextSpawnNs = nowNs + (least > most >> shift ? most : least << shift);
        failuresInARow++;
    }

    private void tellOnce(final String what) {
        if (failuresInARow == 0) {
            System.err.println("root: the standby of " + plan.name() + " " + what);
        }
    }

    private long word(final BoardWord word) {
        return board.reader().word(plan.slot(), word);
    }

    private void clearWords() {
        board.word(plan.slot(), BoardWord.STANDBY_PID, 0);
        board.word(plan.slot(), BoardWord.STANDBY_START_TIME, 0);
    }

    private void become(final StandbyState next) {
        state = next;
        board.word(plan.slot(), BoardWord.STANDBY_STATE, next.ordinal());
    }
}
