package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Whose a process is, by what root gave it at its start: the mark in its environment, and its
 * command line. Both name the run directory as it was spelled then, which may be by another way to
 * the same folder than now.
 *
 * <p>A living process that is taken for dead has a second writer of its arena beside it, so
 * whatever leaves room for a doubt speaks for it. From any thread; allocates.
 */
final class Identity {
    private static final String MAIN = "io.coppice.daemon.DaemonMain";

    /** Behind the main class: run directory, slot, epoch, pid of root; then what a standby has. */
    private static final int PLACE_ARGUMENTS = 4;

    private Identity() {}

    /**
     * Returns whether a process that lives is surely no process of an incarnation.
     *
     * @param pid whose start time is the one that the board has for the incarnation
     */
    static boolean isAnother(
            final OperatingSystem os,
            final Path runDirectory,
            final long pid,
            final int slot,
            final long epoch) {
        final String mark = os.processTree().variable(pid, Kin.VARIABLE);
        if (mark != null && !mark.isEmpty()) {
            return !place(runDirectory, mark).equals(place(slot, epoch));
        }
        // It has none, or the kernel does not show this process its environment.
        final List<String> command = os.commandLine(pid);
        if (command.isEmpty()) {
            // Between two programs, or nothing is shown at all; but the kernel's own threads, which
            // are of no session, never have a command line.
            final ProcessRecord process = os.processTree().process(pid);
            return process != null && process.session() == 0;
        }
        return !isDaemonOf(runDirectory, command)
                || !argument(command, 2).equals(Integer.toString(slot))
                || !argument(command, 3).equals(Long.toString(epoch));
    }

    /** Returns how a mark names an incarnation, behind the run directory. */
    static String place(final int slot, final long epoch) {
        return slot + "." + epoch;
    }

    /** Returns which incarnation a mark names, "" where it is none of the run directory. */
    static String place(final Path runDirectory, final String mark) {
        final int end = mark.lastIndexOf('#');
        return end > 0 && isFolder(runDirectory, mark.substring(0, end))
                ? mark.substring(end + 1)
                : "";
    }

    /** Returns whether a command line is that of a daemon, or a standby, of a run directory. */
    static boolean isDaemonOf(final Path runDirectory, final List<String> command) {
        return main(command) > 0
                && argument(command, 0).equals(MAIN)
                && isFolder(runDirectory, argument(command, 1));
    }

    private static String argument(final List<String> command, final int behindMain) {
        return command.get(main(command) + behindMain);
    }

    private static int main(final List<String> command) {
        final int end = command.size() - 1;
        final boolean standby = end > 0 && command.get(end).equals(Spawner.STANDBY);
        return end - PLACE_ARGUMENTS - (standby ? 1 : 0);
    }

    /** The name is looked at first: no path is followed that somebody else has made up. */
    private static boolean isFolder(final Path runDirectory, final String spelled) {
        if (spelled.equals(runDirectory.toString())) {
            return true;
        }
        try {
            final Path other = Path.of(spelled);
            return other.endsWith(runDirectory.getFileName())
                    && Files.isSameFile(runDirectory, other);
        } catch (final IOException | InvalidPathException none) {
            return false;
        }
    }
}
