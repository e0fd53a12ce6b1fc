package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.ExitClass;

/** What root itself did to the process of one daemon, by which its death is classified. */
final class OwnKills {
    private final int slot;
    private final BoardWriter board;
    private final OperatingSystem os;
    private ExitClass exit = ExitClass.NONE;
    private boolean sent;

    OwnKills(final int slot, final BoardWriter board, final OperatingSystem os) {
        this.slot = slot;
        this.board = board;
        this.os = os;
    }

    /** Another process begins. */
    void begin() {
        exit = ExitClass.NONE;
        sent = false;
    }

    /** Goes on with what an earlier root did. */
    void adopt(final Remains remains) {
        exit = remains.wasKilledOnPurpose() ? ExitClass.KILLED_BY_ROOT : remains.exit();
    }

    /** Kills the process because of an event; nothing where there is none any more. */
    void kill(final DaemonEvent event, final WatchedProcess process) {
        if (exit != ExitClass.KILLED_BY_ROOT) {
            if (event == DaemonEvent.START_TIMED_OUT) {
                exit = ExitClass.START_TIMEOUT;
            } else if (event == DaemonEvent.HEART_STOPPED) {
                exit = ExitClass.WATCHDOG;
            }
        }
        killOnce(process);
    }

    /** Kills the process on purpose, which counts for nothing. */
    void killOnPurpose(final WatchedProcess process) {
        exit = ExitClass.KILLED_BY_ROOT;
        killOnce(process);
    }

    /**
     * A second signal would bring nothing: what is killed dies as soon as the kernel can end it.
     */
    private void killOnce(final WatchedProcess process) {
        if (process != null && !sent) {
            process.kill(os);
            sent = true;
        }
    }

    /** Kills the process as chaos does: on purpose, and without a word to it. */
    void killForChaos(final WatchedProcess process, final long startTime) {
        board.recordKill(process.pid(), startTime);
        board.increment(slot, BoardWord.CHAOS_KILLS);
        killOnPurpose(process);
    }

    /** Returns whether it was killed, and only the kernel's word of its death is waited for. */
    boolean isSent() {
        return sent;
    }

    /** Returns what its death is, NONE where root did not kill it. */
    ExitClass exit() {
        return exit;
    }
}
