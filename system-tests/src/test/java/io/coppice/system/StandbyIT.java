package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import io.coppice.system.daemons.AnsweringDaemon;
import io.coppice.system.daemons.AskingDaemon;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.EchoTransaction;
import io.coppice.system.daemons.EndsOnFileDaemon;
import io.coppice.system.daemons.LogsStopDaemon;
import io.coppice.system.daemons.PoolDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A standby goes on where its daemon ended, and nowhere else. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StandbyIT {
    private static final String STANDBY = "'standby': 1";
    private static final String OFTEN =
            "'restart': {'backoff': '1 ms .. 2 ms', 'limit': 1000, 'within': '600 s'}";
    private static final String BEGINS = "counter begins at ";
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void theStandbyGoesOnWhereItsDaemonWasKilled() {
        final TestTree tree = counter("heir", OFTEN);
        tree.up();
        for (int round = 1; round <= 3; round++) {
            final long standby = tree.awaitWarmStandby("counter");
            tree.killDaemon("counter");
            awaitPid(tree, standby);
            assertEquals(round, tree.word("counter", BoardWord.TAKEOVERS));
            assertEquals(round, tree.restarts("counter"));
            final long seen = tree.progress("counter");
            tree.awaitProgress("counter", seen + SOME);
        }
        assertEquals(0, tree.word("counter", BoardWord.STANDBY_DEATHS), tree.log("counter"));
        tree.stop();
    }

    @Test
    void aStandbyThatDiesIsReplacedAndTheDaemonIsUntouched() {
        final TestTree tree = counter("sick", OFTEN).up();
        final long daemon = tree.pid("counter");
        final long standby = tree.awaitWarmStandby("counter");
        TestTree.kill(standby);
        Waiting.until(
                "root has noticed", () -> tree.word("counter", BoardWord.STANDBY_DEATHS) == 1);
        assertNotEquals(standby, tree.awaitWarmStandby("counter"));
        assertEquals(daemon, tree.pid("counter"));
        assertEquals(0, tree.restarts("counter"));
        assertEquals(1, tree.epoch("counter"));
        tree.stop();
    }

    @Test
    void bothKilledAtOnceIsAColdStart() {
        final TestTree tree = counter("both", OFTEN).up();
        final long standby = tree.awaitWarmStandby("counter");
        final long daemon = tree.pid("counter");
        TestTree.kill(standby);
        TestTree.kill(daemon);
        tree.awaitReady("counter", 3);
        assertNotEquals(standby, tree.pid("counter"));
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        tree.awaitWarmStandby("counter");
        tree.stop();
    }

    @Test
    void theStandbyGoesOnWithoutRootAndTheNextRunKnowsIt() {
        final TestTree tree = counter("rootless", OFTEN).up();
        final long standby = tree.awaitWarmStandby("counter");
        final long daemon = tree.pid("counter");
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
        TestTree.kill(daemon);
        tree.awaitDeath(daemon);
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertTrue(TestTree.isAlive(standby));
        assertEquals(2, OwnerWord.epoch(owner(tree)));

        tree.up();
        awaitPid(tree, standby);
        assertEquals(2, tree.epoch("counter"));
        assertEquals(1, tree.word("counter", BoardWord.TAKEOVERS));
        assertEquals(1, tree.restarts("counter"));
        final long later = tree.progress("counter");
        tree.awaitProgress("counter", later + SOME);
        assertTrue(later >= seen + SOME);
        tree.stop();
        assertFalse(TestTree.isAlive(standby));
    }

    @Test
    void theNextRootAdoptsBothAndTheStandbyGoesOnUnderIt() {
        final TestTree tree = counter("orphans", OFTEN).up();
        final long standby = tree.awaitWarmStandby("counter");
        final long daemon = tree.pid("counter");
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);

        tree.up();
        assertEquals(standby, tree.awaitWarmStandby("counter"));
        assertEquals(daemon, tree.pid("counter"));
        assertEquals(1, tree.epoch("counter"));
        tree.killDaemon("counter");
        awaitPid(tree, standby);
        assertEquals(1, tree.word("counter", BoardWord.TAKEOVERS));
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        tree.stop();
    }

    @Test
    void stopAndRestartEndBothAndNobodyTakesOver() {
        final TestTree tree = counter("ends", OFTEN).up();
        final long first = tree.awaitWarmStandby("counter");
        assertEquals(0, tree.cli().run("restart", "ends/counter").exitCode());
        assertFalse(TestTree.isAlive(first));
        final long second = tree.awaitWarmStandby("counter");
        tree.stop();
        assertFalse(TestTree.isAlive(second));
        assertEquals(0, tree.word("counter", BoardWord.TAKEOVERS));
    }

    @Test
    void finishedWorkIsNotTakenOver() throws Exception {
        assertNotTakenOver("done", "finish", DaemonState.DONE);
    }

    @Test
    void whatGivesUpForGoodIsNotTakenOver() throws Exception {
        assertNotTakenOver("hopeless", "giveUp", DaemonState.QUARANTINED);
    }

    private static void assertNotTakenOver(
            final String name, final String file, final DaemonState end) throws Exception {
        final Path files = Files.createDirectories(AREA.files().resolve(name));
        final TestTree tree =
                new TestTree(
                                AREA,
                                new TestManifest(name)
                                        .daemon(
                                                "counter",
                                                EndsOnFileDaemon.class,
                                                STANDBY,
                                                "'restart': {'policy': 'on-failure'}",
                                                "'settings': {'finish': '"
                                                        + files.resolve("finish")
                                                        + "', 'giveUp': '"
                                                        + files.resolve("giveUp")
                                                        + "'}"))
                        .up();
        final long standby = tree.awaitWarmStandby("counter");
        Files.createFile(files.resolve(file));
        tree.awaitState("counter", end);
        assertFalse(TestTree.isAlive(standby));
        assertEquals(0, tree.word("counter", BoardWord.TAKEOVERS));
        assertEquals(0, tree.word("counter", BoardWord.STANDBY_PID));
        assertFalse(tree.log("counter").contains("epoch 2"), tree.log("counter"));
        tree.stop();
    }

    @Test
    void tooManyTakeoversAreQuarantineForBoth() {
        final TestTree tree =
                counter(
                        "frail",
                        "'restart': {'backoff': '1 ms .. 2 ms', 'limit': 1, 'within': '600 s'}");
        tree.up();
        final long first = tree.awaitWarmStandby("counter");
        tree.killDaemon("counter");
        awaitPid(tree, first);
        final long second = tree.awaitWarmStandby("counter");
        tree.killDaemon("counter");
        tree.awaitState("counter", DaemonState.QUARANTINED);
        assertFalse(TestTree.isAlive(second));
        assertEquals(0, tree.cli().run("release", "frail/counter").exitCode());
        tree.awaitWarmStandby("counter");
        tree.stop();
    }

    @Test
    void aHandoverIsNoDeathAndNeedsAWarmStandby() {
        final TestTree tree = counter("planned", OFTEN).up();
        final long standby = tree.awaitWarmStandby("counter");
        final CoppiceCli.Result done = tree.cli().run("handover", "planned/counter");
        assertEquals(0, done.exitCode(), done::toString);
        awaitPid(tree, standby);
        assertEquals(1, tree.word("counter", BoardWord.TAKEOVERS));
        assertEquals(0, tree.restarts("counter"));
        TestTree.kill(tree.awaitWarmStandby("counter"));
        final CoppiceCli.Result refused = refuseHandover(tree);
        assertEquals(75, refused.exitCode(), refused::toString);
        assertEquals(1, refused.stderr().size(), refused::toString);
        tree.stop();
    }

    @Test
    void aTaskUnderWayIsRunAgainByTheWorkersOfTheStandby() throws IOException {
        final Path folder = Files.createDirectories(AREA.files().resolve("tasks"));
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("tasks")
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
        final long standby = tree.awaitWarmStandby("pool");
        tree.killDaemon("pool");
        Waiting.until("another worker has it", () -> arrived(folder) == 2);
        Waiting.until("root has noticed", () -> tree.pid("pool") == standby);
        Files.createFile(folder.resolve("go"));
        final CoppiceCli.Result result = run.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.stdout().contains("wait -> OK attempts 1 exit 0 went"), result::toString);
    }

    @Test
    void whoAsksAndWhoAnswersAreTakenOverAndNoRequestIsLost() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("asked")
                                .daemon(
                                        "asking",
                                        AskingDaemon.class,
                                        "'significant': true, 'readers': ['answering']",
                                        "'restart': {'policy': 'on-failure', 'limit': 100}",
                                        STANDBY)
                                .daemon(
                                        "answering",
                                        AnsweringDaemon.class,
                                        "'readers': ['asking'], 'restart': {'limit': 100}",
                                        STANDBY));
        final CoppiceCli.Running run = tree.start();
        for (final String daemon : List.of("answering", "asking", "answering")) {
            final long standby = tree.awaitWarmStandby(daemon);
            tree.killDaemon(daemon);
            Waiting.until("the standby goes on", () -> tree.pid(daemon) == standby);
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
    void onRootLossStopEndsBoth() {
        final TestTree tree = counter("bound", OFTEN, "'onRootLoss': 'stop'").up();
        final long standby = tree.awaitWarmStandby("counter");
        final long daemon = tree.pid("counter");
        TestTree.kill(tree.rootPid());
        tree.awaitDeath(daemon);
        tree.awaitDeath(standby);
        final long seen = tree.progress("counter");
        tree.up();
        tree.awaitProgress("counter", seen + SOME);
        tree.awaitWarmStandby("counter");
        tree.stop();
    }

    @Test
    void aStandbyThatServesWithoutRootIsStoppedInOrderWhereTheNextPlanChangesIt()
            throws IOException {
        final Path book = AREA.files().resolve("book");
        final TestTree tree =
                new TestTree(
                                AREA,
                                new TestManifest("changed")
                                        .daemon(
                                                "notes",
                                                LogsStopDaemon.class,
                                                STANDBY,
                                                OFTEN,
                                                "'settings': {'book': '" + book + "'}"))
                        .up();
        final long standby = tree.awaitWarmStandby("notes");
        final long daemon = tree.pid("notes");
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
        TestTree.kill(daemon);
        Waiting.until("the standby serves", () -> Files.readAllLines(book).size() == 2);
        tree.up("--set", "notes.heap=40 MiB");
        assertFalse(TestTree.isAlive(standby));
        assertEquals(
                List.of("opens notes", "opens notes", "closes notes", "opens notes"),
                Files.readAllLines(book));
        tree.stop();
    }

    private static long arrived(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("at-")).count();
        }
    }

    @Test
    void twentyTakeoversLoseNothing() {
        takeovers("score", 20);
    }

    @Test
    @Tag("nightly")
    void twoHundredTakeoversLoseNothing() {
        takeovers("scores", 200);
    }

    /** What was seen committed before a kill is there after it, and each half with its other. */
    private static void takeovers(final String name, final int rounds) {
        final TestTree tree = counter(name, OFTEN).up();
        final List<Long> seen = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            final long standby = tree.awaitWarmStandby("counter");
            seen.add(tree.progress("counter"));
            tree.killDaemon("counter");
            awaitPid(tree, standby);
        }
        final List<Long> beginnings = beginnings(tree);
        assertEquals(rounds + 1, beginnings.size(), tree.log("counter"));
        for (int i = 0; i < rounds; i++) {
            assertTrue(beginnings.get(i + 1) >= seen.get(i), tree.log("counter"));
        }
        assertEquals(rounds, tree.word("counter", BoardWord.TAKEOVERS));
        assertFalse(tree.log("counter").contains("half a transaction"), tree.log("counter"));
        tree.stop();
    }

    private static List<Long> beginnings(final TestTree tree) {
        return tree.log("counter")
                .lines()
                .filter(line -> line.contains(BEGINS))
                .map(
                        line ->
                                Long.parseLong(
                                        line.substring(line.indexOf(BEGINS) + BEGINS.length())
                                                .strip()))
                .toList();
    }

    /** The next standby may be warm already: then that one is killed too. */
    private static CoppiceCli.Result refuseHandover(final TestTree tree) {
        Waiting.until(
                "the standby is gone",
                () ->
                        StandbyState.of(tree.word("counter", BoardWord.STANDBY_STATE))
                                != StandbyState.WARM);
        return tree.cli().run("handover", tree.folder().getFileName() + "/counter");
    }

    private static long owner(final TestTree tree) {
        return MappedFile.readOnly(tree.folder().resolve("counter.arena"))
                .getLongAcquire(ArenaLayout.OWNER);
    }

    /** Waits until there is a warm standby; returns its pid. */
    private static void awaitPid(final TestTree tree, final long pid) {
        Waiting.until(
                "process " + pid + " is the daemon",
                () -> tree.pid("counter") == pid && tree.state("counter") == DaemonState.READY);
    }

    private static TestTree counter(final String name, final String... members) {
        final String[] all = new String[members.length + 1];
        System.arraycopy(members, 0, all, 0, members.length);
        all[members.length] = STANDBY;
        return new TestTree(
                AREA, new TestManifest(name).daemon("counter", CounterDaemon.class, all));
    }
}
