package io.coppice.root.loop;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.RecoveryWord;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.board.SetAside;
import io.coppice.pool.plan.DaemonPlan;

/**
 * Counts the recoveries of one daemon that failed in a row, in root's memory and on the board, and
 * has the arena set aside when they are as many as the manifest allows. A failed recovery is one
 * that says so by its exit code, or a death with the arena's word "I recover". It is not one that
 * root or a full heap ended, since that says nothing against the arena. One that came to its end
 * begins the count anew, whatever the daemon died of later. Allocates only where it sets aside.
 */
final class Recoveries {
    private final DaemonPlan plan;
    private final ArenaKeeper arena;
    private final BoardWriter board;
    private int failed;
    private SetAside last = SetAside.NONE;

    Recoveries(final DaemonPlan plan, final ArenaKeeper arena, final BoardWriter board) {
        this.plan = plan;
        this.arena = arena;
        this.board = board;
        // On a fresh board both are 0; on one that is gone on with the count goes on.
        this.failed = Math.max(0, shown());
        this.last = SetAside.of(board.reader().word(plan.slot(), BoardWord.SET_ASIDE));
    }

    /** Returns whether a daemon that was not ready died of its recovery. */
    boolean hasFailed(final int status, final long epoch) {
        return status == ExitCodes.RECOVERY_FAILED
                || arena.read(ArenaLayout.RECOVERY) == RecoveryWord.begun(epoch);
    }

    /** Takes note that an incarnation became ready. */
    void onReady() {
        failed = 0;
        show();
    }

    /**
     * Takes note of a death, and sets the arena aside where it is time. The count is on the board
     * with the next {@link #show}, which comes when the judgement is there: the next root judges a
     * death again where this one dies before, and must not count it twice. One that dies between
     * the two has counted once too few, which costs a try.
     *
     * @return whether the daemon is to be tried again with the same arena, and so without a charge
     *     to its budget of restarts
     */
    boolean onDeath(final ExitClass exit, final long epoch) {
        if (exit != ExitClass.RECOVERY_FAILED) {
            if (arena.read(ArenaLayout.RECOVERY) == RecoveryWord.done(epoch)) {
                onReady();
            }
            return false;
        }
        // Not from memory: where the judgement throws, this death comes here again.
        failed = shown() + 1;
        final boolean due = plan.restart().recoveryLimit() > 0 && isAtLimit();
        if (due) {
            last = arena.setAside();
            if (last == SetAside.DONE) {
                // A death that is counted again from here on says nothing against the fresh one.
                failed = -1;
                show();
                failed = 0;
            }
        }
        RootStep.RECOVERY_COUNTED.reached();
        return !due && plan.restart().recoveryLimit() > 0;
    }

    /** Returns whether the arena fails every recovery and there is no other. */
    boolean isHopeless() {
        return plan.restart().recoveryLimit() > 0 && isAtLimit();
    }

    private boolean isAtLimit() {
        return failed >= plan.restart().recoveryLimit();
    }

    private int shown() {
        return (int) board.reader().word(plan.slot(), BoardWord.FAILED_RECOVERIES);
    }

    /** Stores the count on the board; after the judgement of what was counted. */
    void show() {
        board.word(plan.slot(), BoardWord.FAILED_RECOVERIES, failed);
        board.word(plan.slot(), BoardWord.SET_ASIDE, last.ordinal());
    }
}
