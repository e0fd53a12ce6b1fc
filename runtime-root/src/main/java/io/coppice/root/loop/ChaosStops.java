package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardLayout;
import io.coppice.pool.board.BoardWriter;

/**
 * Processes that chaos has stopped, until their time is up. They stand on the board from before
 * SIGSTOP until after SIGCONT, so that they are not stopped for ever where root dies in between:
 * the next root lets them go before it does anything else with them. For root's thread.
 */
final class ChaosStops {
    private final BoardWriter board;
    private final Board reader;
    private final OperatingSystem os;
    private int count;

    ChaosStops(final BoardWriter board, final OperatingSystem os) {
        this.board = board;
        this.reader = board.reader();
        this.os = os;
        for (int line = 0; line < BoardLayout.STOPPED; line++) {
            count += reader.stoppedPid(line) == 0 ? 0 : 1;
        }
        letAllGo();
    }

    /** Lets go whatever an earlier root has stopped and not let go. */
    static void letGoOf(final Board earlier, final OperatingSystem os) {
        for (int line = 0; line < BoardLayout.STOPPED; line++) {
            letGo(earlier, os, line);
        }
    }

    /**
     * Stops a process that is not stopped already.
     *
     * @return false where it is, or is gone, or too many are
     */
    boolean stop(final long pid, final long startTime, final long untilNs) {
        int free = -1;
        for (int line = 0; line < BoardLayout.STOPPED; line++) {
            final long stopped = reader.stoppedPid(line);
            if (stopped == pid) {
                return false;
            }
            free = stopped == 0 ? line : free;
        }
        if (free < 0) {
            return false;
        }
        board.recordStop(free, pid, startTime, untilNs);
        count++;
        return os.signal(pid, Signals.STOP);
    }

    /** Lets go those whose time is up; costs nothing while nobody is stopped. */
    void step(final long nowNs) {
        for (int line = 0; count > 0 && line < BoardLayout.STOPPED; line++) {
            if (reader.stoppedPid(line) != 0 && nowNs - reader.stoppedUntilNs(line) >= 0) {
                letGo(line);
            }
        }
    }

    void letAllGo() {
        for (int line = 0; count > 0 && line < BoardLayout.STOPPED; line++) {
            if (reader.stoppedPid(line) != 0) {
                letGo(line);
            }
        }
    }

    /**
     * Returns how long until the next one is let go, in nanoseconds; for ever where there is none.
     */
    long untilNextNs(final long nowNs) {
        long untilNs = Long.MAX_VALUE;
        for (int line = 0; count > 0 && line < BoardLayout.STOPPED; line++) {
            if (reader.stoppedPid(line) != 0) {
                untilNs = Math.min(untilNs, Math.max(0, reader.stoppedUntilNs(line) - nowNs));
            }
        }
        return untilNs;
    }

    private void letGo(final int line) {
        letGo(reader, os, line);
        board.clearStop(line);
        count--;
    }

    /** The pid may be another process's by now. */
    private static void letGo(final Board board, final OperatingSystem os, final int line) {
        final long pid = board.stoppedPid(line);
        if (pid > 1 && os.startTime(pid) == board.stoppedStartTime(line)) {
            os.signal(pid, Signals.CONT);
        }
    }
}
