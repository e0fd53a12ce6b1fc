package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Root is killed at each numbered step of a reload: the next one finds the tree whole, with the old
 * plan or with the new one, and never with a part of each.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ReloadStepsIT {
    private static final long SOME = 3;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void theNextRunFindsTheTreeWholeWithTheNewManifest() {
        boolean changed = false;
        final TestTree tree =
                new TestTree(AREA.cli(), AREA.runFolder(), "steps", write("steps", changed));
        tree.up();
        final long still = tree.pid("still");
        for (final List<String> steps :
                List.of(RootStepLists.RELOAD_BEFORE, RootStepLists.RELOAD_AFTER)) {
            for (final String step : steps) {
                killRoot(tree);
                final long seen = tree.progress("counter");
                final CoppiceCli.Result up =
                        killedAt(step)
                                .run(
                                        "run",
                                        "--detach",
                                        AREA.files().resolve("steps.json").toString());
                assertEquals(0, up.exitCode(), up::toString);
                final long root = tree.rootPid();
                changed = !changed;
                write("steps", changed);
                final CoppiceCli.Result reload = AREA.cli().run("reload", "steps");
                assertEquals(71, reload.exitCode(), () -> step + ": " + reload);
                tree.awaitDeath(root);

                tree.up();
                assertWhole(step, tree, still, changed);
                tree.awaitProgress("counter", seen + SOME);
            }
        }
        tree.stop();
    }

    @Test
    void theNextRootOfAGuardFindsTheTreeWholeWithThePlanOfTheBoard() {
        for (final String step :
                List.of(
                        "RELOAD_STOPPED",
                        "RELOAD_ARENAS_FITTED",
                        "RELOAD_BEGUN_ANEW",
                        "RELOAD_ADOPTED")) {
            final boolean applied = step.equals("RELOAD_ADOPTED");
            final TestTree tree =
                    new TestTree(
                            killedAt(step), AREA.runFolder(), "guarded", write("guarded", false));
            tree.up("--guard");
            final long still = tree.pid("still");
            final long seen = tree.progress("counter");
            final long rootEpoch = tree.board().rootEpoch();
            final long root = tree.rootPid();
            write("guarded", true);
            final CoppiceCli.Result reload = AREA.cli().run("reload", "guarded");
            // Where the plan is on the board by then, the next root may be there in time.
            assertTrue(
                    reload.exitCode() == 71 || applied && reload.exitCode() == 0,
                    () -> step + ": " + reload);
            Waiting.until(
                    "the guard has started another root",
                    () ->
                            tree.rootPid() != root
                                    && tree.board().rootEpoch() > rootEpoch
                                    && tree.board().allReadyNs() != 0);
            assertWhole(step, tree, still, applied);
            tree.awaitProgress("counter", seen + SOME);
            assertEquals(0, AREA.cli().run("stop", "guarded").exitCode());
            assertEquals(0, AREA.cli().run("clean", "guarded").exitCode());
        }
    }

    private static CoppiceCli killedAt(final String step) {
        return AREA.cli().with("JDK_JAVA_OPTIONS", "-Dcoppice.root.killAt=" + step);
    }

    /** One daemon stays, one grows and shrinks, and one makes place for another. */
    private static Path write(final String name, final boolean changed) {
        final String text =
                new TestManifest(name)
                        .daemon("still", CounterDaemon.class)
                        .daemon(changed ? "fresh" : "gone", CounterDaemon.class)
                        .daemon("counter", CounterDaemon.class)
                        .text();
        final int counter = text.indexOf("\"counter\"");
        final String larger =
                text.substring(0, counter) + text.substring(counter).replace("2 MiB", "3 MiB");
        try {
            return Files.writeString(AREA.files().resolve(name + ".json"), changed ? larger : text);
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void assertWhole(
            final String step, final TestTree tree, final long still, final boolean changed) {
        final String third = changed ? "fresh" : "gone";
        for (final String daemon : List.of("still", "counter", third)) {
            tree.awaitState(daemon, DaemonState.READY);
            assertTrue(TestTree.isAlive(tree.pid(daemon)), step);
        }
        assertEquals(still, tree.pid("still"), step + ": who serves is not disturbed");
        assertEquals(1, tree.epoch("still"), step);
        assertEquals(0, tree.restarts("counter"), step + ": it did not die of itself");
        final List<DaemonPlan> daemons = tree.board().plan().daemons();
        assertEquals(
                daemons.stream().map(daemon -> tree.pid(daemon.name())).sorted().toList(),
                living(),
                step + ": no process twice");
        assertEquals(3, daemons.size(), step);
        assertEquals(
                (changed ? 3L : 2L) << 20,
                tree.folder().resolve("counter.arena").toFile().length(),
                step);
        assertFalse(tree.log("counter").contains("half a transaction"), step);
    }

    private static void killRoot(final TestTree tree) {
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
    }

    private static List<Long> living() {
        return AREA.processes().stream()
                .filter(
                        pid ->
                                TestTree.isAlive(pid)
                                        && OperatingSystem.current()
                                                .commandLine(pid)
                                                .contains("io.coppice.daemon.DaemonMain"))
                .sorted()
                .toList();
    }
}
