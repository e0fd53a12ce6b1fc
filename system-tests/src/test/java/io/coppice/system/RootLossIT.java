package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.task.WorkerState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.EchoTransaction;
import io.coppice.system.daemons.LogsStopDaemon;
import io.coppice.system.daemons.PoolDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a kill -9 of root, or of a daemon with workers, leaves alive, and how it is taken over. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RootLossIT {
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void daemonsGoOnWithoutRootAndANewRunTakesTheTreeOver() throws Exception {
        final TestTree tree =
                tree(new TestManifest("orphans").daemon("counter", CounterDaemon.class));
        tree.up();
        tree.killDaemon("counter");
        tree.awaitReady("counter", 2);
        final JsonNode deaths = status(tree).at("/daemons/0/deaths");
        assertEquals(1, deaths.size(), deaths::toString);
        assertEquals("signal", deaths.at("/0/class").asText());
        final long root = tree.rootPid();
        final long daemon = tree.pid("counter");
        TestTree.kill(root);
        tree.awaitDeath(root);
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertTrue(TestTree.isAlive(daemon));
        assertEquals("lost", status(tree).at("/state").asText());
        assertEquals(deaths, status(tree).at("/daemons/0/deaths"));

        tree.up();
        assertTrue(TestTree.isAlive(daemon), "who serves is not disturbed");
        assertEquals(daemon, tree.pid("counter"));
        assertEquals(2, tree.epoch("counter"));
        assertEquals(2, tree.board().rootEpoch());
        assertEquals(1, tree.restarts("counter"));
        assertEquals(DaemonState.READY, tree.state("counter"));
        assertEquals(deaths, status(tree).at("/daemons/0/deaths"), "with times and classes");

        final long before = tree.progress("counter");
        tree.killDaemon("counter");
        tree.awaitReady("counter", 3);
        assertEquals(ExitClass.UNKNOWN, tree.lastExit("counter"));
        assertEquals(2, tree.restarts("counter"));
        assertTrue(lastBeginning(tree) >= before, tree.log("counter"));
        final JsonNode both = status(tree).at("/daemons/0/deaths");
        assertEquals(2, both.size(), both::toString);
        assertEquals(deaths.get(0), both.get(0), "the oldest first");
        assertEquals("unknown", both.at("/1/class").asText());
        tree.stop();
        assertFalse(TestTree.isAlive(tree.rootPid()));
    }

    @Test
    void aRunFolderThatIsSpelledOtherwiseIsTheSame() throws Exception {
        final Path manifest =
                new TestManifest("spelled")
                        .daemon("counter", CounterDaemon.class)
                        .write(AREA.files());
        final Path link =
                Files.createSymbolicLink(
                        AREA.files().resolve("link"), AREA.runFolder().getParent());
        final CoppiceCli byLink = AREA.cli(link.resolve(AREA.runFolder().getFileName()));
        final TestTree tree = new TestTree(byLink, AREA.runFolder(), "spelled", manifest).up();
        final long daemon = tree.pid("counter");
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(tree.rootPid());

        final TestTree same = new TestTree(AREA.cli(), AREA.runFolder(), "spelled", manifest).up();
        assertEquals(daemon, same.pid("counter"), "an arena has one writer");
        assertEquals(1, same.epoch("counter"));
        assertEquals(2, same.board().rootEpoch());
        final CoppiceCli.Result stopped = byLink.run("stop", "spelled");
        assertEquals(0, stopped.exitCode(), stopped::toString);
    }

    @Test
    void whatDiedWithoutARootIsStartedAgainAndTheOthersGoOn() {
        final TestTree tree =
                tree(
                        new TestManifest("gap")
                                .daemon("dies", CounterDaemon.class)
                                .daemon("lives", CounterDaemon.class));
        tree.up();
        final long lives = tree.pid("lives");
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(tree.rootPid());
        final long dies = tree.pid("dies");
        tree.killDaemon("dies");
        tree.awaitDeath(dies);

        tree.up();
        assertEquals(lives, tree.pid("lives"));
        assertEquals(1, tree.epoch("lives"));
        assertEquals(2, tree.epoch("dies"));
        assertEquals(1, tree.restarts("dies"));
        // All have been ready once, so that "run" need not wait for it.
        tree.awaitReady("dies", 2);
        tree.stop();
    }

    @Test
    void aDaemonThatThePlanChangesIsStoppedInOrderAndTheOthersGoOn() {
        final TestTree tree =
                tree(
                        new TestManifest("changed")
                                .daemon("same", CounterDaemon.class)
                                .daemon("other", CounterDaemon.class)
                                .daemon("gone", CounterDaemon.class));
        tree.up();
        final long same = tree.pid("same");
        final long gone = tree.pid("gone");
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
        final long seen = tree.progress("other");

        new TestManifest("changed")
                .daemon("same", CounterDaemon.class)
                .daemon("other", CounterDaemon.class, "'settings': {'until': '0'}")
                .write(AREA.files());
        tree.up();
        assertEquals(same, tree.pid("same"));
        assertEquals(1, tree.epoch("same"));
        assertEquals(2, tree.epoch("other"));
        assertEquals(0, tree.restarts("other"), "it did not die of itself");
        assertTrue(tree.progress("other") >= seen);
        assertFalse(TestTree.isAlive(gone));
        assertEquals(2, tree.board().plan().daemons().size());
        tree.stop();
    }

    @Test
    void aBoardThatIsGoneLeavesNoDaemonBesideItsSuccessor() throws Exception {
        final TestTree tree =
                tree(new TestManifest("boardless").daemon("counter", CounterDaemon.class));
        tree.up();
        final long daemon = tree.pid("counter");
        final long seen = tree.progress("counter");
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(tree.rootPid());
        Files.delete(tree.folder().resolve(Board.FILE));

        tree.up();
        assertFalse(TestTree.isAlive(daemon), "an arena has one writer");
        assertEquals(2, tree.epoch("counter"), "what the first one said is not its successor's");
        assertTrue(lastBeginning(tree) >= seen, tree.log("counter"));
        tree.stop();
    }

    @Test
    void noRootBeginsBesideALivingOneWhoseLockFileIsGone() throws Exception {
        final TestTree tree =
                tree(new TestManifest("twice").daemon("counter", CounterDaemon.class));
        tree.up();
        final long root = tree.rootPid();
        Files.delete(tree.folder().resolve("lock"));
        final CoppiceCli.Result second = tree.start("--detach").await();
        assertEquals(75, second.exitCode(), second::toString);
        assertEquals(root, tree.rootPid());
        assertTrue(TestTree.isAlive(root));
        Files.createFile(tree.folder().resolve("lock"));
        tree.stop();
    }

    @Test
    void aGuardStartsRootAgainUntilTheTreeIsStopped() {
        final TestTree tree =
                tree(new TestManifest("guarded").daemon("counter", CounterDaemon.class));
        tree.up("--guard");
        final long daemon = tree.pid("counter");
        for (int epoch = 2; epoch <= 4; epoch++) {
            final long root = tree.rootPid();
            TestTree.kill(root);
            final int next = epoch;
            Waiting.until(
                    "root " + next + " has the tree",
                    () -> tree.board().rootEpoch() == next && tree.board().allReadyNs() != 0);
            assertTrue(tree.rootPid() != root);
        }
        assertEquals(daemon, tree.pid("counter"));
        assertEquals(1, tree.epoch("counter"));
        tree.stop();
        Waiting.until("the guard has ended too", () -> AREA.processes().isEmpty());
    }

    @Test
    void aGuardStopsTheTreeWhenItsConsoleIsInterrupted() {
        final TestTree tree =
                tree(new TestManifest("watched").daemon("counter", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start("--guard");
        tree.awaitState("counter", DaemonState.READY);
        final long root = tree.rootPid();
        TestTree.kill(root);
        Waiting.until("there is another root", () -> tree.rootPid() != root);
        tree.awaitState("counter", DaemonState.READY);
        assertTrue(console.isAlive());
        console.signal(Signals.INT);
        final CoppiceCli.Result result = console.await();
        assertEquals(130, result.exitCode(), result::toString);
        assertEquals(TreeState.STOPPED, tree.treeState());
    }

    @Test
    void aTreeOutlivesItsGuard() {
        final TestTree tree =
                tree(new TestManifest("unguarded").daemon("counter", CounterDaemon.class));
        tree.up("--guard");
        final long guard =
                AREA.processes().stream()
                        .filter(
                                pid ->
                                        OperatingSystem.current()
                                                .commandLine(pid)
                                                .contains("io.coppice.root.loop.GuardMain"))
                        .findAny()
                        .orElseThrow();
        TestTree.kill(guard);
        tree.awaitDeath(guard);
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertTrue(TestTree.isAlive(tree.rootPid()));
        tree.stop();
    }

    @Test
    void aGuardPassesTheRefusalOfTheFirstRootOn() throws Exception {
        final TestTree tree =
                tree(new TestManifest("refused").daemon("counter", CounterDaemon.class));
        Files.createDirectories(tree.folder().resolve("bells"));
        final CoppiceCli.Result result = tree.start("--guard").await();
        assertEquals(71, result.exitCode(), result::toString);
        assertTrue(result.stderr().get(0).contains("bells"), result::toString);
    }

    @Test
    void theConsoleSaysThatRootWasKilledAndWhatToDo() {
        final TestTree tree = tree(new TestManifest("told").daemon("counter", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start();
        tree.awaitState("counter", DaemonState.READY);
        TestTree.kill(tree.rootPid());
        final CoppiceCli.Result result = console.await();
        assertEquals(71, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains("SIGKILL"), result::toString);
        assertTrue(result.stderr().get(0).contains("coppice run"), result::toString);
        clean(tree, "told");
    }

    @Test
    void cleanEndsWhatADeadRootHasLeftAlive() {
        final TestTree tree = tree(new TestManifest("left").daemon("counter", CounterDaemon.class));
        tree.up();
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(tree.rootPid());
        assertTrue(TestTree.isAlive(tree.pid("counter")));
        clean(tree, "left");
        assertEquals(List.of(), AREA.processes());
    }

    @Test
    void stopSaysThatATreeWithoutRootDoesNotRun() {
        final TestTree tree =
                tree(new TestManifest("headless").daemon("counter", CounterDaemon.class));
        tree.up();
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(tree.rootPid());
        final CoppiceCli.Result result = tree.cli().run("stop", "headless");
        assertEquals(69, result.exitCode(), result::toString);
        clean(tree, "headless");
    }

    @Test
    void daemonsThatMustNotOutliveRootEndInOrder() throws IOException {
        final Path book = AREA.files().resolve("loyal-book");
        final TestTree tree =
                tree(
                        new TestManifest("loyal")
                                .daemon(
                                        "loyal",
                                        LogsStopDaemon.class,
                                        "'onRootLoss': 'stop'",
                                        "'settings': {'book': '" + book + "'}")
                                .daemon("free", CounterDaemon.class));
        tree.up();
        final long loyal = tree.pid("loyal");
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(loyal);
        assertEquals(List.of("opens loyal", "closes loyal"), Files.readAllLines(book));
        final long seen = tree.progress("free");
        tree.awaitProgress("free", seen + SOME);
        clean(tree, "loyal");
    }

    @Test
    void logsAreKeptWhenAGuardStartsAnotherRoot() throws IOException {
        final TestTree tree = tree(new TestManifest("kept").daemon("counter", CounterDaemon.class));
        tree.up("--guard");
        tree.killDaemon("counter");
        tree.awaitReady("counter", 2);
        final long root = tree.rootPid();
        OperatingSystem.current().signal(root, Signals.HUP);
        Waiting.until("root has said something", () -> !tree.log("root").isEmpty());
        final String counterLog = tree.log("counter");
        assertEquals(2, counterLog.lines().count(), counterLog);
        TestTree.kill(root);
        tree.awaitDeath(root);
        final String rootLog = tree.log("root");
        Waiting.until(
                "the next root has the tree",
                () -> tree.board().rootEpoch() == 2 && tree.board().allReadyNs() != 0);
        tree.killDaemon("counter");
        tree.awaitReady("counter", 3);
        assertTrue(tree.log("counter").startsWith(counterLog), tree.log("counter"));
        assertEquals(3, tree.log("counter").lines().count(), tree.log("counter"));
        assertTrue(tree.log("root").startsWith(rootLog), tree.log("root"));
        tree.stop();
    }

    @Test
    void workersDieWithTheirDaemon() {
        final TestTree tree =
                tree(
                        new TestManifest("family")
                                .daemon(
                                        "pool",
                                        PoolDaemon.class,
                                        "'settings': {'tasks': 'hang,hang'}",
                                        "'restart': {'policy': 'never'}",
                                        "'transactions': {'work': {'class': '"
                                                + EchoTransaction.class.getName()
                                                + "', 'workers': '2..2', 'deadline': '10 min'}}"));
        tree.up();
        Waiting.until(
                "both hang",
                () ->
                        tree.worker("pool", "work", 0) == WorkerState.RUNNING
                                && tree.worker("pool", "work", 1) == WorkerState.RUNNING);
        final long first = tree.workerPid("pool", "work", 0);
        final long second = tree.workerPid("pool", "work", 1);
        tree.killDaemon("pool");
        tree.awaitDeath(first);
        tree.awaitDeath(second);
        tree.awaitState("pool", DaemonState.QUARANTINED);
        tree.stop();
    }

    private static JsonNode status(final TestTree tree) throws IOException {
        final CoppiceCli.Result result =
                tree.cli().run("status", tree.folder().getFileName().toString(), "--json");
        assertEquals(0, result.exitCode(), result::toString);
        return new ObjectMapper().readTree(String.join("\n", result.stdout())).at("/trees/0");
    }

    private static void clean(final TestTree tree, final String name) {
        final CoppiceCli.Result result = tree.cli().run("clean", name);
        assertEquals(0, result.exitCode(), result::toString);
        assertFalse(Files.exists(tree.folder()));
    }

    private static long lastBeginning(final TestTree tree) {
        final String mark = "counter begins at ";
        final String log = tree.log("counter");
        return Long.parseLong(log.substring(log.lastIndexOf(mark) + mark.length()).strip());
    }

    private static TestTree tree(final TestManifest manifest) {
        return new TestTree(AREA, manifest);
    }
}
