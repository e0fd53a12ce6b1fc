package io.coppice.root.loop;

import io.coppice.log.CrashReport;
import io.coppice.pool.board.ExitClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Leaves a small report for each daemon that died and was not meant to. Its log lines are not among
 * what root tells: they lie in the dead daemon's arena, which root does not read, and in its log,
 * which the report's reader finds beside it.
 */
final class DeathNotes {
    private static final String LOG_SUFFIX = ".log";

    private final Path folder;
    private final Path logs;

    DeathNotes(final Path folder, final Path logs) {
        this.folder = folder;
        this.logs = logs;
    }

    /** Returns what keeps the thread dumps of a daemon in the same folder. */
    ThreadDumps threadDumps(final String daemon) {
        return new ThreadDumps(daemon, logs.resolve(daemon + LOG_SUFFIX), folder);
    }

    /** Returns whether the run directory is gone: it must not come back as one of reports alone. */
    static boolean isGone(final Path crashFolder) {
        return !Files.isDirectory(crashFolder.toAbsolutePath().getParent());
    }

    /** Writes a report; where that fails, the death is on the board all the same. */
    void write(
            final String name,
            final long epoch,
            final long pid,
            final ExitClass exit,
            final int status,
            final long startedMs,
            final long diedMs) {
        if (exit == ExitClass.FINISHED || exit == ExitClass.KILLED_BY_ROOT || isGone(folder)) {
            return;
        }
        try {
            new CrashReport(name, epoch, pid, exit.name(), status, startedMs, diedMs, List.of())
                    .writeTo(folder);
        } catch (final IOException | UncheckedIOException refused) {
            System.err.println("root: no report of " + name + ": " + refused.getMessage());
        }
    }
}
