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

    /**
     * Has the process lead a session before its first instruction. Where the system has no such
     * program the process does it itself, which costs it the binding of a native call on its way to
     * being ready.
     */
    private static final Path SESSION_LEADER = Path.of("/usr/bin/setsid");

    private final boolean hasSessionLeader = Files.isExecutable(SESSION_LEADER);
    private final Path runDirectory;
    private final Kin kin;
    private final LogFiles logs;

    /** Makes one that does not look after what daemons leave behind. */
    Spawner(final Path runDirectory) {
        this(runDirectory, Kin.none());
    }

    Spawner(final Path runDirectory, final Kin kin) {
        this.runDirectory = runDirectory;
        this.kin = kin;
        this.logs = new LogFiles(runDirectory.resolve(LOG_FOLDER));
    }

    /** Has the logs of a daemon and of its workers be kept small. */
    void keepLogsOf(final DaemonPlan plan) {
        logs.keep(plan);
    }

    /** Looks after what daemons leave behind, and after their logs. Once in each turn. */
    void step(final long nowNs) {
        kin.step(nowNs);
        logs.step(nowNs);
    }

    /** Returns how long until {@link #step} has anything urgent to do, in nanoseconds. */
    long untilNextNs(final long nowNs) {
        return kin.untilNextNs(nowNs);
    }

    /** Returns whether nothing that a dead daemon has left behind is to be waited for. */
    boolean isOver(final long nowNs) {
        return kin.isOver(nowNs);
    }

    /**
     * Starts an incarnation of a daemon.
     *
     * @throws IOException where the system cannot start a process now
     */
    Process spawn(final DaemonSlot daemon) throws IOException {
        final File log = log(daemon.plan());
        keepLogsOf(daemon.plan());
        if (log.length() > LOG_BYTES_MAX) {
            // Not by the child's own open: what does not append leaves a hole where root cuts.
            LogFiles.empty(log.toPath());
        }
        return start(
                daemon.plan(),
                daemon.epoch(),
                command(daemon.plan(), daemon.epoch()),
                Redirect.appendTo(log));
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
        if (!Files.isDirectory(runDirectory)) {
            // One text for all that is missing now, so that it is said once.
            throw new IOException(
                    "the run directory "
                            + runDirectory
                            + " is gone, so nothing can be started in it; end root by SIGTERM, which stops the tree in order, and run the tree again");
        }
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
        // A program that is missing is a spawn that failed, and no death of a process that began.
        final Path program = Path.of(command.get(0));
        if (hasSessionLeader && Files.isRegularFile(program) && Files.isExecutable(program)) {
            command.add(0, SESSION_LEADER.toString());
        }
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
        Notifier.hideFrom(builder.environment());
        builder.environment().put(Kin.VARIABLE, kin.mark(plan.slot(), epoch));
        final Process process = builder.start();
        kin.started(plan.slot(), epoch, process);
        return process;
    }
}
