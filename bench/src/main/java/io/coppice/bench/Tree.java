package io.coppice.bench;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.loop.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A tree that was started with {@code coppice run --detach}. */
final class Tree {
    private static final long STOP_NS = TimeUnit.SECONDS.toNanos(30);

    private final RunDirectory directory;
    private final Board board;
    private final TreePlan plan;
    private final long commandNs;

    private Tree(final RunDirectory directory, final long commandNs) {
        this.directory = directory;
        this.board = Board.open(directory.path());
        this.plan = board.plan();
        this.commandNs = commandNs;
    }

    /** Starts a tree and returns when all its daemons are ready. */
    static Tree start(
            final Scratch scratch,
            final Path runBase,
            final boolean cached,
            final BenchManifest manifest)
            throws IOException {
        return start(scratch, runBase, cached, manifest, List.of());
    }

    /** The same with further options of the command. */
    static Tree start(
            final Scratch scratch,
            final Path runBase,
            final boolean cached,
            final BenchManifest manifest,
            final List<String> options)
            throws IOException {
        final Path file = manifest.write(scratch);
        final List<String> arguments = new ArrayList<>(options);
        arguments.addAll(0, List.of("run", file.toString(), "--detach"));
        final long ns =
                Commands.time(
                        scratch,
                        Commands.coppice(scratch, runBase, cached, arguments),
                        scratch.file(manifest.tree() + ".out"));
        return new Tree(RunDirectory.of(runBase, manifest.tree()), ns);
    }

    /** Returns how long the command took until it returned, in nanoseconds. */
    long commandNs() {
        return commandNs;
    }

    Board board() {
        return board;
    }

    DaemonPlan daemon(final String name) {
        return plan.daemon(name);
    }

    /** Maps a daemon's arena for reading; it stays mapped. */
    Memory arena(final String name) {
        return MappedFile.readOnly(directory.path().resolve(daemon(name).arenaFile()));
    }

    /** Stops the tree in order and drops its state. */
    void stop() throws IOException {
        final OperatingSystem os = OperatingSystem.current();
        final long root = board.rootPid();
        final long startTime = board.rootStartTime();
        if (os.startTime(root) == startTime) {
            os.signal(root, Signals.TERM);
        }
        if (!os.awaitDeath(root, startTime, STOP_NS)) {
            throw new BenchFailure(
                    BenchFailure.BUG, "tree \"" + plan.name() + "\" does not stop in 30 s");
        }
        directory.remove();
    }
}
