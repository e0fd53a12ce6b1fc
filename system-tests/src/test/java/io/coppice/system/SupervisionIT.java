package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import io.coppice.system.daemons.AskDaemon;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.DiesAtOnceDaemon;
import io.coppice.system.daemons.HangsDaemon;
import io.coppice.system.daemons.NeverReadyDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What root does about deaths, and about daemons that neither live nor die. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class SupervisionIT {
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void respawnsAfterSigkillAndTheCountGoesOn() {
        final TestTree tree = tree(new TestManifest("kill").daemon("counter", CounterDaemon.class));
        tree.up();
        tree.awaitProgress("counter", SOME);
        final long firstPid = tree.pid("counter");
        final long firstSpawnedMs = tree.word("counter", BoardWord.SPAWNED_MS);
        tree.killDaemon("counter");
        tree.awaitReady("counter", 2);
        assertEquals(2, tree.epoch("counter"));
        assertEquals(1, tree.restarts("counter"));
        assertEquals(ExitClass.SIGNAL, tree.lastExit("counter"));
        assertEquals(1, tree.word("counter", BoardWord.EXIT_EPOCH));
        assertNotEquals(firstPid, tree.pid("counter"));
        assertTrue(tree.word("counter", BoardWord.SPAWNED_MS) > firstSpawnedMs);
        assertTrue(lastBeginning(tree) >= SOME, tree.log("counter"));
        tree.awaitProgress("counter", lastBeginning(tree) + SOME);
    }

    @Test
    void stateSurvivesManyKillsWhole() {
        // The counter refuses to open where half a transaction shows.
        final TestTree tree =
                tree(
                        new TestManifest("kills")
                                .daemon(
                                        "counter",
                                        CounterDaemon.class,
                                        "'settings': {'until': '9000000000'}",
                                        "'restart': {'limit': 100, 'backoff': '1 ms .. 1 ms'}"));
        tree.up();
        final int kills = 8;
        for (int kill = 1; kill <= kills; kill++) {
            tree.awaitProgress("counter", tree.progress("counter") + SOME);
            tree.killDaemon("counter");
            tree.awaitReady("counter", kill + 1);
        }
        assertEquals(kills, tree.restarts("counter"));
        assertFalse(tree.log("counter").contains("half a transaction"), tree.log("counter"));
    }

    @Test
    void resetBeginsAtZeroAfterACrash() {
        final TestTree tree =
                tree(
                        new TestManifest("reset")
                                .daemon("counter", CounterDaemon.class, "'onCrash': 'reset'"));
        tree.up();
        tree.awaitProgress("counter", SOME);
        tree.killDaemon("counter");
        tree.awaitReady("counter", 2);
        assertEquals(0, lastBeginning(tree), tree.log("counter"));
    }

    @Test
    void askGoesOnWhereTheDaemonAcceptsItsState() {
        final TestTree tree = tree(asking("accept", Long.MAX_VALUE));
        tree.up();
        tree.awaitProgress("asked", SOME);
        tree.killDaemon("asked");
        tree.awaitReady("asked", 2);
        assertTrue(tree.log("asked").contains("asked about "), tree.log("asked"));
        assertTrue(tree.log("asked").contains(", recovered"), tree.log("asked"));
    }

    @Test
    void askBeginsAfreshWhereTheDaemonRejectsItsState() {
        final TestTree tree = tree(asking("reject", 1));
        tree.up();
        tree.awaitProgress("asked", SOME);
        tree.killDaemon("asked");
        tree.awaitReady("asked", 2);
        final String log = tree.log("asked");
        assertTrue(log.contains("asked about "), log);
        assertTrue(log.endsWith("begins at 0, afresh\n"), log);
    }

    @Test
    void quarantinesAfterTheLimitAndReleases() throws IOException {
        final Path cure = AREA.files().resolve("cure");
        final TestTree tree =
                tree(
                        new TestManifest("quarantine")
                                .daemon(
                                        "dying",
                                        DiesAtOnceDaemon.class,
                                        "'significant': true",
                                        "'settings': {'cure': '" + cure + "'}",
                                        "'restart': {'limit': 2, 'backoff': '1 ms .. 5 ms'}"));
        final CoppiceCli.Running console = tree.start();
        tree.awaitState("dying", DaemonState.QUARANTINED);
        assertEquals(3, tree.epoch("dying"));
        assertEquals(ExitClass.START_FAILURE, tree.lastExit("dying"));
        assertTrue(tree.log("dying").contains("cannot open in epoch 3"), tree.log("dying"));
        Waiting.until(
                "the console says so once",
                () ->
                        console.errors().stream()
                                        .filter(line -> line.contains("\"dying\" is quarantined"))
                                        .count()
                                == 1);
        Files.createFile(cure);
        final CoppiceCli.Result released = tree.cli().run("release", "quarantine/dying");
        assertEquals(0, released.exitCode(), released::toString);
        assertEquals(DaemonState.READY, tree.state("dying"));
        assertEquals(4, tree.epoch("dying"));
        Waiting.until("the tree runs", () -> tree.treeState() == TreeState.RUNNING);
        tree.stop();
        assertEquals(0, console.await().exitCode());
    }

    @Test
    void killsWhatIsNotReadyInTime() {
        final TestTree tree =
                tree(
                        new TestManifest("late")
                                .daemon(
                                        "never",
                                        NeverReadyDaemon.class,
                                        "'startTimeout': '1500 ms'",
                                        "'restart': {'limit': 1, 'backoff': '1 ms .. 5 ms'}"));
        final CoppiceCli.Running console = tree.start();
        tree.awaitState("never", DaemonState.QUARANTINED);
        assertEquals(ExitClass.START_TIMEOUT, tree.lastExit("never"));
        assertEquals(2, tree.epoch("never"));
        tree.stop();
        assertEquals(0, console.await().exitCode());
    }

    @Test
    void dumpsThreadsThenKillsWhenTheHeartStops() throws IOException {
        final Path order = AREA.files().resolve("hang");
        final TestTree tree =
                tree(
                        new TestManifest("heart")
                                .daemon(
                                        "hanging",
                                        HangsDaemon.class,
                                        "'settings': {'hang': '" + order + "'}",
                                        "'watchdog': {'dumpAfter': '2 s', 'killAfter': '6 s'}"));
        tree.up();
        Files.createFile(order);
        tree.awaitReady("hanging", 2);
        assertEquals(ExitClass.WATCHDOG, tree.lastExit("hanging"));
        assertEquals(1, tree.restarts("hanging"));
        final String log = tree.log("hanging");
        assertTrue(log.contains("Full thread dump"), log);
        assertTrue(log.contains("hangForThePurposeOfTheTest"), log);
        final String kept =
                Files.readString(tree.folder().resolve("crash").resolve("hanging-1.threads.txt"));
        assertTrue(kept.contains("hangForThePurposeOfTheTest"), kept);
    }

    @Test
    void aDaemonAfterAnotherWaitsForItsReadinessAndComesBack() throws IOException {
        final Path cure = AREA.files().resolve("first-cure");
        final TestTree tree =
                tree(
                        new TestManifest("after")
                                .daemon("second", CounterDaemon.class, "'after': ['first']")
                                .daemon(
                                        "first",
                                        DiesAtOnceDaemon.class,
                                        "'settings': {'cure': '" + cure + "'}",
                                        "'restart': {'limit': 1000, 'backoff': '1 ms .. 5 ms'}"));
        final CoppiceCli.Running console = tree.start();
        Waiting.until(
                "the first has died some times",
                () -> tree.hasBoard() && tree.restarts("first") > 2);
        assertEquals(DaemonState.WAITING, tree.state("second"));
        assertEquals(0, tree.epoch("second"));
        Files.createFile(cure);
        tree.awaitReady("second", 1);

        // While the first is away again, the second that dies has to wait for it.
        Files.delete(cure);
        final long restarts = tree.restarts("first");
        tree.killDaemon("first");
        Waiting.until("the first is away", () -> tree.restarts("first") > restarts + 1);
        tree.killDaemon("second");
        Waiting.until("the second waits", () -> tree.state("second") == DaemonState.WAITING);
        Files.createFile(cure);
        tree.awaitReady("second", 2);
        assertEquals(DaemonState.READY, tree.state("first"));
        tree.stop();
        assertEquals(0, console.await().exitCode());
    }

    @Test
    void restartStopsInOrderAndStartsAgain() {
        final TestTree tree =
                tree(new TestManifest("again").daemon("counter", CounterDaemon.class));
        tree.up();
        tree.awaitProgress("counter", SOME);
        final CoppiceCli.Result result = tree.cli().run("restart", "again/counter");
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(2, tree.epoch("counter"));
        assertEquals(0, tree.restarts("counter"), "a restart that was asked for is no death");
        assertEquals(ExitClass.FINISHED, tree.lastExit("counter"));
        assertTrue(lastBeginning(tree) >= SOME, tree.log("counter"));
    }

    private static TestManifest asking(final String name, final long acceptBelow) {
        return new TestManifest(name)
                .daemon(
                        "asked",
                        AskDaemon.class,
                        "'onCrash': 'ask'",
                        "'settings': {'acceptBelow': '" + acceptBelow + "'}");
    }

    private static TestTree tree(final TestManifest manifest) {
        return new TestTree(AREA, manifest);
    }

    private static long lastBeginning(final TestTree tree) {
        final String mark = "counter begins at ";
        final String log = tree.log("counter");
        return Long.parseLong(log.substring(log.lastIndexOf(mark) + mark.length()).strip());
    }
}
