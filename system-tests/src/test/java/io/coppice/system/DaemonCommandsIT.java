package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.DiesAtOnceDaemon;
import io.coppice.system.daemons.IgnoresStopDaemon;
import io.coppice.system.daemons.NeverReadyDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code restart} and {@code release} where they make no sense, or do not help. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class DaemonCommandsIT {
    private static final String LATER = "it is started or stopped already, wait for that";

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void aRestartOfOneThatWaitsForAnotherIs75() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("queue")
                                .daemon("first", NeverReadyDaemon.class)
                                .daemon("second", CounterDaemon.class, "'after': ['first']"));
        tree.start();
        tree.awaitState("second", DaemonState.WAITING);
        tree.awaitState("first", DaemonState.STARTING);
        final CoppiceCli.Result result = AREA.cli().run("restart", "queue/second");
        assertRefused(75, "queue/second is WAITING: " + LATER, result);
        assertEquals(DaemonState.WAITING, tree.state("second"));
        assertEquals(0, tree.epoch("second"));
        assertEquals(0, AREA.cli().run("stop", "queue", "--now").exitCode());
    }

    @Test
    void ofTwoRestartsAtTheSameTimeTheSecondIs75AndTheFirstIs71WhereRootDies() {
        final TestTree tree =
                new TestTree(
                                AREA,
                                new TestManifest("deaf")
                                        .daemon("still", CounterDaemon.class)
                                        .daemon(
                                                "deaf",
                                                IgnoresStopDaemon.class,
                                                "'stopTimeout': '10 min'"))
                        .up();
        final CoppiceCli.Running first = AREA.cli().start("restart", "deaf/deaf");
        tree.awaitState("deaf", DaemonState.STOPPING);
        assertRefused(
                75, "deaf/deaf is STOPPING: " + LATER, AREA.cli().run("restart", "deaf/deaf"));
        assertTrue(first.isAlive());
        tree.killDaemon("deaf");
        final CoppiceCli.Result done = first.await();
        assertEquals(0, done.exitCode(), done::toString);
        assertEquals(2, tree.epoch("deaf"), "one of them counts");

        final CoppiceCli.Running orphaned = AREA.cli().start("restart", "deaf/deaf");
        tree.awaitState("deaf", DaemonState.STOPPING);
        TestTree.kill(tree.rootPid());
        assertRefused(71, "deaf/deaf is not ready again; see its log in", orphaned.await());
        assertEquals(1, tree.epoch("still"));
        assertEquals(0, AREA.cli().run("clean", "deaf").exitCode());
    }

    @Test
    void aReleaseOfOneThatDiesTooOftenAgainIs70AndOfTwoAtTheSameTimeOneIs75() throws IOException {
        final Path cure = AREA.files().resolve("cure");
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("ill")
                                .daemon("still", CounterDaemon.class)
                                .daemon(
                                        "ill",
                                        DiesAtOnceDaemon.class,
                                        "'settings': {'cure': '" + cure + "'}",
                                        "'restart': {'limit': 1, 'backoff': '1 ms .. 5 ms'}"));
        tree.start();
        tree.awaitState("ill", DaemonState.QUARANTINED);
        for (final String command : List.of("release", "restart")) {
            final long epoch = tree.epoch("ill");
            assertRefused(
                    70, "ill/ill died too often again; see", AREA.cli().run(command, "ill/ill"));
            assertEquals(DaemonState.QUARANTINED, tree.state("ill"));
            assertEquals(epoch + 2, tree.epoch("ill"), "its deaths were forgotten");
        }

        Files.createFile(cure);
        final long epoch = tree.epoch("ill");
        final CoppiceCli.Running one = AREA.cli().start("release", "ill/ill");
        final CoppiceCli.Running two = AREA.cli().start("release", "ill/ill");
        final CoppiceCli.Result first = one.await();
        final CoppiceCli.Result second = two.await();
        assertEquals(75, first.exitCode() + second.exitCode(), () -> first + "\n" + second);
        assertRefused(
                75,
                "only a quarantined daemon can be released",
                first.exitCode() == 75 ? first : second);
        assertEquals(DaemonState.READY, tree.state("ill"));
        assertEquals(epoch + 1, tree.epoch("ill"));
        assertEquals(1, tree.epoch("still"));
        tree.stop();
    }

    @Test
    void aRestartOfOneThatIsNotReadyInTimeIs71() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("slow")
                                .daemon("still", CounterDaemon.class)
                                .daemon(
                                        "slow",
                                        NeverReadyDaemon.class,
                                        "'startTimeout': '1 s'",
                                        "'stopTimeout': '500 ms'",
                                        "'restart': {'limit': 1000, 'backoff': '1 ms .. 5 ms'}"));
        tree.start();
        tree.awaitState("slow", DaemonState.STARTING);
        final CoppiceCli.Result result = AREA.cli().run("restart", "slow/slow");
        assertRefused(71, "slow/slow is not ready again; see its log in", result);
        assertEquals(1, tree.epoch("still"));
        tree.stop();
    }

    private static void assertRefused(
            final int exitCode, final String why, final CoppiceCli.Result result) {
        assertEquals(exitCode, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains(why), result::toString);
        assertEquals(List.of(), result.stdout());
    }
}
