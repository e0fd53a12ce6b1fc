package io.coppice.bench;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaException;
import io.coppice.pool.board.Board;
import io.coppice.root.loop.EarlierTree;
import io.coppice.root.loop.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A folder of this process's own, and every process that was started for it. Closing ends the
 * processes, each by its pid, and removes the folder; the JVM's end closes it too, however it comes
 * short of SIGKILL. Safe from any thread.
 */
public final class Scratch implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long DEATH_NS = TimeUnit.SECONDS.toNanos(5);

    private final Path home;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> bases = new ArrayList<>();
    private final List<ProcessHandle> guards = new ArrayList<>();
    private boolean closed;

    private Scratch(final Path home, final Path folder) {
        this.home = home;
        this.folder = folder;
    }

    /**
     * Makes the folder.
     *
     * @param home folder that Coppice was built in
     */
    public static Scratch create(final Path home) throws IOException {
        final Path parent =
                Files.isDirectory(SHARED_MEMORY)
                        ? SHARED_MEMORY
                        : Path.of(System.getProperty("java.io.tmpdir"));
        final Path folder = parent.resolve("coppice-bench-" + ProcessHandle.current().pid());
        final Scratch scratch = new Scratch(home, folder);
        Files.createDirectories(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(scratch::close, "bench-cleanup"));
        return scratch;
    }

    /** Returns the folder that Coppice was built in. */
    Path home() {
        return home;
    }

    /** Returns a path in the folder, there or not. */
    public Path file(final String name) {
        return folder.resolve(name);
    }

    /** Starts a process that is ended with this. */
    public synchronized Process start(final ProcessBuilder builder) throws IOException {
        requireOpen();
        processes.removeIf(process -> !process.isAlive());
        final Process process = builder.start();
        processes.add(process);
        return process;
    }

    /**
     * Checks that this is not closed, which waits for the end of a clean-up that is under way.
     *
     * @throws BenchFailure where it is: whatever else seems wrong then is a consequence
     */
    public synchronized void requireOpen() {
        if (closed) {
            throw new BenchFailure(BenchFailure.OS_REFUSED, "the bench was interrupted");
        }
    }

    /** Returns a folder for run directories; trees that live there are ended with this. */
    synchronized Path runBase(final String name) throws IOException {
        final Path base = folder.resolve(name);
        Files.createDirectories(base);
        if (!bases.contains(base)) {
            bases.add(base);
        }
        return base;
    }

    /** Ends a process that was not started here, before the trees, whose roots it would restart. */
    synchronized void endFirst(final ProcessHandle guard) {
        guards.add(guard);
    }

    /** Ends everything and removes the folder; a second time it does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // A handle knows the start time too: it never ends somebody else with the same pid.
        guards.forEach(ProcessHandle::destroyForcibly);
        for (final Process process : processes) {
            endWithDescendants(process);
        }
        for (final Path base : bases) {
            for (final String tree : RunDirectory.trees(base)) {
                endTree(base.resolve(tree));
            }
        }
        try {
            RunDirectory.at(folder).remove();
        } catch (final IOException refused) {
            System.err.println("coppice: cannot remove " + folder + ": " + refused.getMessage());
        }
    }

    /** Ends a process and what it has started. */
    public static void endWithDescendants(final Process process) {
        // Looked up first: whoever outlives its parent cannot be found through it any more.
        final List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(DEATH_NS, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a tree without asking it: root first, so that nothing is started again. */
    private static void endTree(final Path runDirectory) {
        final OperatingSystem os = OperatingSystem.current();
        try {
            final Board board = Board.open(runDirectory);
            final long root = board.rootPid();
            if (root > 1 && os.startTime(root) == board.rootStartTime()) {
                os.signal(root, Signals.KILL);
                os.awaitDeath(root, board.rootStartTime(), DEATH_NS);
            }
            EarlierTree.find(runDirectory).end(os);
        } catch (final ArenaException noBoard) {
            // It never came so far, and its root was ended with the command that started it.
            return;
        } catch (final IllegalStateException stubborn) {
            System.err.println("coppice: " + stubborn.getMessage());
        }
    }
}
