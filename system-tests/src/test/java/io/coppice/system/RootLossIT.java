package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.task.WorkerState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.EchoTransaction;
import io.coppice.system.daemons.PoolDaemon;
import java.nio.file.Files;
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
        final long root = tree.rootPid();
        final long daemon = tree.pid("counter");
        TestTree.kill(root);
        tree.awaitDeath(root);
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertTrue(TestTree.isAlive(daemon));
        final CoppiceCli.Result status = tree.cli().run("status", "orphans", "--json");
        assertEquals(
                "lost",
                new ObjectMapper()
                        .readTree(String.join("\n", status.stdout()))
                        .at("/trees/0/state")
                        .asText(),
                status::toString);

        tree.up();
        assertFalse(TestTree.isAlive(daemon), "an arena has one writer");
        assertEquals(3, tree.epoch("counter"));
        assertEquals(2, tree.board().rootEpoch());
        assertEquals(DaemonState.READY, tree.state("counter"));
        assertTrue(lastBeginning(tree) >= seen + SOME, tree.log("counter"));
        tree.awaitProgress("counter", lastBeginning(tree) + SOME);
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
    void daemonsThatMustNotOutliveRootEndInOrder() {
        final TestTree tree =
                tree(
                        new TestManifest("loyal")
                                .daemon("loyal", CounterDaemon.class, "'onRootLoss': 'stop'")
                                .daemon("free", CounterDaemon.class));
        tree.up();
        final long loyal = tree.pid("loyal");
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(loyal);
        final long seen = tree.progress("free");
        tree.awaitProgress("free", seen + SOME);
        clean(tree, "loyal");
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
