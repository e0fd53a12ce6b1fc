package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.RobustMutex;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.RestartPolicy;
import java.util.concurrent.locks.LockSupport;

/**
 * Whose turn it is to store into the arena of a daemon that has a standby: the main thread of one
 * process has a robust mutex there from before its first store to after its last one. Where no
 * standby is declared, or the platform has no such mutex, there is nothing to it; a process that an
 * upgrade tries then waits until root, which has certified the other one dead, names it on the
 * board.
 *
 * <p>Ordering.
 *
 * <ol>
 *   <li>An incarnation that root has started anew takes the mutex before all else. Root has
 *       certified by then that everyone who ever had it is dead.
 *   <li>A standby maps the arena and stores nothing but {@code warm} (release), which is its own,
 *       and the flag of a waiter, by compare-and-set.
 *   <li>Where the mutex becomes its own, the thread that stored is dead, or has given it back. The
 *       kernel's word for it is the certificate; root is not asked. Workers may live, and are
 *       certified as after any death. It then does what any incarnation does, {@code owner} with
 *       its own epoch first.
 *   <li>A kernel that has not given the mutex back (one that lost the list to its out-of-memory
 *       reaper) is made good by root: it stores the standby's epoch as the daemon's once the last
 *       one is certified dead, and a standby that reads its own there seizes the mutex.
 *   <li>An incarnation that is not to be followed says so in {@code lastOfItsLine} (release) while
 *       it still has the mutex; the standby looks there before it stores. A death before that store
 *       is one like any other: the standby goes on.
 * </ol>
 *
 * <p>For the main thread.
 */
final class Succession {
    /** How often a standby looks whether it is still wanted, in nanoseconds. */
    private static final long LOOK_NS = 500_000_000L;

    /** How long it tries before it says that it is warm, in nanoseconds. */
    private static final long FIRST_LOOK_NS = 1_000_000L;

    /** How often it looks for its turn where no kernel tells it, in nanoseconds. */
    private static final long POLL_NS = 200_000L;

    /**
     * How long the turns of a standby's main thread are while it waits, in nanoseconds. Whoever
     * ends the mutex's last owner is busy on a processor for some milliseconds more, giving back
     * its memory, and the standby is often put behind it; a turn shorter than the kernel's usual
     * one, 700,000 at the least, has it let on at once. One shorter than a takeover is over too
     * early: at its end the dying process goes on first.
     */
    private static final long SLICE_NS = 400_000L;

    private final OperatingSystem os;
    private final DaemonPlan plan;
    private final Memory memory;
    private final Board board;
    private final long epoch;

    /** Null where there is nothing to it. */
    private final RobustMutex turn;

    private Succession(
            final OperatingSystem os,
            final DaemonPlan plan,
            final Memory memory,
            final Board board,
            final long epoch,
            final RobustMutex turn) {
        this.os = os;
        this.plan = plan;
        this.memory = memory;
        this.board = board;
        this.epoch = epoch;
        this.turn = turn;
    }

    static Succession of(
            final OperatingSystem os,
            final DaemonPlan plan,
            final Memory memory,
            final Board board,
            final long epoch) {
        final boolean needed =
                plan.standby() > 0
                        && plan.restart().policy() != RestartPolicy.NEVER
                        && RobustMutex.isSupported(os);
        return new Succession(
                os,
                plan,
                memory,
                board,
                epoch,
                needed ? RobustMutex.of(os, memory, ArenaLayout.TURN) : null);
    }

    /**
     * Waits in vain for the turn that this one has itself, then makes it one to take, as where the
     * process before has died with it; for rehearsals in memory of this process alone.
     */
    void bereave() {
        if (turn != null) {
            turn.lock(1);
            turn.abandon();
        }
    }

    /** Begins the turn of an incarnation that root has started anew. */
    void begin() {
        if (turn != null) {
            turn.seize();
        }
    }

    /**
     * Says that this standby is warm, and waits.
     *
     * @return whether it is this one's turn; false where it is not needed any more
     */
    boolean awaitTurn() {
        if (turn == null) {
            memory.putLongRelease(ArenaLayout.WARM, epoch);
            return awaitBoard();
        }
        os.schedulingSlice(SLICE_NS);
        if (!awaitMutex()) {
            return false;
        }
        final long last = OwnerWord.epoch(memory.getLongAcquire(ArenaLayout.OWNER));
        if (memory.getLongAcquire(ArenaLayout.LAST_OF_ITS_LINE) == last || !isWanted()) {
            turn.unlock();
            return false;
        }
        return true;
    }

    private boolean awaitMutex() {
        // Once before it says that it is warm: what a wait needs is loaded then.
        RobustMutex.Turn got = turn.lock(FIRST_LOOK_NS);
        memory.putLongRelease(ArenaLayout.WARM, epoch);
        while (got == RobustMutex.Turn.NONE) {
            if (!isWanted()) {
                return false;
            }
            if (board.word(plan.slot(), BoardWord.EPOCH) == epoch) {
                turn.seize();
                break;
            }
            got = turn.lock(LOOK_NS);
        }
        return true;
    }

    /**
     * Where there is no mutex a process that an upgrade tries waits for root's word, which comes
     * when the one before it is certified dead.
     */
    private boolean awaitBoard() {
        while (board.word(plan.slot(), BoardWord.EPOCH) != epoch) {
            if (!isWanted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }

    /**
     * Ends what is special about a thread that waits, once the incarnation serves. Not before: the
     * scheduler would choose anew, and perhaps the dying process.
     */
    void settle() {
        os.schedulingSlice(0);
    }

    /** Says that no standby may go on after this incarnation. */
    void endLine() {
        if (turn != null) {
            memory.putLongRelease(ArenaLayout.LAST_OF_ITS_LINE, epoch);
        }
    }

    /** Ends this one's turn; nothing is stored after it. */
    void handOver() {
        if (turn != null) {
            turn.unlock();
        }
    }

    private boolean isWanted() {
        // Root makes it the daemon's epoch before it clears the standby's.
        return board.word(plan.slot(), BoardWord.STANDBY_EPOCH) == epoch
                || board.word(plan.slot(), BoardWord.EPOCH) == epoch;
    }
}
