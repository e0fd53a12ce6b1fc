package io.coppice.root.loop;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.board.UpgradeWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.TreePlan;

/**
 * The upgrade of one daemon: another plan is tried in a standby, which gets the daemon's place when
 * it is warm, and has proved itself when it is ready. Holds the plan that counts.
 *
 * <p>Ordering. The switch is one store on the board, when the old incarnation is certified dead and
 * before the new one is the daemon on the board. A root that dies before it leaves the old plan,
 * and the new process as a standby with an epoch that the board names as the one on trial; behind
 * it, the new plan and the same standby, which the next root makes the daemon. Where the new
 * incarnation ends before it was ready, the way back is one store too, before anything is started.
 * What {@link io.coppice.pool.board.BoardLayout} says of the words holds for all of them.
 *
 * <p>A daemon whose arena has another generation than when the upgrade began has taken on another
 * shape (a migration is committed, or it is another arena): the old program would refuse it, so
 * there is no way back, unless {@code onCrash} resets the state anyway.
 *
 * <p>For root's thread. Allocates only where an upgrade begins or is adopted.
 */
final class Trial {
    private final int slot;
    private final ArenaKeeper arena;
    private final BoardWriter board;
    private DaemonPlan plan;
    private DaemonPlan before;
    private DaemonPlan tried;
    private UpgradeState state = UpgradeState.NONE;
    private UpgradeState reason = UpgradeState.DIED;
    private long epoch;
    private long beganNs;
    private long timeoutNs;

    Trial(final DaemonPlan plan, final ArenaKeeper arena, final BoardWriter board) {
        this.slot = plan.slot();
        this.plan = plan;
        this.arena = arena;
        this.board = board;
    }

    /** Returns the plan that counts. */
    DaemonPlan plan() {
        return plan;
    }

    /** Returns the plan by which the next standby is started. */
    DaemonPlan standbyPlan() {
        return isBeforeTurn() ? tried : plan;
    }

    /** Begins; the board has room for the plan, and no other upgrade is under way. */
    void begin(final TreePlan whole, final long mostNs, final long nowNs) {
        before = plan;
        tried = whole.daemon(slot);
        epoch = 0;
        beganNs = nowNs;
        timeoutNs = mostNs;
        reason = UpgradeState.DIED;
        state = UpgradeState.WARMING;
        board.beginTrial(
                whole,
                arena.read(ArenaLayout.GENERATION),
                UpgradeWord.of(UpgradeWord.number(board.reader().upgrade()) + 1, slot, state));
        RootStep.TRIAL_STORED.reached();
    }

    /** Goes on with the upgrade of an earlier root, with its time anew. */
    void adopt(final long daemonEpoch, final long standbyEpoch, final long nowNs) {
        final long word = board.reader().upgrade();
        if (!board.reader().isUpgrading() || UpgradeWord.slot(word) != slot) {
            return;
        }
        before = board.reader().planBefore().daemon(slot);
        tried = board.reader().trialPlan().daemon(slot);
        beganNs = nowNs;
        timeoutNs = plan.startTimeoutNs();
        final boolean spawned = board.reader().isOnTrial(slot, standbyEpoch);
        epoch = spawned ? standbyEpoch : 0;
        state = UpgradeWord.state(word);
        if (board.reader().isTrialInForce()) {
            plan = tried;
            state = UpgradeState.OPENING;
            if (arena.read(ArenaLayout.READY) == daemonEpoch) {
                onReady(daemonEpoch);
            }
        }
    }

    boolean isUnderWay() {
        return state.isUnderWay();
    }

    /** Returns whether the new process has not got the daemon's place yet. */
    boolean isBeforeTurn() {
        return state == UpgradeState.WARMING || state == UpgradeState.SWITCHING;
    }

    /** Returns whether an incarnation is the one on trial. */
    boolean isOnTrial(final long incarnation) {
        return isUnderWay() && epoch != 0 && epoch == incarnation;
    }

    boolean isLate(final long nowNs) {
        return state == UpgradeState.WARMING && nowNs - beganNs > timeoutNs;
    }

    /** Leaves a time out of account in which root had no turn. */
    void postpone(final long lostNs) {
        beganNs += lostNs;
    }

    /** Takes note of the epoch of the process that is about to be started. */
    void onSpawn(final long incarnation) {
        if (isBeforeTurn()) {
            epoch = incarnation;
            board.trialEpoch(incarnation);
            RootStep.TRIAL_EPOCH_STORED.reached();
        }
    }

    /** Takes note that the old incarnation was asked to hand over. */
    void onAsked() {
        state = UpgradeState.SWITCHING;
        board.upgrade(UpgradeWord.with(board.reader().upgrade(), state));
    }

    /** Says why the process that is about to end ends. */
    void endFor(final UpgradeState why) {
        reason = why;
    }

    /** The new process has ended before its turn, or is not wanted any more. */
    void onEndBeforeTurn() {
        if (!isUnderWay()) {
            return;
        }
        if (epoch != 0 && isReshaped()) {
            // It had its turn while there was no root.
            plan = tried;
            board.switchToTrial();
            end(UpgradeState.NO_WAY_BACK);
        } else {
            takeBack(reason);
        }
    }

    private boolean isReshaped() {
        return plan.onCrash() != OnCrash.RESET
                && arena.read(ArenaLayout.GENERATION) != board.reader().trialGeneration();
    }

    /** As {@link #onTurn}, where nobody serves: the next incarnation is the one on trial. */
    void onTurnCold(final long incarnation) {
        onSpawn(incarnation);
        onTurn(incarnation);
    }

    /** The switch: an incarnation gets the daemon's place. Nothing where it is not on trial. */
    void onTurn(final long incarnation) {
        if (isOnTrial(incarnation)) {
            plan = tried;
            board.switchToTrial();
            RootStep.PLAN_SWITCHED.reached();
            state = UpgradeState.OPENING;
            board.upgrade(UpgradeWord.with(board.reader().upgrade(), state));
        }
    }

    /** An incarnation is ready: if it was on trial it has proved itself. */
    void onReady(final long incarnation) {
        if (isOpening(incarnation)) {
            end(UpgradeState.DONE);
        }
    }

    /**
     * Returns whether an incarnation is one of the new plan, and has not proved itself yet. Where
     * root died just behind the switch, the next one judges the death of the old incarnation, which
     * says nothing about the new one.
     */
    private boolean isOpening(final long incarnation) {
        return state == UpgradeState.OPENING && incarnation >= board.reader().trialEpoch();
    }

    /**
     * An incarnation has ended and was not ready.
     *
     * @return whether the old plan counts again because of that
     */
    boolean takesBack(final long incarnation) {
        if (!isOpening(incarnation)) {
            return false;
        }
        if (isReshaped()) {
            end(UpgradeState.NO_WAY_BACK);
            return false;
        }
        takeBack(UpgradeState.TAKEN_BACK);
        return true;
    }

    private void takeBack(final UpgradeState how) {
        plan = before;
        board.switchBack();
        RootStep.PLAN_SWITCHED_BACK.reached();
        end(how);
    }

    private void end(final UpgradeState how) {
        state = how;
        epoch = 0;
        board.endTrial(UpgradeWord.with(board.reader().upgrade(), how));
        if (how != UpgradeState.DONE) {
            System.err.println("root: the upgrade of " + plan.name() + " ended: " + how);
        }
    }
}
