package io.coppice.system;

import static io.coppice.system.HostileDaemonTree.HEALTHY;
import static io.coppice.system.HostileDaemonTree.HOSTILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.system.daemons.FillsHeapDaemon;
import io.coppice.system.daemons.HostileDaemon;
import io.coppice.system.daemons.IgnoresStopDaemon;
import io.coppice.system.daemons.NeverReadyDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that misbehaves: root lives, and the daemon beside it notices nothing. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class HostileChildrenIT {
    private static final String SOON_GIVEN_UP =
            "'restart': {'limit': 2, 'backoff': '1 ms .. 5 ms'}";
    private static final long SOME = 20;
    private static final long FLOOD_BYTES = 64 << 20;

    /** What root lets a log grow to. */
    private static final long LOG_BYTES = 4 << 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private final OperatingSystem os = OperatingSystem.current();

    @BeforeEach
    void assumeLinux() {
        assumeTrue("linux".equals(os.name()), "Linux");
    }

    @Test
    void oneThatExitsAtOnceIsQuarantined() {
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                        AREA,
                        "exits",
                        HostileDaemon.class,
                        "'settings': {'does': 'exits at once'}",
                        SOON_GIVEN_UP);
        hostile.start();
        hostile.tree().awaitState(HOSTILE, DaemonState.QUARANTINED);
        assertEquals(ExitClass.START_FAILURE, hostile.tree().lastExit(HOSTILE));
        hostile.requireUntouchedAndStop();
    }

    @Test
    void oneThatExitsWith0WhenItShouldNotHasDied() {
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                        AREA,
                        "zero",
                        HostileDaemon.class,
                        "'settings': {'does': 'exits 0'}",
                        SOON_GIVEN_UP);
        hostile.start();
        hostile.tree().awaitState(HOSTILE, DaemonState.QUARANTINED);
        assertEquals(ExitClass.CODE, hostile.tree().lastExit(HOSTILE));
        hostile.requireUntouchedAndStop();
    }

    @Test
    void oneThatIsNeverReadyIsQuarantined() {
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                        AREA,
                        "never",
                        NeverReadyDaemon.class,
                        "'startTimeout': '1500 ms'",
                        "'restart': {'limit': 1, 'backoff': '1 ms .. 5 ms'}");
        hostile.start();
        hostile.tree().awaitState(HOSTILE, DaemonState.QUARANTINED);
        assertEquals(ExitClass.START_TIMEOUT, hostile.tree().lastExit(HOSTILE));
        hostile.requireUntouchedAndStop();
    }

    @Test
    void oneThatIgnoresEveryRequestToEndIsKilledAfterItsTime() {
        final HostileDaemonTree hostile =
                new HostileDaemonTree(AREA, "deaf", IgnoresStopDaemon.class, "'stopTimeout': '1 s'")
                        .up();
        final TestTree tree = hostile.tree();
        final CoppiceCli.Result result = tree.cli().run("restart", "deaf/" + HOSTILE);
        assertEquals(0, result.exitCode(), result::toString);
        tree.awaitReady(HOSTILE, 2);
        assertEquals(ExitClass.SIGNAL, tree.lastExit(HOSTILE));
        hostile.requireUntouchedAndStop();
    }

    @Test
    void oneThatClosesItsBellStopsAllTheSame() {
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                        AREA,
                        "bell",
                        HostileDaemon.class,
                        "'settings': {'does': 'closes its bell', 'slot': '2', 'bells': '"
                                + AREA.runFolder().resolve("bell").resolve(Bells.FILE)
                                + "'}");
        hostile.up();
        final TestTree tree = hostile.tree();
        tree.awaitProgress(HOSTILE, 2);
        final CoppiceCli.Result result = tree.cli().run("restart", "bell/" + HOSTILE);
        assertEquals(0, result.exitCode(), result::toString);
        tree.awaitReady(HOSTILE, 2);
        assertEquals(ExitClass.FINISHED, tree.lastExit(HOSTILE), "it was not killed");
        hostile.requireUntouchedAndStop();
    }

    @Test
    void oneThatFloodsItsStderrFillsNoDisk() throws IOException {
        final Path end = AREA.files().resolve("flood-end");
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                                AREA,
                                "flood",
                                HostileDaemon.class,
                                "'settings': {'does': 'floods stderr', 'end': '" + end + "'}")
                        .up();
        final TestTree tree = hostile.tree();
        final Path log = tree.folder().resolve("log").resolve(HOSTILE + ".log");
        final Path old = log.resolveSibling(log.getFileName() + ".old");
        tree.awaitProgress(HOSTILE, FLOOD_BYTES);
        Files.createFile(end);
        Waiting.until("the log is cut", () -> Files.size(log) <= LOG_BYTES);
        assertTrue(Files.size(old) > 0 && Files.size(old) <= LOG_BYTES, "size of the old one");
        assertEquals(1, tree.epoch(HOSTILE));
        hostile.requireUntouchedAndStop();
    }

    @Test
    void oneThatIsStoppedIsReplaced() {
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                                AREA,
                                "stopped",
                                HostileDaemon.class,
                                "'watchdog': {'dumpAfter': '1 s', 'killAfter': '2 s'}")
                        .up();
        final TestTree tree = hostile.tree();
        os.signal(tree.pid(HOSTILE), Signals.STOP);
        tree.awaitReady(HOSTILE, 2);
        assertEquals(ExitClass.WATCHDOG, tree.lastExit(HOSTILE));
        hostile.requireUntouchedAndStop();
    }

    @Test
    void nobodyIsKilledInThePlaceOfOneWhosePidWasSwapped() throws Exception {
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                                AREA, "swapped", IgnoresStopDaemon.class, "'stopTimeout': '500 ms'")
                        .up();
        final TestTree tree = hostile.tree();
        final long real = tree.pid(HOSTILE);
        final Process bystander = new ProcessBuilder("sleep", "600").start();
        try {
            swap(tree, real, bystander.pid());
            assertEquals(bystander.pid(), tree.pid(HOSTILE));
            final CoppiceCli.Result result = tree.cli().run("restart", "swapped/" + HOSTILE);
            assertEquals(0, result.exitCode(), result::toString);
            tree.awaitDeath(real);
            tree.awaitReady(HOSTILE, 2);
            assertTrue(bystander.isAlive());
            hostile.requireUntouched();

            // A new root believes the board no more than that.
            final long second = tree.pid(HOSTILE);
            final long healthy = tree.pid(HEALTHY);
            final long root = tree.rootPid();
            TestTree.kill(root);
            tree.awaitDeath(root);
            swap(tree, second, bystander.pid());
            tree.up();
            tree.awaitDeath(second);
            tree.awaitReady(HOSTILE, 3);
            assertEquals(healthy, tree.pid(HEALTHY));
            assertEquals(1, tree.epoch(HEALTHY));
            tree.awaitProgress(HEALTHY, tree.progress(HEALTHY) + SOME);
            tree.stop();
            assertTrue(bystander.isAlive());
        } finally {
            bystander.destroyForcibly().waitFor();
        }
    }

    /** Does to the board what a child could: the pid and the start time are those of another. */
    private void swap(final TestTree tree, final long pid, final long other) {
        final Memory board = MappedFile.writable(tree.folder().resolve(Board.FILE));
        final long startTime = os.startTime(pid);
        boolean found = false;
        for (long offset = 0; offset + Long.BYTES <= board.bytes(); offset += Long.BYTES) {
            if (board.getLong(offset) == pid) {
                board.putLong(offset, other);
                found = true;
            } else if (board.getLong(offset) == startTime) {
                board.putLong(offset, os.startTime(other));
            }
        }
        assertTrue(found, "the pid is on the board");
    }

    @Test
    void aJdkOfWhichAProgramIsMissingOrAnotherOneForAWhileIsADelay() throws IOException {
        final PrivateJdk jdk = PrivateJdk.in(AREA.files().resolve("jdk"));
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                                AREA,
                                AREA.cli().with("COPPICE_JAVA_HOME", jdk.home().toString()),
                                "helper",
                                HostileDaemon.class,
                                "'restart': {'limit': 5, 'backoff': '10 ms .. 100 ms'}")
                        .up();
        jdk.hide(PrivateJdk.HELPER);
        assertDelayed(hostile, jdk, PrivateJdk.HELPER);
        jdk.hide(PrivateJdk.JAVA);
        assertDelayed(hostile, jdk, PrivateJdk.JAVA);
        // As far as an upgrade under way has copied it.
        jdk.replace(PrivateJdk.HELPER, "");
        assertDelayed(hostile, jdk, PrivateJdk.HELPER);
        // One of another version refuses to serve this JDK, in this way.
        jdk.replace(PrivateJdk.HELPER, "#!/bin/sh\nexit 1\n");
        assertDelayed(hostile, jdk, PrivateJdk.HELPER);
        hostile.requireUntouchedAndStop();
    }

    /** Requires that a daemon which dies now is tried again until the JDK is mended. */
    private static void assertDelayed(
            final HostileDaemonTree hostile, final PrivateJdk jdk, final Path broken)
            throws IOException {
        final TestTree tree = hostile.tree();
        final long restarts = tree.restarts(HOSTILE);
        final long epoch = tree.epoch(HOSTILE);
        tree.killDaemon(HOSTILE);
        // More tries than the limit of deaths: none of them is one.
        Waiting.until("it is tried again", () -> tree.epoch(HOSTILE) > epoch + 6);
        assertEquals(ExitClass.SPAWN_FAILURE, tree.lastExit(HOSTILE));
        hostile.requireUntouched();
        jdk.mend(broken);
        tree.awaitState(HOSTILE, DaemonState.READY);
        assertEquals(restarts + 1, tree.restarts(HOSTILE), "the one that was killed");
    }

    @Test
    void oneThatFillsItsHeapIsReplaced() throws IOException {
        final Path fill = AREA.files().resolve("fill");
        final HostileDaemonTree hostile =
                new HostileDaemonTree(
                                AREA,
                                "heap",
                                FillsHeapDaemon.class,
                                "'settings': {'fill': '" + fill + "'}")
                        .up();
        final TestTree tree = hostile.tree();
        final long full = tree.pid(HOSTILE);
        Files.createFile(fill);
        tree.awaitReady(HOSTILE, 2);
        assertEquals(ExitClass.OUT_OF_MEMORY, tree.lastExit(HOSTILE));
        assertEquals(1, tree.restarts(HOSTILE));
        tree.awaitDeath(full);
        final CoppiceCli.Result status = tree.cli().run("status", "heap", "--json");
        final JsonNode shown =
                new ObjectMapper().readTree(String.join("\n", status.stdout())).at("/trees/0");
        assertEquals("out-of-memory", shown.at("/daemons/1/lastExit/class").asText());
        assertEquals("out-of-memory", shown.at("/daemons/1/deaths/0/class").asText());
        assertEquals(3, shown.at("/daemons/1/lastExit/status").asInt());
        assertTrue(shown.at("/daemons/0/lastExit").isNull(), shown::toString);
        hostile.requireUntouchedAndStop();
    }
}
