package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.root.loop.GuardMain;
import io.coppice.root.loop.Notifier;
import io.coppice.root.loop.RunDirectory;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of root, as whoever started it sees it. */
final class RootProcess {
    private static final long KILL_MS = 1000;

    private final Process process;
    private final RunDirectory directory;
    private final boolean guarded;
    private final long earlierEpoch;

    private RootProcess(
            final Process process,
            final RunDirectory directory,
            final boolean guarded,
            final long earlierEpoch) {
        this.process = process;
        this.directory = directory;
        this.guarded = guarded;
        this.earlierEpoch = earlierEpoch;
    }

    /**
     * Starts root. Its stdin is empty and its output goes to a file, so that it depends on no
     * terminal.
     *
     * @param plan that root reads and removes
     * @param guarded whether a guard stands above root and starts it again; it is then the guard
     *     that this object asks and waits for
     */
    static RootProcess start(
            final List<String> command,
            final RunDirectory directory,
            final Path plan,
            final boolean guarded)
            throws IOException {
        return start(command, directory, plan, guarded, true);
    }

    /** Starts root as {@link #start} does, of which no service manager is told. */
    static RootProcess rehearse(
            final List<String> command, final RunDirectory directory, final Path plan)
            throws IOException {
        return start(command, directory, plan, false, false);
    }

    private static RootProcess start(
            final List<String> command,
            final RunDirectory directory,
            final Path plan,
            final boolean guarded,
            final boolean told)
            throws IOException {
        final long earlierEpoch =
                TreeView.open(directory).map(view -> view.board().rootEpoch()).orElse(0L);
        final List<String> full = new ArrayList<>(command);
        if (guarded) {
            full.set(full.size() - 1, GuardMain.class.getName());
        }
        full.add(directory.path().toString());
        full.add(plan.toString());
        if (guarded) {
            full.addAll(command);
        }
        directory.keepRootLog();
        final ProcessBuilder builder =
                new ProcessBuilder(full)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(Redirect.to(directory.rootLog().toFile()))
                        .redirectErrorStream(true);
        if (!told) {
            Notifier.hideFrom(builder.environment());
        }
        return new RootProcess(builder.start(), directory, guarded, earlierEpoch);
    }

    /** Returns whether a board is that of the root started here. */
    boolean isShownBy(final Board board) {
        return guarded ? board.rootEpoch() > earlierEpoch : board.rootPid() == process.pid();
    }

    /** Returns the pid of root, or of its guard where it has one. */
    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end; returns whether it came in time. */
    boolean awaitEnd(final long timeoutMs) {
        try {
            return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    int exitStatus() {
        return process.exitValue();
    }

    /** Asks root to stop the tree in order. */
    void stop() {
        OperatingSystem.current().signal(process.pid(), Signals.TERM);
    }

    /** Kills root, or its guard, and returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        while (!awaitEnd(KILL_MS)) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    /** Returns the last line root has written, without its "coppice: ". */
    String lastWords() {
        final String last = LastLine.of(directory.rootLog());
        return last.startsWith("coppice: ") ? last.substring("coppice: ".length()) : last;
    }
}
