package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.AnsweringDaemon;
import io.coppice.system.daemons.AskingDaemon;
import io.coppice.system.daemons.EchoTransaction;
import io.coppice.system.daemons.PoolDaemon;
import io.coppice.system.daemons.ReleaseDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon goes on with other jars, or with those it had. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class UpgradeIT {
    private static final String STANDBY = "'standby': 1";
    private static final String OFTEN =
            "'restart': {'backoff': '1 ms .. 2 ms', 'limit': 1000, 'within': '600 s'}";
    private static final String CAPACITY = "'capacities': {'accounts': 100}";
    private static final long SOME = 5;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void theNewJarsServeAndStayUntilTheTreeIsStopped() {
        final TestTree tree = releases("rolling", one(), STANDBY, OFTEN).up();
        tree.awaitWarmStandby("service");
        final long old = tree.pid("service");
        final Release two = two();
        final CoppiceCli.Result done = upgrade(tree, two);
        assertEquals(0, done.exitCode(), done::toString);
        assertTrue(done.stdout().get(0).contains("serves from the new class path"), done::toString);
        assertFalse(TestTree.isAlive(old));
        assertServedBy(tree, two);
        assertEquals(0, tree.restarts("service"), "a switch is no death");
        assertEquals(0, tree.word("service", BoardWord.STANDBY_DEATHS));

        final long heir = tree.awaitWarmStandby("service");
        tree.killDaemon("service");
        awaitPid(tree, heir);
        assertServedBy(tree, two);

        TestTree.kill(tree.awaitWarmStandby("service"));
        final long epoch = tree.epoch("service");
        tree.killDaemon("service");
        tree.awaitReady("service", epoch + 1);
        assertServedBy(tree, two);

        tree.awaitWarmStandby("service");
        final long living = tree.pid("service");
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
        tree.up();
        assertEquals(living, tree.pid("service"), "adopted with the new jars");
        tree.killDaemon("service");
        Waiting.until("another serves", () -> tree.pid("service") != living);
        tree.awaitState("service", DaemonState.READY);
        assertServedBy(tree, two);

        tree.stop();
        tree.up();
        assertTrue(lastRelease(tree).contains("release 1 serves"), tree.log("service"));
        tree.stop();
    }

    @Test
    void aDaemonWithoutAStandbyIsUpgradedAsWell() {
        final TestTree tree = releases("alone", one(), OFTEN).up();
        final Release two = two();
        final CoppiceCli.Result done = upgrade(tree, two);
        assertEquals(0, done.exitCode(), done::toString);
        assertServedBy(tree, two);
        assertEquals(0, tree.restarts("service"));
        assertEquals(0, tree.word("service", BoardWord.STANDBY_PID), "and has none afterwards");
        final long epoch = tree.epoch("service");
        tree.killDaemon("service");
        tree.awaitReady("service", epoch + 1);
        assertServedBy(tree, two);
        tree.stop();
    }

    @Test
    void whatDiesOrIsNotWarmInTimeNeverTouchesTheOldOne() {
        final TestTree tree = releases("broken", one(), STANDBY, OFTEN).up();
        tree.awaitWarmStandby("service");
        final long old = tree.pid("service");
        final CoppiceCli.Result died = upgrade(tree, Release.withoutTheClass(AREA, "3"));
        assertRefused(65, "died before it was warm, the old one serves on", died);
        final Release never =
                Release.built(
                        AREA,
                        "4",
                        "while (when.equals(\"warmUp\")) {"
                                + " java.util.concurrent.locks.LockSupport.parkNanos(1000000); }"
                                + " return \"4\";");
        final CoppiceCli.Running late = tree.cli().start(arguments(tree, never, "--timeout", "6s"));
        Waiting.until("root has begun", () -> tree.board().isUpgrading());
        assertTrue(
                tree.cli()
                        .run("status", "broken")
                        .stdout()
                        .contains("  upgrade of service is warming"));
        assertRefused(71, "was not warm in time", late.await());
        assertEquals(old, tree.pid("service"));
        assertEquals(1, tree.epoch("service"));
        assertEquals(0, tree.word("service", BoardWord.STANDBY_DEATHS));

        final long standby = tree.awaitWarmStandby("service");
        tree.killDaemon("service");
        awaitPid(tree, standby);
        assertTrue(lastRelease(tree).contains("release 1 serves"), tree.log("service"));
        tree.stop();
    }

    @Test
    void whatEndsBeforeItIsReadyGivesThePlaceBackToTheOldJars() {
        final TestTree tree = releases("back", one(), "'restart': {'limit': 1}").up();
        final Release cannotOpen =
                Release.built(
                        AREA,
                        "5",
                        "if (when.equals(\"open\")) {"
                                + " throw new IllegalStateException(\"cannot\"); }"
                                + " return \"5\";");
        final CoppiceCli.Result back = upgrade(tree, cannotOpen);
        assertRefused(65, "the old jars serve again", back);
        tree.awaitReady("service", 3);
        assertTrue(lastRelease(tree).contains("release 1 serves"), tree.log("service"));
        assertEquals(0, tree.restarts("service"), "no restart was used up");
        tree.stop();
    }

    @Test
    void whatIsNotReadyInTimeGivesThePlaceBackToTheOldJars() {
        final TestTree tree =
                releases("hangs", one(), "'restart': {'limit': 1}", "'startTimeout': '12 s'").up();
        final Release hangs =
                Release.built(
                        AREA,
                        "6",
                        "while (when.equals(\"open\")) {"
                                + " java.util.concurrent.locks.LockSupport.parkNanos(1000000); }"
                                + " return \"6\";");
        final CoppiceCli.Result back = upgrade(tree, hangs, "--timeout", "60s");
        assertRefused(65, "the old jars serve again", back);
        tree.awaitReady("service", 3);
        assertTrue(lastRelease(tree).contains("release 1 serves"), tree.log("service"));
        assertEquals(0, tree.restarts("service"), "no restart was used up");
        tree.stop();
    }

    @Test
    void fromAStateOfAnotherShapeThereIsNoWayBackButForward() {
        final TestTree tree =
                releases("shape", one(), "'restart': {'limit': 1, 'backoff': '1 ms .. 2 ms'}").up();
        final Release torn =
                Release.built(
                        AREA,
                        "7",
                        "if (when.equals(\"open\")) {"
                                + " throw new IllegalStateException(\"cannot\"); }"
                                + " return \"large\";");
        final CoppiceCli.Result stuck = upgrade(tree, torn);
        assertRefused(65, "its state has the new shape already", stuck);
        tree.awaitState("service", DaemonState.QUARANTINED);
        final Release mended = Release.built(AREA, "8", "return \"large\";");
        final CoppiceCli.Result done = upgrade(tree, mended);
        assertEquals(0, done.exitCode(), done::toString);
        assertTrue(lastRelease(tree).contains("release large serves"), tree.log("service"));
        tree.stop();
    }

    @Test
    void noRequestIsLost() throws IOException {
        final Release one = one();
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("asked")
                                .first(one.folder())
                                .daemon(
                                        "asking",
                                        AskingDaemon.class,
                                        "'significant': true, 'readers': ['answering']",
                                        "'restart': {'policy': 'on-failure'}, 'spin': '50 us'")
                                .daemon(
                                        "answering",
                                        AnsweringDaemon.class,
                                        "'readers': ['asking'], 'spin': '0 us'",
                                        STANDBY));
        final CoppiceCli.Running run = tree.start();
        for (final Release release : new Release[] {two(), one, two()}) {
            tree.awaitState("answering", DaemonState.READY);
            final CoppiceCli.Result done =
                    tree.cli()
                            .run("upgrade", "asked/answering", "--classpath", release.classPath());
            assertEquals(0, done.exitCode(), done::toString);
        }
        final CoppiceCli.Result result = run.await();
        assertEquals(0, result.exitCode(), result::toString);
        final int all = AskingDaemon.NUMBERS;
        assertTrue(
                result.stdout()
                        .contains(
                                "durable: asked "
                                        + all
                                        + ", replied "
                                        + all
                                        + ", expired 0, cancelled 0, one outcome each true"),
                result::toString);
        assertTrue(
                result.stdout().stream()
                        .anyMatch(line -> line.matches("mortal: .* one outcome each true")),
                result::toString);
    }

    @Test
    void aTransactionUnderWayIsGivenOverWithoutAFailedAttempt() throws IOException {
        final Path folder = Files.createDirectories(AREA.files().resolve("tasks"));
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("tasks")
                                .first(one().folder())
                                .daemon(
                                        "pool",
                                        PoolDaemon.class,
                                        "'significant': true",
                                        "'restart': {'policy': 'on-failure'}",
                                        STANDBY,
                                        "'settings': {'tasks': 'ok:a,wait,ok:b', 'folder': '"
                                                + folder
                                                + "'}",
                                        "'transactions': {'work': {'class': '"
                                                + EchoTransaction.class.getName()
                                                + "', 'request': '1 KiB', 'reply': '1 KiB',"
                                                + " 'heap': '32 MiB', 'attempts': 1,"
                                                + " 'deadline': '5 min', 'queueDeadline': '5 min',"
                                                + " 'workers': '1..1', 'queue': 4}}"));
        final CoppiceCli.Running run = tree.start();
        Waiting.until("the task is at work", () -> arrived(folder) == 1);
        final Release two = two();
        final CoppiceCli.Result done =
                tree.cli().run("upgrade", "tasks/pool", "--classpath", two.classPath());
        assertEquals(0, done.exitCode(), done::toString);
        Waiting.until("a worker of the new jars has it", () -> arrived(folder) == 2);
        final long worker = tree.workerPid("pool", "work", 0);
        assertTrue(commandLine(worker).contains(two.folder().toString()), commandLine(worker));
        Files.createFile(folder.resolve("go"));
        final CoppiceCli.Result result = run.await();
        assertEquals(0, result.exitCode(), result::toString);
        for (final String line :
                new String[] {
                    "ok:a -> OK attempts 1 exit 0 a",
                    "wait -> OK attempts 1 exit 0 went",
                    "ok:b -> OK attempts 1 exit 0 b"
                }) {
            assertTrue(result.stdout().contains(line), result::toString);
        }
    }

    private static long arrived(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("at-")).count();
        }
    }

    private static CoppiceCli.Result upgrade(
            final TestTree tree, final Release release, final String... options) {
        return tree.cli().run(arguments(tree, release, options));
    }

    private static String[] arguments(
            final TestTree tree, final Release release, final String... options) {
        return Stream.concat(
                        Stream.of(
                                "upgrade",
                                tree.folder().getFileName() + "/service",
                                "--classpath",
                                release.classPath()),
                        Stream.of(options))
                .toArray(String[]::new);
    }

    private static void assertRefused(
            final int exitCode, final String why, final CoppiceCli.Result result) {
        assertEquals(exitCode, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains(why), result::toString);
    }

    /** The process, what it says and the plan all name the release, and it goes on counting. */
    private static void assertServedBy(final TestTree tree, final Release release) {
        final long pid = tree.pid("service");
        assertNotEquals(0, pid);
        assertTrue(commandLine(pid).contains(release.folder().toString()), commandLine(pid));
        assertTrue(lastRelease(tree).contains("release 2 serves"), tree.log("service"));
        assertTrue(tree.plan("service").command().toString().contains(release.folder().toString()));
        final long seen = tree.progress("service");
        tree.awaitProgress("service", seen + SOME);
    }

    private static String commandLine(final long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().commandLine()).orElse("");
    }

    private static String lastRelease(final TestTree tree) {
        return tree.log("service")
                .lines()
                .filter(line -> line.contains("release "))
                .reduce("", (earlier, line) -> line);
    }

    private static void awaitPid(final TestTree tree, final long pid) {
        Waiting.until(
                "process " + pid + " is the daemon",
                () -> tree.pid("service") == pid && tree.state("service") == DaemonState.READY);
    }

    private static Release one() {
        return Release.built(AREA, "1", "return \"1\";");
    }

    private static Release two() {
        return Release.built(AREA, "2", "return \"2\";");
    }

    private static TestTree releases(
            final String name, final Release first, final String... members) {
        final String[] all =
                Stream.concat(Stream.of(members), Stream.of(CAPACITY)).toArray(String[]::new);
        return new TestTree(
                AREA,
                new TestManifest(name)
                        .first(first.folder())
                        .daemon("service", ReleaseDaemon.class, all));
    }
}
