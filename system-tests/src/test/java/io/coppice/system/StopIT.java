package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.IgnoresStopDaemon;
import io.coppice.system.daemons.LogsStopDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How trees end: by themselves, by command, by signal. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StopIT {
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void aFinishedTreeEndsByItselfAndLeavesNothing() {
        final TestTree tree =
                tree(
                        new TestManifest("finished")
                                .daemon(
                                        "significant",
                                        CounterDaemon.class,
                                        "'significant': true",
                                        "'restart': {'policy': 'on-failure'}",
                                        "'settings': {'until': 1000}")
                                .daemon("other", CounterDaemon.class));
        final CoppiceCli.Result result = tree.start().await();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(
                List.of("counted to 1000", "processes    0 died and were replaced"),
                result.stdout());
        assertEquals(List.of(), result.stderr());
        assertFalse(Files.exists(tree.folder()), "the run directory is kept");
        assertEquals(List.of(), AREA.processes());
    }

    @Test
    void stateSurvivesStopAndRun() {
        final TestTree tree = tree(new TestManifest("kept").daemon("counter", CounterDaemon.class));
        tree.up();
        tree.awaitProgress("counter", SOME);
        tree.stop();
        assertEquals(TreeState.STOPPED, tree.treeState());
        assertEquals(List.of(), AREA.processes());
        final long kept = tree.progress("counter");
        tree.up();
        assertEquals(2, tree.epoch("counter"));
        assertEquals(2, tree.board().rootEpoch());
        assertTrue(
                tree.log("counter").endsWith("counter begins at " + kept + "\n"),
                tree.log("counter"));
    }

    @Test
    void cleanDropsTheState() {
        final TestTree tree =
                tree(new TestManifest("dropped").daemon("counter", CounterDaemon.class));
        tree.up();
        tree.awaitProgress("counter", SOME);
        tree.stop();
        final CoppiceCli.Result result = tree.cli().run("clean", "dropped");
        assertEquals(0, result.exitCode(), result::toString);
        assertFalse(Files.exists(tree.folder()));
        tree.up();
        assertEquals(1, tree.epoch("counter"));
        assertEquals("counter begins at 0\n", tree.log("counter"));
    }

    @Test
    void stopsInReverseOrderOfStart() throws IOException {
        final Path book = AREA.files().resolve("book");
        final String setting = "'settings': {'book': '" + book + "'}";
        final TestTree tree =
                tree(
                        new TestManifest("order")
                                .daemon("c", LogsStopDaemon.class, setting, "'after': ['b']")
                                .daemon("a", LogsStopDaemon.class, setting)
                                .daemon("b", LogsStopDaemon.class, setting, "'after': ['a']"));
        tree.up();
        tree.stop();
        assertEquals(
                List.of("opens a", "opens b", "opens c", "closes c", "closes b", "closes a"),
                Files.readAllLines(book));
        assertTrue(exitMs(tree, "c") <= exitMs(tree, "b"));
        assertTrue(exitMs(tree, "b") <= exitMs(tree, "a"));
    }

    @Test
    void killsWhatIgnoresTheStopAndGoesOnWithTheOthers() {
        final TestTree tree =
                tree(
                        new TestManifest("stubborn")
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "stubborn",
                                        IgnoresStopDaemon.class,
                                        "'after': ['counter']",
                                        "'stopTimeout': '500 ms'"));
        tree.up();
        tree.stop();
        assertEquals(ExitClass.SIGNAL, tree.lastExit("stubborn"));
        assertEquals(
                Signals.EXIT_BASE + Signals.KILL, tree.word("stubborn", BoardWord.EXIT_STATUS));
        assertEquals(ExitClass.FINISHED, tree.lastExit("counter"));
        assertEquals(TreeState.STOPPED, tree.treeState());
    }

    @Test
    void interruptOfTheConsoleStopsInOrderWith130AndKeepsTheState() {
        endsConsole(Signals.INT, "interrupted");
    }

    @Test
    void terminationOfTheConsoleStopsInOrderWith130AndKeepsTheState() {
        endsConsole(Signals.TERM, "terminated");
    }

    private static void endsConsole(final int signal, final String name) {
        final TestTree tree = tree(new TestManifest(name).daemon("counter", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start();
        tree.awaitState("counter", DaemonState.READY);
        tree.awaitProgress("counter", SOME);
        console.signal(signal);
        final CoppiceCli.Result result = console.await();
        assertEquals(130, result.exitCode(), result::toString);
        assertEquals(1, result.stdout().size(), result::toString);
        assertTrue(result.stdout().get(0).contains("its state is kept"), result::toString);
        assertEquals(ExitClass.FINISHED, tree.lastExit("counter"));
        assertEquals(TreeState.STOPPED, tree.treeState());
        assertTrue(tree.progress("counter") >= SOME);
        assertEquals(List.of(), AREA.processes());
    }

    @Test
    void terminationOfRootStopsInOrderAndKeepsTheState() {
        final TestTree tree =
                tree(new TestManifest("rooted").daemon("counter", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start();
        tree.awaitState("counter", DaemonState.READY);
        OperatingSystem.current().signal(tree.rootPid(), Signals.TERM);
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(ExitClass.FINISHED, tree.lastExit("counter"));
        assertEquals(TreeState.STOPPED, tree.treeState());
        assertEquals(List.of(), AREA.processes());
    }

    @Test
    void theTreeGoesOnWhereItsConsoleIsKilled() {
        final TestTree tree =
                tree(new TestManifest("alone").daemon("counter", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start();
        tree.awaitState("counter", DaemonState.READY);
        console.signal(Signals.KILL);
        assertEquals(Signals.EXIT_BASE + Signals.KILL, console.await().exitCode());
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertEquals(0, tree.restarts("counter"));
        tree.stop();
    }

    private static long exitMs(final TestTree tree, final String daemon) {
        return tree.word(daemon, BoardWord.EXIT_MS);
    }

    private static TestTree tree(final TestManifest manifest) {
        return new TestTree(AREA, manifest);
    }
}
