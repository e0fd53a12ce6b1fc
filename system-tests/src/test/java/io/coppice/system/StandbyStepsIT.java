package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.board.UpgradeWord;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.ReleaseDaemon;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Root is killed at each numbered step of what it does about standbys, and about anything else
 * where one lives: the tree is whole each time, and no standby is lost or there twice.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StandbyStepsIT {
    private static final long SOME = 3;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private final SteppedTree stepped = new SteppedTree(AREA);

    @Test
    void ofATakeover() {
        beginWarm("takeover");
        for (final String step : RootStepLists.TAKEOVER) {
            final long bystander = stepped.tree().pid("still");
            final long standby = stepped.tree().word("counter", BoardWord.STANDBY_PID);
            final long restarts = stepped.tree().restarts("counter");
            final long takeovers = stepped.tree().word("counter", BoardWord.TAKEOVERS);
            final long seen = stepped.tree().progress("counter");
            final Process root = stepped.root("-Dcoppice.root.killAt=" + step);
            stepped.awaitRoot(root);
            stepped.tree().killDaemon("counter");
            stepped.assertKilled(root, step);
            stepped.tree().awaitProgress("counter", seen + SOME);

            assertWholeWithStandby(step);
            assertEquals(standby, stepped.tree().pid("counter"), step + ": the standby went on");
            assertEquals(bystander, stepped.tree().pid("still"), step);
            assertEquals(restarts + 1, stepped.tree().restarts("counter"), step);
            assertEquals(takeovers + 1, stepped.tree().word("counter", BoardWord.TAKEOVERS), step);
            stepped.killRoot();
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void ofAnUpgrade() {
        stepped.begin("upgrade");
        final Release[] releases = {
            Release.built(AREA, "a", "return when;"), Release.built(AREA, "b", "return when;")
        };
        int next = 0;
        for (final String step : RootStepLists.UPGRADE) {
            final Release release = releases[next++ % releases.length];
            final long bystander = stepped.tree().pid("still");
            final long seen = stepped.tree().progress("counter");
            final Process root = stepped.root("-Dcoppice.root.killAt=" + step);
            stepped.awaitRoot(root);
            final CoppiceCli.Running upgrade = upgrade("upgrade", release);
            stepped.assertKilled(root, step);
            final int exitCode = upgrade.await().exitCode();
            assertTrue(exitCode == 71 || exitCode == 0 && step.startsWith("READY"), step);

            stepped.awaitRoot(stepped.root());
            Waiting.until(step + ": it is over", () -> !stepped.tree().board().isUpgrading());
            stepped.tree().awaitState("counter", DaemonState.READY);
            if (UpgradeWord.state(stepped.tree().board().upgrade()) != UpgradeState.DONE) {
                final CoppiceCli.Result again = upgrade("upgrade", release).await();
                assertEquals(0, again.exitCode(), again::toString);
            }
            assertTrue(
                    OperatingSystem.current()
                            .commandLine(stepped.tree().pid("counter"))
                            .toString()
                            .contains(release.folder().toString()),
                    step);
            assertEquals(bystander, stepped.tree().pid("still"), step);
            assertEquals(0, stepped.tree().restarts("counter"), step + ": no death");
            stepped.tree().awaitProgress("counter", seen + SOME);
            stepped.killRoot();
            stepped.assertWhole(step, bystander);
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void ofAnUpgradeThatIsTakenBack() {
        final Release old = Release.built(AREA, "old", "return when;");
        final Release broken =
                Release.built(
                        AREA,
                        "broken",
                        "if (when.equals(\"open\")) {"
                                + " throw new IllegalStateException(\"cannot\"); }"
                                + " return when;");
        stepped.begin(
                new TestManifest("back")
                        .first(old.folder())
                        .daemon("still", CounterDaemon.class)
                        .daemon(
                                "counter",
                                ReleaseDaemon.class,
                                "'capacities': {'accounts': 100}",
                                SteppedTree.OFTEN));
        for (final String step : RootStepLists.UPGRADE_TAKEN_BACK) {
            final long bystander = stepped.tree().pid("still");
            final long seen = stepped.tree().progress("counter");
            final Process root = stepped.root("-Dcoppice.root.killAt=" + step);
            stepped.awaitRoot(root);
            final CoppiceCli.Running upgrade = upgrade("back", broken);
            stepped.assertKilled(root, step);
            assertEquals(71, upgrade.await().exitCode(), step);

            stepped.assertWhole(step, bystander);
            assertFalse(stepped.tree().board().isUpgrading(), step);
            assertEquals(
                    UpgradeState.TAKEN_BACK,
                    UpgradeWord.state(stepped.tree().board().upgrade()),
                    step);
            final String command =
                    OperatingSystem.current().commandLine(stepped.tree().pid("counter")).toString();
            assertTrue(command.contains(old.folder().toString()), command);
            assertFalse(command.contains(broken.folder().toString()), command);
            assertEquals(0, stepped.tree().restarts("counter"), step + ": no restart used up");
            stepped.tree().awaitProgress("counter", seen + SOME);
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void ofAnAdoptionBesideAStandby() {
        adoptsWithTheStandby("kept", RootStepLists.ADOPTION_BESIDE_A_STANDBY);
    }

    @Test
    @Tag("nightly")
    void ofEveryStepOfAnAdoptionBesideAStandby() {
        adoptsWithTheStandby("keptall", RootStepLists.START_AND_ADOPTION);
    }

    private void adoptsWithTheStandby(final String name, final List<String> steps) {
        beginWarm(name);
        for (final String step : steps) {
            final long bystander = stepped.tree().pid("still");
            final long counter = stepped.tree().pid("counter");
            final long standby = stepped.tree().word("counter", BoardWord.STANDBY_PID);
            final long seen = stepped.tree().progress("counter");
            stepped.assertKilled(stepped.root("-Dcoppice.root.killAt=" + step), step);

            assertWholeWithStandby(step);
            assertEquals(bystander, stepped.tree().pid("still"), step);
            assertEquals(counter, stepped.tree().pid("counter"), step);
            assertEquals(standby, stepped.tree().word("counter", BoardWord.STANDBY_PID), step);
            assertEquals(1, stepped.tree().epoch("counter"), step);
            assertEquals(0, stepped.tree().word("counter", BoardWord.STANDBY_DEATHS), step);
            stepped.tree().awaitProgress("counter", seen + SOME);
            stepped.killRoot();
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void ofAStopBesideAStandby() {
        stopsWithTheStandby("stopped", RootStepLists.STOP_BESIDE_A_STANDBY);
    }

    @Test
    @Tag("nightly")
    void ofEveryStepOfAStopBesideAStandby() {
        stopsWithTheStandby("stoppedall", RootStepLists.STOP);
    }

    private void stopsWithTheStandby(final String name, final List<String> steps) {
        beginWarm(name);
        for (final String step : steps) {
            final long seen = stepped.tree().progress("counter");
            final Process root = stepped.root("-Dcoppice.root.killAt=" + step);
            stepped.awaitRoot(root);
            OperatingSystem.current().signal(root.pid(), Signals.TERM);
            stepped.assertKilled(root, step);

            assertWholeWithStandby(step);
            assertEquals(0, stepped.tree().restarts("counter"), step + ": it was asked to stop");
            assertEquals(0, stepped.tree().word("counter", BoardWord.TAKEOVERS), step);
            stepped.tree().awaitProgress("counter", seen + SOME);
            stepped.killRoot();
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    /** Starts a tree whose counter has a warm standby, and kills its root. */
    private void beginWarm(final String name) {
        stepped.begin(name, "'standby': 1");
        stepped.awaitRoot(stepped.root());
        stepped.tree().awaitWarmStandby("counter");
        stepped.killRoot();
    }

    /** Runs root again and finds both daemons and one warm standby, and nobody twice. */
    private void assertWholeWithStandby(final String step) {
        stepped.awaitRoot(stepped.root());
        final TestTree tree = stepped.tree();
        tree.awaitState("still", DaemonState.READY);
        tree.awaitWarmStandby("counter");
        assertEquals(
                Stream.of(
                                tree.pid("counter"),
                                tree.pid("still"),
                                tree.word("counter", BoardWord.STANDBY_PID))
                        .sorted()
                        .toList(),
                stepped.daemons(),
                step + ": no process twice");
        assertFalse(tree.log("counter").contains("half a transaction"), step);
    }

    private CoppiceCli.Running upgrade(final String tree, final Release release) {
        return AREA.cli().start("upgrade", tree + "/counter", "--classpath", release.classPath());
    }
}
