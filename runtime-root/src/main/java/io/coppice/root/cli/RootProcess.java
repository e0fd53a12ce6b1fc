package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.root.loop.GuardMain;
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
        final Process process =
                new ProcessBuilder(full)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(Redirect.to(directory.rootLog().toFile()))
                        .redirectErrorStream(true)
                        .start();
        return new RootProcess(process, directory, guarded, earlierEpoch);
    }

    /** Returns whether a board is that of the root started here. */
    boolean isShownBy(final Board board) {
        return guarded ? board.rootEpoch() > earlierEpoch : board.rootPid() == process.pid();
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

    /** Returns the last line root has written, without its "coppice: ". */
    String lastWords() {
        final String last = LastLine.of(directory.rootLog());
        return last.startsWith("coppice: ") ? last.substring("coppice: ".length()) : last;
    }
}
