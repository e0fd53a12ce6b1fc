package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
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

    private RootProcess(final Process process, final RunDirectory directory) {
        this.process = process;
        this.directory = directory;
    }

    /**
     * Starts root. Its stdin is empty and its output goes to a file, so that it depends on no
     * terminal.
     *
     * @param plan that root reads and removes
     */
    static RootProcess start(
            final List<String> command, final RunDirectory directory, final Path plan)
            throws IOException {
        final List<String> full = new ArrayList<>(command);
        full.add(directory.path().toString());
        full.add(plan.toString());
        final Process process =
                new ProcessBuilder(full)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(Redirect.to(directory.rootLog().toFile()))
                        .redirectErrorStream(true)
                        .start();
        return new RootProcess(process, directory);
    }

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

    /** Returns the last line root has written, without its "coppice: ". */
    String lastWords() {
        final String last = LastLine.of(directory.rootLog());
        return last.startsWith("coppice: ") ? last.substring("coppice: ".length()) : last;
    }
}
