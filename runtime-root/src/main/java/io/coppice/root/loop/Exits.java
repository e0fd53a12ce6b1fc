package io.coppice.root.loop;

import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.ExitCodes;

/**
 * Says how the processes of one daemon ended, and writes it down on the board: the last exit, and
 * the history of deaths. For root's thread. Allocates nothing.
 */
final class Exits {
    private final int slot;
    private final BoardWriter board;
    private final Recoveries recoveries;
    private final OutOfMemoryKills outOfMemoryKills;

    Exits(
            final int slot,
            final BoardWriter board,
            final Recoveries recoveries,
            final OutOfMemoryKills outOfMemoryKills) {
        this.slot = slot;
        this.board = board;
        this.recoveries = recoveries;
        this.outOfMemoryKills = outOfMemoryKills;
    }

    /** Lets old kills of the kernel be forgotten. */
    void refresh(final long nowNs) {
        outOfMemoryKills.refresh(nowNs);
    }

    /**
     * Returns how a process ended that root did not kill.
     *
     * @param status exit code, or 128 + signal
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
        if (status == Signals.EXIT_BASE + Signals.KILL && outOfMemoryKills.claim(nowNs)) {
            return ExitClass.OOM_KILLED;
        }
        if (starting) {
            return recoveries.hasFailed(status, epoch)
                    ? ExitClass.RECOVERY_FAILED
                    : ExitClass.START_FAILURE;
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
        board.word(slot, BoardWord.EXIT_STATUS, status);
        board.word(slot, BoardWord.EXIT_MS, nowMs);
        board.word(slot, BoardWord.EXIT_EPOCH, epoch);
        board.word(slot, BoardWord.EXIT_CLASS, exit.ordinal());
        if (death) {
            board.addDeath(slot, nowMs, epoch, exit, status);
        }
    }
}
