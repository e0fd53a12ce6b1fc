package io.coppice.root.loop;

import io.coppice.pool.plan.DaemonPlan;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the processes of daemons, always from root's one thread: a parent-death signal is tied to
 * the thread that spawned. Their stdin is empty, and their stdout and stderr are files, so that
 * nothing a child does can block root. Tests put processes of their own in its place.
 */
class Spawner {
    /** Folder of the logs in the run directory. */
    static final String LOG_FOLDER = "log";

    /** A log that has grown beyond this is begun anew with the next incarnation. */
    private static final long LOG_BYTES_MAX = 1 << 20;

    /** The argument that makes a daemon's process its standby. */
    static final String STANDBY = "standby";

    private final Path runDirectory;
    private final Kin kin;

    /** Makes one that does not look after what daemons leave behind. */
    Spawner(final Path runDirectory) {
        this(runDirectory, Kin.none());
    }

    Spawner(final Path runDirectory, final Kin kin) {
        this.runDirectory = runDirectory;
        this.kin = kin;
    }

    /**
     * Starts an incarnation of a daemon.
     *
     * @throws IOException where the system cannot start a process now
     */
    Process spawn(final DaemonSlot daemon) throws IOException {
        final File log = log(daemon.plan());
        return start(
                daemon.plan(),
                daemon.epoch(),
                command(daemon.plan(), daemon.epoch()),
                log.length() > LOG_BYTES_MAX ? Redirect.to(log) : Redirect.appendTo(log));
    }

    /**
     * Starts a standby, which waits for its turn.
     *
     * @throws IOException where the system cannot start a process now
     */
    Process spawnStandby(final DaemonPlan plan, final long epoch) throws IOException {
        final List<String> command = command(plan, epoch);
        command.add(STANDBY);
        // Never begun anew: the one that serves writes there too.
        return start(plan, epoch, command, Redirect.appendTo(log(plan)));
    }

    /** Takes note that a process is certified dead: what it has left behind ends too. */
    void ended(final DaemonPlan plan, final long epoch, final long pid, final long nowNs) {
        kin.ended(plan.slot(), epoch, pid, nowNs);
    }

    private File log(final DaemonPlan plan) throws IOException {
        final Path log = runDirectory.resolve(LOG_FOLDER).resolve(plan.name() + ".log");
        if (!Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
            // A child may have put a fifo there, on which root would wait, or a link to elsewhere.
            Files.deleteIfExists(log);
        }
        return log.toFile();
    }

    private List<String> command(final DaemonPlan plan, final long epoch) {
        final List<String> command = new ArrayList<>(plan.command());
        command.add(runDirectory.toString());
        command.add(Integer.toString(plan.slot()));
        command.add(Long.toString(epoch));
        command.add(Long.toString(ProcessHandle.current().pid()));
        return command;
    }

    private Process start(
            final DaemonPlan plan,
            final long epoch,
            final List<String> command,
            final Redirect output)
            throws IOException {
        final ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(output)
                        .redirectErrorStream(true);
        builder.environment().put(Kin.VARIABLE, kin.mark(plan.slot(), epoch));
        final Process process = builder.start();
        kin.started(process);
        return process;
    }
}
