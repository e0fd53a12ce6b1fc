package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.TreeState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.IgnoresStopDaemon;
import io.coppice.system.daemons.OrphansDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Signals to the console, a terminal that goes away, and the console as a container's first
 * process.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ConsoleSignalsIT {
    private static final long SOME = 3;
    private static final String[] CONTAINER = {
        "unshare", "--pid", "--fork", "--mount-proc", "--kill-child"
    };

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void aSecondInterruptStopsAtOnceAndKeepsTheState() throws Exception {
        final TestTree tree =
                tree(
                        AREA.cli(),
                        new TestManifest("impatient")
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "stubborn",
                                        IgnoresStopDaemon.class,
                                        "'stopTimeout': '10 min'"));
        final CoppiceCli.Running console = tree.start();
        tree.awaitState("stubborn", DaemonState.READY);
        tree.awaitState("counter", DaemonState.READY);
        tree.awaitProgress("counter", SOME);
        console.signal(Signals.INT);
        tree.awaitState("stubborn", DaemonState.STOPPING);
        assertTrue(console.isAlive());
        console.signal(Signals.INT);
        final CoppiceCli.Result result = console.await();
        assertEquals(130, result.exitCode(), result::toString);
        assertEquals(TreeState.STOPPED, tree.treeState());
        assertEquals(List.of(), AREA.processes());
        assertTrue(tree.progress("counter") >= SOME);
    }

    @Test
    void aSecondInterruptEndsATreeWhoseRootIsStoppedToo() throws Exception {
        final TestTree tree =
                tree(AREA.cli(), new TestManifest("frozen").daemon("counter", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start("--guard");
        tree.awaitState("counter", DaemonState.READY);
        tree.awaitProgress("counter", SOME);
        OperatingSystem.current().signal(tree.rootPid(), Signals.STOP);
        console.signal(Signals.INT);
        // Two of them at once are one to the kernel.
        Waiting.until("the first is heard", () -> !console.errors().isEmpty());
        console.signal(Signals.INT);
        final CoppiceCli.Result result = console.await();
        assertEquals(130, result.exitCode(), result::toString);
        Waiting.until("nobody lives", () -> AREA.processes().isEmpty());
        final long kept = tree.progress("counter");
        assertTrue(kept >= SOME);
        tree.up();
        tree.awaitProgress("counter", kept + SOME);
        tree.stop();
    }

    @Test
    void aHangUpEndsNeitherTheTreeNorItsConsole() {
        final TestTree tree =
                tree(AREA.cli(), new TestManifest("hung").daemon("counter", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start("--guard");
        tree.awaitState("counter", DaemonState.READY);
        final long root = tree.rootPid();
        console.signal(Signals.HUP);
        for (final long pid : AREA.processes()) {
            if (pid != tree.pid("counter")) {
                OperatingSystem.current().signal(pid, Signals.HUP);
            }
        }
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertTrue(console.isAlive());
        assertEquals(root, tree.rootPid());
        assertEquals(TreeState.RUNNING, tree.treeState());
        console.signal(Signals.TERM);
        assertEquals(130, console.await().exitCode());
    }

    @Test
    void aTerminalThatIsClosedEndsNothing() throws Exception {
        assumeTrue(works("script", "-qec", "true", "/dev/null"), "script of util-linux");
        final Path manifest =
                new TestManifest("closed")
                        .daemon("counter", CounterDaemon.class)
                        .write(AREA.files());
        final TestTree tree = new TestTree(AREA.cli(), AREA.runFolder(), "closed", manifest);
        final ProcessBuilder terminal =
                new ProcessBuilder(
                                "script",
                                "-qec",
                                CoppiceCli.HOME + "/bin/coppice run " + manifest,
                                "/dev/null")
                        .redirectInput(Redirect.PIPE)
                        .redirectOutput(Redirect.DISCARD)
                        .redirectErrorStream(true);
        terminal.environment().put("COPPICE_RUN", AREA.runFolder().toString());
        terminal.environment().put("COPPICE_BUILD", "never");
        terminal.environment().put("COPPICE_AOT", "off");
        final Process screen = terminal.start();
        try {
            Waiting.until("there is a board", tree::hasBoard);
            tree.awaitState("counter", DaemonState.READY);
        } finally {
            // The terminal's other end is gone with it, and the kernel hangs up.
            screen.destroyForcibly().waitFor();
        }
        final long console = console();
        Waiting.until("the console has lost its terminal", () -> lostTerminal(console));
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertTrue(TestTree.isAlive(console));
        tree.stop();
        tree.awaitDeath(console);
        assertEquals(TreeState.STOPPED, tree.treeState());
    }

    @Test
    void anOutputThatNobodyReadsEndsNothing() throws Exception {
        final Path outcome = AREA.files().resolve("outcome");
        final TestTree tree =
                tree(
                        AREA.cli()
                                .through(
                                        "bash",
                                        "-c",
                                        "{ \"$@\" 2>&1; echo $? >" + outcome + "; } | true",
                                        "bash"),
                        new TestManifest("unread")
                                .daemon(
                                        "counter",
                                        CounterDaemon.class,
                                        "'significant': true",
                                        "'restart': {'policy': 'on-failure'}",
                                        "'settings': {'until': 1000}"));
        tree.start().await();
        assertEquals("0", Files.readString(outcome).strip());
        assertFalse(Files.exists(tree.folder()));
    }

    @Test
    void theFirstProcessOfAContainerReapsOrphansAndPassesSignalsOn() throws Exception {
        assumeContainer();
        final Path file = Files.createFile(AREA.files().resolve("orphans-live"));
        final TestTree tree =
                tree(
                        AREA.cli().through(CONTAINER),
                        new TestManifest("container")
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "orphans",
                                        OrphansDaemon.class,
                                        "'settings': {'while': '" + file + "'}"));
        final CoppiceCli.Running container = tree.start();
        tree.awaitState("orphans", DaemonState.READY);
        tree.awaitState("counter", DaemonState.READY);
        final List<Long> orphans = withArgument(file.toString());
        assertEquals(3, orphans.size());
        Files.delete(file);
        orphans.forEach(ConsoleSignalsIT::awaitReaped);
        final long console = console();
        OperatingSystem.current().signal(console, Signals.HUP);
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        OperatingSystem.current().signal(console, Signals.TERM);
        final CoppiceCli.Result result = container.await();
        assertEquals(130, result.exitCode(), result::toString);
        assertTrue(result.stdout().toString().contains("has stopped"), result::toString);
        assertEquals(TreeState.STOPPED, tree.treeState());
    }

    @Test
    void theFirstProcessOfAContainerReapsWhatADeadRootHasLeft() throws Exception {
        assumeContainer();
        final Path file = Files.createFile(AREA.files().resolve("left-live"));
        final TestTree tree =
                tree(
                        AREA.cli().through(CONTAINER),
                        new TestManifest("inherited")
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "orphans",
                                        OrphansDaemon.class,
                                        "'settings': {'while': '" + file + "'}"));
        final CoppiceCli.Running container = tree.start("--guard");
        tree.awaitReady("orphans", 1);
        tree.awaitReady("counter", 1);
        final long console = console();
        final List<Long> left = new ArrayList<>(withArgument(file.toString()));
        assertEquals(3, left.size());
        // The board has the pids that hold inside.
        final long root = ofMain("io.coppice.root.loop.RootMain");
        final List<Long> daemons = withArgument("io.coppice.daemon.DaemonMain");
        assertEquals(2, daemons.size());
        left.addAll(daemons);
        for (final long each : left) {
            assertEquals(root, parent(each), "root is the subreaper of " + each);
        }
        TestTree.kill(root);
        for (final long each : left) {
            Waiting.until(each + " is the first process's child", () -> parent(each) == console);
        }
        awaitReaped(root);
        Waiting.until(
                "the next root has the tree",
                () -> tree.board().rootEpoch() == 2 && tree.board().allReadyNs() != 0);
        Files.delete(file);
        for (final long orphan : left.subList(0, 3)) {
            awaitReaped(orphan);
        }
        assertEquals(1, tree.epoch("counter"));
        daemons.forEach(TestTree::kill);
        daemons.forEach(ConsoleSignalsIT::awaitReaped);
        tree.awaitReady("counter", 2);
        tree.awaitReady("orphans", 2);
        OperatingSystem.current().signal(console, Signals.TERM);
        final CoppiceCli.Result result = container.await();
        assertEquals(130, result.exitCode(), result::toString);
        assertEquals(TreeState.STOPPED, tree.treeState());
    }

    @Test
    void theFirstProcessOfAContainerDoesNotDetach() throws Exception {
        assumeContainer();
        final TestTree tree =
                tree(
                        AREA.cli().through(CONTAINER),
                        new TestManifest("brief").daemon("counter", CounterDaemon.class));
        final CoppiceCli.Result result = tree.start("--detach").await();
        assertEquals(64, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains("--detach"), result::toString);
        assertFalse(Files.exists(tree.folder()));
    }

    private static List<Long> withArgument(final String argument) {
        return AREA.processes().stream()
                .filter(pid -> OperatingSystem.current().commandLine(pid).contains(argument))
                .toList();
    }

    /** Returns the process of a main class; a guard's command line names root's too, behind. */
    private static long ofMain(final String main) {
        return AREA.processes().stream()
                .filter(
                        pid -> {
                            final List<String> command = OperatingSystem.current().commandLine(pid);
                            final int classPath = command.indexOf("-cp");
                            return classPath >= 0
                                    && command.size() > classPath + 2
                                    && command.get(classPath + 2).equals(main);
                        })
                .findAny()
                .orElseThrow();
    }

    private static void awaitReaped(final long pid) {
        // A zombie has its folder still.
        Waiting.until(
                pid + " is reaped", () -> !Files.exists(Path.of("/proc", Long.toString(pid))));
    }

    private static long parent(final long pid) {
        return field(pid, 4);
    }

    private static void assumeContainer() throws Exception {
        assumeTrue(
                works("unshare", "--pid", "--fork", "--mount-proc", "true"),
                "namespaces of pids need privileges here");
    }

    private static boolean works(final String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException missing) {
            return false;
        }
    }

    private static long console() {
        return AREA.processes().stream()
                .filter(
                        pid ->
                                OperatingSystem.current()
                                        .commandLine(pid)
                                        .contains("io.coppice.root.cli.Coppice"))
                .filter(
                        pid ->
                                !OperatingSystem.current()
                                        .commandLine(pid)
                                        .get(0)
                                        .endsWith("unshare"))
                .findAny()
                .orElseThrow();
    }

    /** Field 7 of stat, the terminal's number, is 0 where there is none. */
    private static boolean lostTerminal(final long pid) {
        return field(pid, 7) == 0;
    }

    /** Returns a number of stat by its place as proc(5) counts, behind the name. */
    private static long field(final long pid, final int place) {
        try {
            final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[place - 3]);
        } catch (final IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static TestTree tree(final CoppiceCli cli, final TestManifest manifest) {
        return new TestTree(cli, AREA.runFolder(), manifest.tree(), manifest.write(AREA.files()));
    }
}
