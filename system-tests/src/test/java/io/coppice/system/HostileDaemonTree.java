package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.daemon.Daemon;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tree of a healthy daemon and a hostile one. However the hostile one behaves, root and the
 * healthy one are untouched.
 */
final class HostileDaemonTree {
    static final String HEALTHY = "healthy";
    static final String HOSTILE = "hostile";

    private static final long SOME = 20;

    private final TestArea area;
    private final TestTree tree;
    private long root;
    private long healthy;

    HostileDaemonTree(
            final TestArea area,
            final CoppiceCli cli,
            final String name,
            final Class<? extends Daemon> hostile,
            final String... members) {
        this.area = area;
        this.tree =
                new TestTree(
                        cli,
                        area.runFolder(),
                        name,
                        new TestManifest(name)
                                .daemon(HEALTHY, CounterDaemon.class)
                                .daemon(HOSTILE, hostile, members)
                                .write(area.files()));
    }

    HostileDaemonTree(
            final TestArea area,
            final String name,
            final Class<? extends Daemon> hostile,
            final String... members) {
        this(area, area.cli(), name, hostile, members);
    }

    /** Writes a script into a file of the area and returns the member that names it. */
    static String script(final TestArea area, final String name, final String text) {
        final Path file = area.files().resolve(name + ".sh");
        try {
            Files.writeString(file, text);
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
        return file.toString();
    }

    TestTree tree() {
        return tree;
    }

    /** Starts the tree and returns when both daemons are ready. */
    HostileDaemonTree up() {
        tree.up();
        return remember();
    }

    /** Starts the tree and returns when the healthy daemon is ready. */
    CoppiceCli.Running start() {
        final CoppiceCli.Running console = tree.start();
        tree.awaitReady(HEALTHY, 1);
        remember();
        return console;
    }

    private HostileDaemonTree remember() {
        root = tree.rootPid();
        healthy = tree.pid(HEALTHY);
        return this;
    }

    /** Requires that root and the healthy daemon are who they were, and work. */
    void requireUntouched() {
        assertTrue(TestTree.isAlive(root), "root");
        assertEquals(root, tree.rootPid());
        assertEquals(healthy, tree.pid(HEALTHY));
        assertEquals(1, tree.epoch(HEALTHY));
        tree.awaitProgress(HEALTHY, tree.progress(HEALTHY) + SOME);
        final long beats = tree.board().heartbeat();
        Waiting.until("root turns", () -> tree.board().heartbeat() > beats + 2);
    }

    /** Requires the same, stops the tree, and requires that nobody is left. */
    void requireUntouchedAndStop() {
        requireUntouched();
        tree.stop();
        assertEquals(java.util.List.of(), area.processes());
    }
}
