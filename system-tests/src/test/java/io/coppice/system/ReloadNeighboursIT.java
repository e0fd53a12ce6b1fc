package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.EchoTransaction;
import io.coppice.system.daemons.PoolDaemon;
import io.coppice.system.daemons.SoakReaderDaemon;
import io.coppice.system.daemons.SoakSourceDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What daemons share with others when the manifest changes around them. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ReloadNeighboursIT {
    private static final long SOME = 20;
    private static final int IDS = 20_000;
    private static final long LASTS_MS = 20_000;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void everyMessageComesOnceThroughRingsThatAreKeptAndThroughOnesThatAreNot() {
        final long beginMs = System.currentTimeMillis();
        final TestTree tree = new TestTree(AREA, pipe(beginMs, ""));
        final CoppiceCli.Running console = tree.start();
        tree.awaitReady("source", 1);
        tree.awaitReady("relay", 1);
        tree.awaitReady("sink", 1);
        final long source = tree.pid("source");
        final long sink = tree.pid("sink");
        final long relay = tree.pid("relay");

        pipe(beginMs, "").daemon("beside", CounterDaemon.class).write(AREA.files());
        reload(tree, "starts beside; keeps source, relay, sink");
        assertEquals(source, tree.pid("source"));
        assertEquals(relay, tree.pid("relay"));
        assertEquals(sink, tree.pid("sink"));

        // It reads one ring and writes the other, and both ends stay where they are.
        pipe(beginMs, ", 'new': 'value'").write(AREA.files());
        reload(tree, "restarts relay; stops beside; keeps source, sink");
        assertEquals(source, tree.pid("source"));
        assertEquals(sink, tree.pid("sink"));
        assertNotEquals(relay, tree.pid("relay"));

        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        final String text = String.join("\n", result.stdout());
        assertTrue(text.contains("source: published "), text);
        final String published = text.replaceAll("(?s).*source: published (\\d+).*", "$1");
        assertTrue(Integer.parseInt(published) > 0, text);
        assertTrue(text.contains("relay: right " + published + ", wrong 0"), text);
        assertTrue(text.contains("sink: right " + published + ", wrong 0"), text);
    }

    @Test
    void aTaskThatIsAtWorkDoesNotNotice() throws IOException {
        final Path folder = Files.createDirectory(AREA.files().resolve("tasks"));
        final TestTree tree = new TestTree(AREA, pool("tasks", folder, "first"));
        final CoppiceCli.Running console = tree.start();
        Waiting.until("the task was begun", () -> arrivals(folder) == 1);
        final long daemon = tree.pid("pool");
        final long worker = tree.workerPid("pool", "work", 0);

        pool("tasks", folder, "first").daemon("beside", CounterDaemon.class).write(AREA.files());
        reload(tree, "starts beside; keeps pool");
        assertEquals(daemon, tree.pid("pool"));
        assertEquals(worker, tree.workerPid("pool", "work", 0));
        assertTrue(TestTree.isAlive(worker));

        Files.createFile(folder.resolve("go"));
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.stdout().contains("wait -> OK attempts 1 exit 0 went"), result::toString);
        assertEquals(1, arrivals(folder));
    }

    @Test
    void aTaskOfADaemonThatChangesIsDoneByTheNextProcess() throws IOException {
        final Path folder = Files.createDirectory(AREA.files().resolve("changed-tasks"));
        final TestTree tree = new TestTree(AREA, pool("changed", folder, "first"));
        final CoppiceCli.Running console = tree.start();
        Waiting.until("the task was begun", () -> arrivals(folder) == 1);
        final long daemon = tree.pid("pool");
        final long worker = tree.workerPid("pool", "work", 0);

        pool("changed", folder, "later").write(AREA.files());
        reload(tree, "restarts pool");
        assertFalse(TestTree.isAlive(daemon));
        assertFalse(TestTree.isAlive(worker));
        assertEquals(2, tree.epoch("pool"));
        Waiting.until("the task was begun again", () -> arrivals(folder) == 2);

        Files.createFile(folder.resolve("go"));
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.stdout().contains("wait -> OK attempts 1 exit 0 went"), result::toString);
        assertEquals(2, arrivals(folder));
    }

    @Test
    void anArenaOnDiskGrowsWithItsStateKept() {
        final Path state = AREA.files().resolve("state");
        final TestManifest manifest =
                new TestManifest("disk")
                        .daemon("counter", CounterDaemon.class, "'storage': 'disk'");
        final TestTree tree =
                new TestTree(
                        AREA.cli().with("COPPICE_STATE", state.toString()),
                        AREA.runFolder(),
                        "disk",
                        manifest.write(AREA.files()));
        tree.up();
        tree.awaitProgress("counter", SOME);
        final long seen = tree.progress("counter");
        final CoppiceCli.Result result =
                tree.cli().run("reload", "disk", "--set", "counter.memory=8 MiB");
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(8L << 20, state.resolve("disk/counter.arena").toFile().length());
        assertEquals(2, tree.epoch("counter"));
        assertTrue(tree.progress("counter") >= seen);
        tree.awaitProgress("counter", tree.progress("counter") + SOME);
        tree.stop();
        assertEquals(0, tree.cli().run("state", "verify", "disk/counter").exitCode());
    }

    @Test
    void aStandbyOfADaemonThatIsKeptStaysWarm() {
        final TestManifest pair =
                new TestManifest("pair").daemon("counter", CounterDaemon.class, "'standby': 1");
        final TestTree tree = new TestTree(AREA, pair).up();
        final long standby = tree.awaitWarmStandby("counter");
        final long active = tree.pid("counter");
        pair.daemon("beside", CounterDaemon.class).write(AREA.files());
        reload(tree, "starts beside; keeps counter");
        assertEquals(active, tree.pid("counter"));
        assertEquals(standby, tree.awaitWarmStandby("counter"));
        final long seen = tree.progress("counter");
        tree.killDaemon("counter");
        Waiting.until("the standby serves", () -> tree.pid("counter") == standby);
        tree.awaitState("counter", DaemonState.READY);
        tree.awaitProgress("counter", seen + SOME);
        tree.stop();
    }

    @Test
    void aDaemonThatChangesHasAStandbyOfTheNewPlanAndNoneOfTheOld() {
        final TestTree tree = new TestTree(AREA, changing("'standby': 1")).up();
        final long standby = tree.awaitWarmStandby("counter");
        final long active = tree.pid("counter");

        changing("'standby': 1", "'settings': {'until': '0'}").write(AREA.files());
        reload(tree, "restarts counter");
        assertFalse(TestTree.isAlive(active));
        assertFalse(TestTree.isAlive(standby));
        assertEquals(0, tree.restarts("counter"));
        final long next = tree.awaitWarmStandby("counter");
        final long seen = tree.progress("counter");
        tree.killDaemon("counter");
        Waiting.until("the new standby serves", () -> tree.pid("counter") == next);
        tree.awaitState("counter", DaemonState.READY);
        tree.awaitProgress("counter", seen + SOME);

        changing().write(AREA.files());
        reload(tree, "restarts counter");
        tree.awaitProgress("counter", seen + 2 * SOME);
        assertEquals(List.of(tree.pid("counter")), AREA.daemons());

        changing("'standby': 1").write(AREA.files());
        reload(tree, "restarts counter");
        tree.awaitWarmStandby("counter");
        tree.stop();
        assertEquals(List.of(), AREA.processes());
    }

    private static TestManifest changing(final String... more) {
        return new TestManifest("changing").daemon("counter", CounterDaemon.class, more);
    }

    /** A source, one that passes on what it reads, and one that reads that. */
    private static TestManifest pipe(final long beginMs, final String more) {
        return new TestManifest("pipe")
                .daemon(
                        "source",
                        SoakSourceDaemon.class,
                        "'significant': true, 'restart': {'policy': 'on-failure'}",
                        "'readers': ['relay']",
                        "'settings': {'origin': 0, 'ids': "
                                + IDS
                                + ", 'beginMs': "
                                + beginMs
                                + ", 'endMs': "
                                + (beginMs + LASTS_MS)
                                + "}")
                .daemon(
                        "relay",
                        SoakReaderDaemon.class,
                        "'significant': true, 'restart': {'policy': 'on-failure'}",
                        "'readers': ['sink']",
                        settings("source", "ids", true, more))
                .daemon(
                        "sink",
                        SoakReaderDaemon.class,
                        "'significant': true, 'restart': {'policy': 'on-failure'}",
                        settings("relay", "merged", false, ""));
    }

    private static String settings(
            final String from, final String ring, final boolean publish, final String more) {
        return "'settings': {'from': '"
                + from
                + "', 'ring': '"
                + ring
                + "', 'merge': false, 'publish': "
                + publish
                + ", 'origins': 1, 'ids': "
                + IDS
                + ", 'times': 1"
                + more
                + "}";
    }

    private static TestManifest pool(final String name, final Path folder, final String note) {
        return new TestManifest(name)
                .daemon(
                        "pool",
                        PoolDaemon.class,
                        "'significant': true, 'restart': {'policy': 'on-failure'}",
                        "'settings': {'tasks': 'wait', 'note': '"
                                + note
                                + "', 'folder': '"
                                + folder
                                + "'}",
                        "'transactions': {'work': {'class': '"
                                + EchoTransaction.class.getName()
                                + "', 'attempts': 1, 'deadline': '4 min', 'heap': '32 MiB'}}");
    }

    private static int arrivals(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return (int)
                    files.filter(file -> file.getFileName().toString().startsWith("at-")).count();
        }
    }

    private static void reload(final TestTree tree, final String what) {
        final CoppiceCli.Result result =
                tree.cli().run("reload", tree.folder().getFileName().toString());
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.stdout().get(0).endsWith(what), result::toString);
    }
}
