package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.board.UpgradeWord;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Root is killed at each numbered step of its own life and run again: the tree is whole each time.
 * The counters fail loudly where a transaction shows half.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RootStepsIT {
    private static final long SOME = 3;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private static final AtomicInteger ROOTS = new AtomicInteger();

    private TestTree tree;
    private Path plan;

    @Test
    void ofASpawnAndOfADeath() {
        begin("respawn");
        for (final String step :
                List.of(
                        "DEATH_SEEN",
                        "EXIT_STORED",
                        "PID_CLEARED",
                        "DEATH_JUDGED",
                        "RESTARTS_STORED",
                        "EPOCH_STORED",
                        "SPAWNED",
                        "START_TIME_STORED",
                        "PID_STORED",
                        "STARTING_STORED",
                        "DEATH_ANSWERED",
                        "READY_SEEN",
                        "READY_STORED")) {
            final long bystander = tree.pid("still");
            final long epoch = tree.epoch("counter");
            final long restarts = tree.restarts("counter");
            final long seen = tree.progress("counter");
            final Process root = root("-Dcoppice.root.killAt=" + step);
            awaitRoot(root);
            tree.killDaemon("counter");
            assertKilled(root, step);

            assertWhole(step, bystander);
            assertTrue(tree.epoch("counter") > epoch, step);
            assertTrue(tree.epoch("counter") <= epoch + 2, step + ": at most the lost spawn");
            assertEquals(
                    restarts + 1, tree.restarts("counter"), step + ": one death, counted once");
            tree.awaitProgress("counter", seen + SOME);
        }
        tree.up();
        tree.stop();
    }

    @Test
    void ofAStartAndOfAnAdoption() {
        begin("adopt");
        for (final String step :
                List.of(
                        "LOCKED",
                        "PLAN_READ",
                        "EARLIER_SETTLED",
                        "ARENAS_LAID",
                        "BELLS_LAID",
                        "MAILBOX_LAID",
                        "DOORBELL_LAID",
                        "BOARD_LAID",
                        "BOARD_SHOWN",
                        "DAEMON_ADOPTED",
                        "DAEMON_ADOPTED:1",
                        "ADOPTED")) {
            final long bystander = tree.pid("still");
            final long counter = tree.pid("counter");
            final long seen = tree.progress("counter");
            assertKilled(root("-Dcoppice.root.killAt=" + step), step);

            assertWhole(step, bystander);
            assertEquals(counter, tree.pid("counter"), step);
            assertEquals(1, tree.epoch("counter"), step);
            tree.awaitProgress("counter", seen + SOME);
        }
        tree.up();
        tree.stop();
    }

    @Test
    void ofATakeover() {
        begin("takeover", "'standby': 1");
        awaitRoot(root());
        awaitWarm();
        killRoot();
        for (final String step :
                List.of(
                        "DEATH_SEEN",
                        "DEATH_JUDGED",
                        "TAKEOVER_EPOCH_STORED",
                        "TAKEOVER_PID_STORED",
                        "TAKEOVER_STORED",
                        "STANDBY_EPOCH_STORED",
                        "STANDBY_SPAWNED",
                        "STANDBY_PID_STORED")) {
            final long bystander = tree.pid("still");
            final long standby = tree.word("counter", BoardWord.STANDBY_PID);
            final long restarts = tree.restarts("counter");
            final long takeovers = tree.word("counter", BoardWord.TAKEOVERS);
            final long seen = tree.progress("counter");
            final Process root = root("-Dcoppice.root.killAt=" + step);
            awaitRoot(root);
            tree.killDaemon("counter");
            assertKilled(root, step);
            tree.awaitProgress("counter", seen + SOME);

            awaitRoot(root());
            awaitWarm();
            assertEquals(standby, tree.pid("counter"), step + ": the standby went on");
            assertEquals(bystander, tree.pid("still"), step);
            assertEquals(restarts + 1, tree.restarts("counter"), step);
            assertEquals(takeovers + 1, tree.word("counter", BoardWord.TAKEOVERS), step);
            assertEquals(
                    Stream.of(
                                    tree.pid("counter"),
                                    tree.pid("still"),
                                    tree.word("counter", BoardWord.STANDBY_PID))
                            .sorted()
                            .toList(),
                    daemons(),
                    step + ": no process twice");
            assertTrue(!tree.log("counter").contains("half a transaction"), step);
            killRoot();
        }
        tree.up();
        tree.stop();
    }

    private void awaitWarm() {
        Waiting.until(
                "there is a warm standby",
                () ->
                        tree.state("counter") == DaemonState.READY
                                && StandbyState.of(tree.word("counter", BoardWord.STANDBY_STATE))
                                        == StandbyState.WARM);
    }

    @Test
    void ofAStop() {
        begin("stopping");
        for (final String step :
                List.of("STOP_STORED", "STOPPING_STORED", "TREE_STOPPED", "TREE_END_STORED")) {
            final long seen = tree.progress("counter");
            final Process root = root("-Dcoppice.root.killAt=" + step);
            awaitRoot(root);
            OperatingSystem.current().signal(root.pid(), Signals.TERM);
            assertKilled(root, step);

            assertWhole(step, 0);
            assertEquals(0, tree.restarts("counter"), step + ": it did not die of itself");
            tree.awaitProgress("counter", seen + SOME);
        }
        tree.up();
        tree.stop();
    }

    @Test
    void ofAChangeOfThePlan() {
        begin("change");
        final long bystander = tree.pid("still");
        final long seen = tree.progress("counter");
        final Path changed = manifest("change", "'settings': {'until': '0'}").write(AREA.files());
        final CoppiceCli.Result result =
                AREA.cli()
                        .with("JDK_JAVA_OPTIONS", "-Dcoppice.root.killAt=EARLIER_ASKED_TO_STOP")
                        .run("run", changed.toString());
        assertEquals(71, result.exitCode(), result::toString);
        tree.up();
        assertEquals(bystander, tree.pid("still"));
        assertEquals(2, tree.epoch("counter"));
        assertEquals(0, tree.restarts("counter"), "it did not die of itself");
        assertEquals(List.of(tree.pid("counter"), bystander).stream().sorted().toList(), daemons());
        tree.awaitProgress("counter", seen + SOME);
        tree.stop();
    }

    @Test
    void ofAnUpgrade() {
        begin("upgrade");
        final Release[] releases = {
            Release.built(AREA, "a", "return when;"), Release.built(AREA, "b", "return when;")
        };
        int next = 0;
        for (final String step :
                List.of(
                        "TRIAL_STORED",
                        "STANDBY_EPOCH_STORED",
                        "TRIAL_EPOCH_STORED",
                        "STANDBY_SPAWNED",
                        "STANDBY_PID_STORED",
                        "DEATH_SEEN",
                        "PID_CLEARED",
                        "PLAN_SWITCHED",
                        "TAKEOVER_EPOCH_STORED",
                        "TAKEOVER_PID_STORED",
                        "TAKEOVER_STORED",
                        "READY_SEEN",
                        "READY_STORED")) {
            final Release release = releases[next++ % releases.length];
            final long bystander = tree.pid("still");
            final long seen = tree.progress("counter");
            final Process root = root("-Dcoppice.root.killAt=" + step);
            awaitRoot(root);
            final CoppiceCli.Running upgrade = upgrade(release);
            assertKilled(root, step);
            final int exitCode = upgrade.await().exitCode();
            assertTrue(exitCode == 71 || exitCode == 0 && step.startsWith("READY"), step);

            awaitRoot(root());
            Waiting.until(step + ": it is over", () -> !tree.board().isUpgrading());
            tree.awaitState("counter", DaemonState.READY);
            if (UpgradeWord.state(tree.board().upgrade()) != UpgradeState.DONE) {
                final CoppiceCli.Result again = upgrade(release).await();
                assertEquals(0, again.exitCode(), again::toString);
            }
            assertTrue(
                    OperatingSystem.current()
                            .commandLine(tree.pid("counter"))
                            .toString()
                            .contains(release.folder().toString()),
                    step);
            assertEquals(bystander, tree.pid("still"), step);
            assertEquals(0, tree.restarts("counter"), step + ": no death");
            tree.awaitProgress("counter", seen + SOME);
            killRoot();
            assertWhole(step, bystander);
        }
        tree.up();
        tree.stop();
    }

    private CoppiceCli.Running upgrade(final Release release) {
        return tree.cli().start("upgrade", "upgrade/counter", "--classpath", release.classPath());
    }

    @Test
    @Tag("nightly")
    void ofAFirstStart() {
        for (final String step :
                List.of(
                        "LOCKED",
                        "PLAN_READ",
                        "EARLIER_SETTLED",
                        "ARENAS_LAID",
                        "BELLS_LAID",
                        "MAILBOX_LAID",
                        "DOORBELL_LAID",
                        "BOARD_LAID",
                        "BOARD_SHOWN",
                        "EPOCH_STORED",
                        "SPAWNED",
                        "START_TIME_STORED",
                        "PID_STORED",
                        "STARTING_STORED",
                        "READY_SEEN",
                        "READY_STORED",
                        "EPOCH_STORED:1",
                        "PID_STORED:1")) {
            begin("first");
            tree.up();
            tree.stop();
            assertEquals(0, tree.cli().run("clean", "first").exitCode());
            assertTrue(tree.folder().resolve("log").toFile().mkdirs());
            assertKilled(root("-Dcoppice.root.killAt=" + step), step);
            assertWhole(step, 0);
            tree.up();
            tree.stop();
            assertEquals(0, tree.cli().run("clean", "first").exitCode());
        }
    }

    /** Starts the tree, keeps its plan, and kills its root. */
    private void begin(final String name, final String... more) {
        tree = new TestTree(AREA, manifest(name, more));
        tree.up();
        plan = AREA.files().resolve(name + ".plan");
        try {
            Files.write(plan, tree.board().planBytes());
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
        killRoot();
    }

    private static TestManifest manifest(final String name, final String... more) {
        final List<String> members = new ArrayList<>(List.of(more));
        members.add("'restart': {'limit': 1000, 'backoff': '1 ms .. 5 ms'}");
        return new TestManifest(name)
                .daemon("still", CounterDaemon.class)
                .daemon("counter", CounterDaemon.class, members.toArray(String[]::new));
    }

    private void killRoot() {
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
    }

    private void assertKilled(final Process root, final String step) {
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
    private void assertWhole(final String step, final long bystander) {
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

    private static List<Long> daemons() {
        return AREA.processes().stream()
                .filter(
                        pid ->
                                OperatingSystem.current()
                                        .commandLine(pid)
                                        .contains("io.coppice.daemon.DaemonMain"))
                .sorted()
                .toList();
    }

    private void awaitRoot(final Process root) {
        Waiting.until(
                "root " + root.pid() + " has adopted the tree",
                () ->
                        tree.hasBoard()
                                && tree.rootPid() == root.pid()
                                && tree.board().allReadyNs() != 0);
    }

    /** Starts root as the command line does. */
    private Process root(final String... options) {
        final Path draft = AREA.files().resolve("plan-" + ROOTS.incrementAndGet());
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
            builder.environment().put("COPPICE_RUN", AREA.runFolder().toString());
            return builder.start();
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
