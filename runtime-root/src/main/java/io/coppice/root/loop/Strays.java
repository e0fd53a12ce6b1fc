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
    private static final long CERTIFY_NS = 10_000_000_000L;

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
        if (startTime == 0 || !Identity.isDaemonOf(runDirectory, os.commandLine(pid))) {
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
}
