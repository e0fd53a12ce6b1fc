package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.IgnoresStopDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code coppice reload}: what it changes, what it leaves alone, and what it refuses. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ReloadIT {
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void startsStopsAndRestartsWhatChangedAndNothingElse() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("live")
                                .daemon("same", CounterDaemon.class)
                                .daemon("gone", CounterDaemon.class)
                                .daemon("other", CounterDaemon.class));
        final CoppiceCli.Running console = tree.start();
        awaitReady(tree, "same", "gone", "other");
        final long root = tree.rootPid();
        final long rootEpoch = tree.board().rootEpoch();
        final long same = tree.pid("same");
        final long gone = tree.pid("gone");
        final long seenOfOther = tree.progress("other");
        final long seenOfGone = tree.progress("gone");

        new TestManifest("live")
                .daemon("fresh", CounterDaemon.class)
                .daemon("same", CounterDaemon.class, "'after': ['fresh']")
                .daemon("other", CounterDaemon.class, "'settings': {'until': '0'}")
                .write(AREA.files());
        final CoppiceCli.Result result = reload(tree, "live");
        assertTrue(
                result.stdout()
                        .get(0)
                        .endsWith("starts fresh; restarts other; stops gone; keeps same"),
                result::toString);
        assertEquals(root, tree.rootPid());
        assertEquals(rootEpoch + 1, tree.board().rootEpoch());
        assertEquals(same, tree.pid("same"), "who serves is not disturbed");
        assertEquals(1, tree.epoch("same"));
        assertEquals(2, tree.epoch("other"));
        assertEquals(0, tree.restarts("other"), "it did not die of itself");
        assertTrue(tree.progress("other") >= seenOfOther);
        assertFalse(TestTree.isAlive(gone));
        assertEquals(
                Stream.of(same, tree.pid("other"), tree.pid("fresh")).sorted().toList(),
                AREA.daemons());
        tree.awaitProgress("same", tree.progress("same") + SOME);
        tree.awaitProgress("fresh", SOME);
        assertTrue(console.isAlive());
        assertEquals(75, tree.start().await().exitCode(), "the new root has the lock again");

        assertEquals(
                List.of("tree \"live\": nothing has changed"),
                tree.cli().run("reload", "live").stdout());
        final TestManifest back =
                new TestManifest("live")
                        .daemon("same", CounterDaemon.class)
                        .daemon("other", CounterDaemon.class, "'settings': {'until': '0'}")
                        .daemon("gone", CounterDaemon.class);
        back.write(AREA.files());
        reload(tree, "live");
        assertEquals(same, tree.pid("same"));
        assertEquals(2, tree.epoch("other"));
        assertTrue(tree.epoch("gone") > 1, "its epochs go on");
        assertTrue(tree.progress("gone") >= seenOfGone, "its state was kept");

        tree.killDaemon("same");
        tree.awaitReady("same", 2);
        tree.stop();
        final CoppiceCli.Result end = console.await();
        assertEquals(0, end.exitCode(), end::toString);
        assertEquals(List.of(), AREA.daemons());
    }

    @Test
    void refusesWhatCannotBeAndGoesOn() throws IOException {
        final TestManifest manifest =
                new TestManifest("firm").daemon("counter", CounterDaemon.class);
        final TestTree tree = new TestTree(AREA, manifest).up();
        final Path file = AREA.files().resolve("firm.json");
        final long daemon = tree.pid("counter");
        final long rootEpoch = tree.board().rootEpoch();

        Files.writeString(file, "{ \"tree\": ");
        refused(78, file + ":", tree.cli().run("reload", "firm"));
        Files.delete(file);
        refused(78, "the file does not exist", tree.cli().run("reload", "firm"));
        final Path other =
                new TestManifest("else").daemon("counter", CounterDaemon.class).write(AREA.files());
        refused(
                78,
                "is \"else\", and the tree that runs is \"firm\"",
                tree.cli().run("reload", "firm", other.toString()));
        refused(69, "did you mean \"firm\"?", tree.cli().run("reload", "frim"));
        manifest.write(AREA.files());
        refused(78, "counter.nonsense", tree.cli().run("reload", "--set", "counter.nonsense"));
        refused(
                71,
                "such a change needs a fresh arena",
                tree.cli().run("reload", "firm", "--set", "counter.journal=128 KiB"));

        assertEquals(daemon, tree.pid("counter"));
        assertEquals(rootEpoch, tree.board().rootEpoch());
        tree.awaitProgress("counter", tree.progress("counter") + SOME);
        tree.stop();
        refused(69, "does not run", tree.cli().run("reload", "firm"));
    }

    @Test
    void twiceAtOnceIsOnceAndWhileATreeStopsNever() {
        final TestManifest manifest =
                new TestManifest("slow")
                        .daemon("counter", CounterDaemon.class)
                        .daemon("deaf", IgnoresStopDaemon.class, "'stopTimeout': '3 s'");
        final TestTree tree = new TestTree(AREA, manifest).up();
        final CoppiceCli.Running first =
                tree.cli().start("reload", "slow", "--set", "deaf.heap=40 MiB");
        tree.awaitState("deaf", DaemonState.STOPPING);
        refused(75, "is being reloaded already", tree.cli().run("reload", "slow"));
        assertEquals(0, first.await().exitCode());
        assertEquals(2, tree.epoch("deaf"));
        assertEquals(1, tree.epoch("counter"));

        final CoppiceCli.Running stop = tree.cli().start("stop", "slow");
        tree.awaitState("deaf", DaemonState.STOPPING);
        refused(75, "stops", tree.cli().run("reload", "slow"));
        assertEquals(0, stop.await().exitCode());
    }

    @Test
    void anArenaGrowsAndShrinksWithItsStateKept() {
        final TestTree tree =
                new TestTree(
                                AREA,
                                new TestManifest("sizes")
                                        .daemon("counter", CounterDaemon.class)
                                        .daemon("still", CounterDaemon.class))
                        .up();
        final long still = tree.pid("still");
        final Path arena = tree.folder().resolve("counter.arena");
        for (final int mebibytes : List.of(8, 1)) {
            final long seen = tree.progress("counter");
            final long epoch = tree.epoch("counter");
            assertNotEquals(0, seen);
            final CoppiceCli.Result result =
                    tree.cli()
                            .run(
                                    "reload",
                                    "sizes",
                                    "--set",
                                    "counter.memory=" + mebibytes + " MiB");
            assertEquals(0, result.exitCode(), result::toString);
            assertEquals((long) mebibytes << 20, arena.toFile().length());
            assertEquals(epoch + 1, tree.epoch("counter"));
            assertTrue(tree.log("counter").lines().anyMatch(line -> beganAt(line) >= seen));
            tree.awaitProgress("counter", seen + SOME);
        }
        assertEquals(still, tree.pid("still"));
        assertEquals(0, tree.cli().run("state", "verify", "sizes/counter").exitCode());
        tree.stop();
    }

    @Test
    void aRootThatDiesAfterAReloadIsFollowedByOneWithTheNewPlan() {
        final TestTree tree =
                new TestTree(
                                AREA,
                                new TestManifest("guarded").daemon("counter", CounterDaemon.class))
                        .up("--guard");
        final long counter = tree.pid("counter");
        new TestManifest("guarded")
                .daemon("counter", CounterDaemon.class)
                .daemon("late", CounterDaemon.class)
                .write(AREA.files());
        reload(tree, "guarded");
        final long late = tree.pid("late");
        final long rootEpoch = tree.board().rootEpoch();
        TestTree.kill(tree.rootPid());
        Waiting.until(
                "the guard has started another root",
                () -> tree.board().rootEpoch() > rootEpoch && tree.board().allReadyNs() != 0);
        assertEquals(counter, tree.pid("counter"));
        assertEquals(late, tree.pid("late"));
        reload(tree, "guarded");
        tree.stop();
    }

    @Test
    void sigHupReloadsAndTellsTheLogWhatIsWrong() throws IOException {
        final TestTree tree =
                new TestTree(
                                AREA,
                                new TestManifest("signalled")
                                        .daemon("counter", CounterDaemon.class))
                        .up();
        final long root = tree.rootPid();
        final long counter = tree.pid("counter");
        final Path file = AREA.files().resolve("signalled.json");
        Files.writeString(file, "{ \"tree\": ");
        OperatingSystem.current().signal(root, Signals.HUP);
        Waiting.until("root's log names the mistake", () -> rootLog(tree).contains(file + ":"));
        assertEquals(counter, tree.pid("counter"));

        new TestManifest("signalled")
                .daemon("counter", CounterDaemon.class)
                .daemon("late", CounterDaemon.class)
                .write(AREA.files());
        OperatingSystem.current().signal(root, Signals.HUP);
        Waiting.until(
                "the new daemon is ready",
                () ->
                        tree.plan("late") != null
                                && tree.state("late") == DaemonState.READY
                                && tree.board().allReadyNs() != 0);
        assertEquals(root, tree.rootPid());
        assertEquals(counter, tree.pid("counter"));
        assertTrue(rootLog(tree).contains("root: reload: starts late; keeps counter"));
        tree.stop();
        assertEquals(List.of(), AREA.processes());
    }

    private static String rootLog(final TestTree tree) {
        return tree.log("root");
    }

    private static CoppiceCli.Result reload(final TestTree tree, final String name) {
        final CoppiceCli.Result result = tree.cli().run("reload", name);
        assertEquals(0, result.exitCode(), result::toString);
        return result;
    }

    private static void refused(
            final int exitCode, final String words, final CoppiceCli.Result result) {
        assertEquals(exitCode, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains(words), result::toString);
    }

    private static void awaitReady(final TestTree tree, final String... daemons) {
        for (final String daemon : daemons) {
            tree.awaitState(daemon, DaemonState.READY);
        }
    }

    private static long beganAt(final String line) {
        final String beginning = "counter begins at ";
        return line.startsWith(beginning) ? Long.parseLong(line.substring(beginning.length())) : -1;
    }
}
