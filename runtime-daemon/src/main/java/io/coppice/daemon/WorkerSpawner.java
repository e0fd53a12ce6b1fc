package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Bells;
import io.coppice.pool.plan.PoolPlan;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts and kills the processes of a pool. Only the daemon's main thread spawns, since the
 * parent-death signal of a worker is tied to the thread that spawned it.
 */
final class WorkerSpawner implements WorkerProcesses {
    /** A log that has grown beyond this is begun anew with the next worker. */
    private static final long LOG_BYTES_MAX = 1 << 20;

    private final OperatingSystem os;
    private final Path runDirectory;
    private final String daemonName;
    private final int daemonSlot;
    private final PoolPlan plan;
    private final Bells bells;

    WorkerSpawner(
            final OperatingSystem os,
            final Path runDirectory,
            final String daemonName,
            final int daemonSlot,
            final PoolPlan plan,
            final Bells bells) {
        this.os = os;
        this.runDirectory = runDirectory;
        this.daemonName = daemonName;
        this.daemonSlot = daemonSlot;
        this.plan = plan;
        this.bells = bells;
    }

    @Override
    @SuppressWarnings(
            "FutureReturnValueIgnored") // Ringing a bell cannot fail in a way that matters.
    public void spawn(final Worker worker) throws IOException {
        final long epoch = worker.epoch() + 1;
        final String name = daemonName + "-" + plan.name() + "-" + worker.number();
        final List<String> command = new ArrayList<>(plan.command());
        // Behind the name of the java program, before its other options.
        command.add(
                1,
                "-Djava.io.tmpdir="
                        + ScratchFolder.emptied(runDirectory.resolve("tmp").resolve(name)));
        command.add(runDirectory.toString());
        command.add(Integer.toString(daemonSlot));
        command.add(plan.name());
        command.add(Integer.toString(worker.number()));
        command.add(Long.toString(epoch));
        command.add(Long.toString(ProcessHandle.current().pid()));
        final File log = runDirectory.resolve("log").resolve(name + ".log").toFile();
        if (log.length() > LOG_BYTES_MAX) {
            // Not by the child's own open: what does not append leaves a hole where root cuts.
            try (FileChannel all =
                    FileChannel.open(
                            log.toPath(),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS)) {
                all.truncate(0);
            }
        }
        final Process process =
                new ProcessBuilder(command)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(Redirect.appendTo(log))
                        .redirectErrorStream(true)
                        .start();
        worker.enrol(WorkerProcess.of(process), os.startTime(process.pid()), epoch);
        // The kernel's notice of its death must wake this daemon; the JDK's reaper thread brings
        // it.
        process.onExit().thenRun(() -> bells.ring(daemonSlot));
    }

    @Override
    public void kill(final Worker worker) {
        if (!os.signalGroup(worker.pid(), Signals.KILL)) {
            // It has not made itself the leader of a group yet.
            os.signal(worker.pid(), Signals.KILL);
        }
    }

    @Override
    public void certify(final Worker worker, final long timeoutNs) {
        final long pid = worker.pid();
        if (pid == 0) {
            return;
        }
        if (worker.startTime() != 0 && os.startTime(pid) == worker.startTime()) {
            kill(worker);
        }
        if (!os.awaitDeath(pid, worker.startTime(), timeoutNs)) {
            throw new IllegalStateException(
                    daemonName
                            + ": worker "
                            + worker.number()
                            + " of pool \""
                            + plan.name()
                            + "\" (pid "
                            + pid
                            + ") of an earlier incarnation does not die");
        }
    }
}
