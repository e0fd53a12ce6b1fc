package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.nio.file.Path;
import java.util.List;

/**
 * Processes of daemons that no board names: their root died between the spawn and the store of the
 * pid, or the board is gone. They are found by the command line that root gave them, which the
 * kernel keeps.
 */
final class Strays {
    private static final String MAIN = "io.coppice.daemon.DaemonMain";
    private static final long CERTIFY_NS = 10_000_000_000L;

    /** Behind the main class: run directory, slot, epoch, pid of root; then what a standby has. */
    private static final int PLACE_ARGUMENTS = 4;

    private Strays() {}

    /**
     * Kills the daemons of a run directory and waits for the kernel's word that they are dead.
     *
     * @param spared pids that are known to belong to it
     */
    static void end(final OperatingSystem os, final Path runDirectory, final List<Long> spared) {
        ProcessHandle.allProcesses()
                .forEach(
                        process -> {
                            if (!spared.contains(process.pid())) {
                                endWhereStray(os, runDirectory, process.pid());
                            }
                        });
    }

    private static void endWhereStray(
            final OperatingSystem os, final Path runDirectory, final long pid) {
        final long startTime = os.startTime(pid);
        if (startTime == 0 || !isDaemonOf(runDirectory, os.commandLine(pid))) {
            return;
        }
        // The kernel's word for it that the command line was that of this process and no other.
        if (os.startTime(pid) == startTime && os.signal(pid, Signals.KILL)) {
            System.err.println(
                    "root: ended process " + pid + ", a daemon of this tree that no board names");
        }
        if (!os.awaitDeath(pid, startTime, CERTIFY_NS)) {
            throw new IllegalStateException(
                    "process " + pid + ", a daemon that no board names, does not die");
        }
    }

    private static boolean isDaemonOf(final Path runDirectory, final List<String> command) {
        final int end = command.size() - 1;
        final boolean standby = end > 0 && command.get(end).equals(Spawner.STANDBY);
        final int main = end - PLACE_ARGUMENTS - (standby ? 1 : 0);
        return main > 0
                && command.get(main).equals(MAIN)
                && command.get(main + 1).equals(runDirectory.toString());
    }
}
