package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Death;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.TreePlan;
import java.nio.file.Path;
import java.util.List;

/**
 * What an earlier root left in the run directory. Its daemons may still live; they are killed and
 * certified dead before anything is started, since an arena has one writer. Epochs go on where they
 * were, so that no late word of theirs is taken for a new one.
 */
public final class EarlierTree {
    private static final long CERTIFY_NS = 10_000_000_000L;

    private final Board board;
    private final TreePlan plan;

    private EarlierTree(final Board board) {
        this.board = board;
        this.plan = board == null ? null : board.plan();
    }

    /** Looks at the board of a run directory, which may be missing or damaged. */
    public static EarlierTree find(final Path runDirectory) {
        try {
            return new EarlierTree(Board.open(runDirectory));
        } catch (final RuntimeException none) {
            // Whatever a damaged board makes its reader stumble over.
            return new EarlierTree(null);
        }
    }

    long rootEpoch() {
        return board == null ? 0 : board.rootEpoch();
    }

    /** Returns the last epoch of a daemon, 0 where there was none of the name. */
    long epoch(final String daemon) {
        final DaemonPlan earlier = plan == null ? null : plan.daemon(daemon);
        return earlier == null
                ? 0
                : Math.max(
                        board.word(earlier.slot(), BoardWord.EPOCH),
                        board.word(earlier.slot(), BoardWord.STANDBY_EPOCH));
    }

    /** Returns the last deaths of a daemon, the oldest first; none where there was none. */
    List<Death> deaths(final String daemon) {
        final DaemonPlan earlier = plan == null ? null : plan.daemon(daemon);
        return earlier == null ? List.of() : board.deaths(earlier.slot());
    }

    /**
     * Ends what still lives. A daemon's workers die with it, by their parent-death signal, and are
     * certified by its successor.
     */
    public void end(final OperatingSystem os) {
        if (plan == null) {
            return;
        }
        for (final DaemonPlan daemon : plan.daemons()) {
            // The standby first: it would go on in the place of the other.
            kill(os, daemon, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME);
            kill(os, daemon, BoardWord.PID, BoardWord.START_TIME);
            certify(os, daemon, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME);
            certify(os, daemon, BoardWord.PID, BoardWord.START_TIME);
        }
    }

    private void kill(
            final OperatingSystem os,
            final DaemonPlan daemon,
            final BoardWord pidWord,
            final BoardWord startTimeWord) {
        final long pid = board.word(daemon.slot(), pidWord);
        final long startTime = board.word(daemon.slot(), startTimeWord);
        if (pid > 1 && startTime != 0 && os.startTime(pid) == startTime) {
            os.signal(pid, Signals.KILL);
        }
    }

    private void certify(
            final OperatingSystem os,
            final DaemonPlan daemon,
            final BoardWord pidWord,
            final BoardWord startTimeWord) {
        final long pid = board.word(daemon.slot(), pidWord);
        final long startTime = board.word(daemon.slot(), startTimeWord);
        if (pid > 1 && !os.awaitDeath(pid, startTime, CERTIFY_NS)) {
            throw new IllegalStateException(
                    "daemon "
                            + daemon.name()
                            + " (pid "
                            + pid
                            + ") of an earlier root does not die");
        }
    }
}
