package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;

/**
 * What the board says of one daemon when another root takes over.
 *
 * <p>Root stores {@code pid} = 0 before the epoch of a new incarnation, and the pid after it; so a
 * pid belongs to the epoch beside it. It stores the state last. So there may be a process in any
 * state but those that follow the judgement of a death, and a death may be on the board and not yet
 * judged: both are found by {@link #hasProcess}. A process that was spawned and not written down
 * waits for its pid in vain; the epoch it waits for is over with the next spawn.
 */
final class Remains {
    private final Board board;
    private final int slot;
    private final boolean stopping;
    private final DaemonState stored;

    /**
     * @param stopping whether the stop of the tree goes on
     */
    Remains(final Board board, final int slot, final boolean stopping) {
        this.board = board;
        this.slot = slot;
        this.stopping = stopping;
        this.stored = board.state(slot);
    }

    /**
     * Returns the last epoch that a daemon has had. Its row knows, once a process was started for
     * it; one that has come back to a tree, or whose board is a fresh one, may have had another row
     * before, and then its arena knows. A root may have died before it stored that in the row.
     */
    static long lastEpoch(final Board board, final int slot, final ArenaKeeper arena) {
        final long ofRow = board.word(slot, BoardWord.EPOCH);
        return board.word(slot, BoardWord.SPAWNED_MS) != 0
                ? ofRow
                : Math.max(ofRow, arena.lastEpoch());
    }

    /** Returns whether there is a process, or one whose death is not judged yet. */
    boolean hasProcess() {
        return pid() != 0
                || stored == DaemonState.STARTING
                || stored == DaemonState.READY
                || stored == DaemonState.STOPPING;
    }

    /** Returns the process, to be watched. */
    AdoptedProcess process(final OperatingSystem os) {
        final boolean told = word(BoardWord.EXIT_EPOCH) == word(BoardWord.EPOCH);
        return new AdoptedProcess(
                os,
                pid(),
                word(BoardWord.START_TIME),
                told ? (int) word(BoardWord.EXIT_STATUS) : AdoptedProcess.STATUS_UNKNOWN);
    }

    /** Returns the state to go on from. */
    DaemonState state(final ArenaKeeper arena) {
        if (hasProcess()) {
            if (word(BoardWord.STOP_EPOCH) == word(BoardWord.EPOCH)) {
                return DaemonState.STOPPING;
            }
            // READY may be what the row said of the one whose standby this is.
            return stored == DaemonState.READY
                            && arena.read(ArenaLayout.READY) == word(BoardWord.EPOCH)
                    ? stored
                    : DaemonState.STARTING;
        }
        return stored == DaemonState.DONE && !stopping && !isFinished(arena)
                ? DaemonState.WAITING
                : stored;
    }

    /**
     * Returns whether it was going down to start again, or was down, when root died: what its group
     * had to follow may not have been done.
     */
    boolean isComingBack(final ArenaKeeper arena) {
        final DaemonState state = state(arena);
        return word(BoardWord.SPAWNED_MS) != 0
                && (state == DaemonState.STOPPING || state == DaemonState.WAITING);
    }

    /** Returns whether it has ended by its own word and is not to be started again. */
    boolean isFinished(final ArenaKeeper arena) {
        return stored == DaemonState.DONE
                && word(BoardWord.EPOCH) != 0
                && arena.read(ArenaLayout.FINISHED) == word(BoardWord.EPOCH);
    }

    /** Returns when the last incarnation was spawned, by the monotonic clock. */
    long spawnedNs(final long nowNs) {
        return past(word(BoardWord.SPAWN_NS), nowNs);
    }

    /** Returns since when it has been ready, by the monotonic clock, 0 where it never was. */
    long readyNs(final long nowNs) {
        // A word of an earlier incarnation stands there until this one is ready.
        return word(BoardWord.READY_NS) - word(BoardWord.SPAWN_NS) < 0
                        || word(BoardWord.READY_NS) == 0
                ? 0
                : past(word(BoardWord.READY_NS), nowNs);
    }

    /** Returns whether an earlier root has killed it on purpose. */
    boolean wasKilledOnPurpose() {
        return pid() != 0 && board.wasKilledByRoot(pid(), word(BoardWord.START_TIME));
    }

    /** Returns how an earlier root has classified its death, NONE where none has. */
    ExitClass exit() {
        // The pid is cleared after the class is stored.
        return pid() == 0 && word(BoardWord.EXIT_EPOCH) == word(BoardWord.EPOCH)
                ? ExitClass.of(word(BoardWord.EXIT_CLASS))
                : ExitClass.NONE;
    }

    private long pid() {
        return word(BoardWord.PID);
    }

    private long word(final BoardWord word) {
        return board.word(slot, word);
    }

    /** A time to come would be one of another boot, or damage. */
    private static long past(final long timeNs, final long nowNs) {
        return timeNs - nowNs > 0 ? nowNs : timeNs;
    }
}
