package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tree of the daemons {@code still} and {@code counter} whose root the test starts itself, with
 * the same plan each time, to have it killed at a step of its life.
 */
final class SteppedTree {
    static final String OFTEN = "'restart': {'limit': 1000, 'backoff': '1 ms .. 5 ms'}";

    private static final AtomicInteger ROOTS = new AtomicInteger();

    private final TestArea area;
    private TestTree tree;
    private Path plan;

    SteppedTree(final TestArea area) {
        this.area = area;
    }

    TestTree tree() {
        return tree;
    }

    /** Starts the tree, keeps its plan, and kills its root. */
    void begin(final String name, final String... more) {
        begin(manifest(name, more));
    }

    /** As {@link #begin(String, String...)}, with daemons of those names. */
    void begin(final TestManifest manifest) {
        tree = new TestTree(area, manifest);
        tree.up();
        plan = area.files().resolve(manifest.tree() + ".plan");
        try {
            Files.write(plan, tree.board().planBytes());
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
        killRoot();
    }

    static TestManifest manifest(final String name, final String... more) {
        final List<String> members = new ArrayList<>(List.of(more));
        members.add(OFTEN);
        return new TestManifest(name)
                .daemon("still", CounterDaemon.class)
                .daemon("counter", CounterDaemon.class, members.toArray(String[]::new));
    }

    void killRoot() {
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
    }

    void assertKilled(final Process root, final String step) {
        try {
            assertTrue(root.waitFor(2, TimeUnit.MINUTES), step + " was never reached");
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
        assertEquals(Signals.EXIT_BASE + Signals.KILL, root.exitValue(), step);
    }

    /**
     * Runs root again, finds every daemon ready, one process for each, and leaves it without root.
     *
     * @param bystander pid of the daemon that nothing was done to, 0 where something was
     */
    void assertWhole(final String step, final long bystander) {
        final Process root = root();
        awaitRoot(root);
        tree.awaitState("still", DaemonState.READY);
        tree.awaitState("counter", DaemonState.READY);
        if (bystander != 0) {
            assertEquals(bystander, tree.pid("still"), step);
        }
        assertTrue(TestTree.isAlive(tree.pid("still")), step);
        assertTrue(TestTree.isAlive(tree.pid("counter")), step);
        assertEquals(
                List.of(tree.pid("counter"), tree.pid("still")).stream().sorted().toList(),
                daemons(),
                step + ": no process twice");
        assertTrue(!tree.log("counter").contains("half a transaction"), step);
        killRoot();
    }

    List<Long> daemons() {
        return area.processes().stream()
                .filter(
                        pid ->
                                OperatingSystem.current()
                                        .commandLine(pid)
                                        .contains("io.coppice.daemon.DaemonMain"))
                .sorted()
                .toList();
    }

    void awaitRoot(final Process root) {
        Waiting.until(
                "root " + root.pid() + " has adopted the tree",
                () ->
                        tree.hasBoard()
                                && tree.rootPid() == root.pid()
                                && tree.board().allReadyNs() != 0);
    }

    /** Starts root as the command line does. */
    Process root(final String... options) {
        final Path draft = area.files().resolve("plan-" + ROOTS.incrementAndGet());
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx16m",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.coppice.root.loop.RootMain",
                        tree.folder().toString(),
                        draft.toString()));
        try {
            Files.copy(plan, draft);
            final ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectInput(Redirect.from(new File("/dev/null")))
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    Redirect.appendTo(
                                            tree.folder().resolve("log/root.log").toFile()));
            builder.environment().put("COPPICE_RUN", area.runFolder().toString());
            return builder.start();
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
