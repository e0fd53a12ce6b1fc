package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.Doorbell;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Mailbox;
import io.coppice.pool.board.MailboxLayout;
import io.coppice.pool.board.TreeState;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Root stays small, and lives whatever others do to the memory it reads. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RootIT {
    private static final long RESIDENT_BYTES_MAX = 56L * 1024 * 1024;
    private static final int COMMANDS = 10_000;
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void itsResidentSizeStaysSmallWhileTheCatalogueIsMade() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs /proc");
        final TestTree tree =
                new TestTree(
                        AREA.cli().withStartCaches(),
                        AREA.runFolder(),
                        "catalog",
                        CoppiceCli.HOME.resolve("conf/catalog.json"));
        final CoppiceCli.Running console =
                tree.start(
                        "--set",
                        "scan.input=" + CoppiceCli.HOME.resolve("examples/catalog/documents/text"),
                        "--set",
                        "catalog.output=" + AREA.files().resolve("catalog.jsonl"));
        Waiting.until("there is a board", () -> tree.hasBoard() || !console.isAlive());
        final long root = tree.rootPid();
        long mostBytes = 0;
        while (console.isAlive()) {
            mostBytes = Math.max(mostBytes, peakResidentBytes(root));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(mostBytes > 0, "root was never seen");
        assertTrue(mostBytes <= RESIDENT_BYTES_MAX, mostBytes + " bytes");
    }

    @Test
    void garbageInTheMailboxHarmsNothing() throws IOException {
        final TestTree tree = tree("garbage");
        tree.up();
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        try (FileChannel mailbox =
                        FileChannel.open(
                                tree.folder().resolve(Mailbox.FILE), StandardOpenOption.WRITE);
                Doorbell doorbell =
                        OperatingSystem.current().openDoorbell(tree.folder().resolve("doorbell"))) {
            for (int i = 0; i < COMMANDS; i++) {
                writeGarbage(mailbox, random);
                doorbell.ring();
            }
        }
        assertLivesAndObeys(tree, "garbage", "seed " + seed);
        assertEquals(0, tree.restarts("counter"), "seed " + seed);
    }

    @Test
    void anArenaThatIsTruncatedHarmsOnlyItsOwnDaemon() throws IOException {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("cut")
                                .daemon("counter", CounterDaemon.class)
                                .daemon("victim", CounterDaemon.class));
        tree.up();
        final Path arena = tree.folder().resolve(tree.plan("victim").arenaFile());
        try (FileChannel file = FileChannel.open(arena, StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        Waiting.until(
                "the victim is away or quarantined",
                () -> tree.restarts("victim") > 0 || tree.state("victim") != DaemonState.READY);
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        assertLivesAndObeys(tree, "cut", "after the cut");
    }

    @Test
    void aMailboxThatIsTruncatedHarmsNothingAndSignalsStillStop() throws IOException {
        final TestTree tree = tree("unread");
        tree.up();
        try (FileChannel file =
                FileChannel.open(tree.folder().resolve(Mailbox.FILE), StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        tree.killDaemon("counter");
        tree.awaitReady("counter", 2);
        final long seen = tree.progress("counter");
        // More time than root would need to give up after too many turns that failed.
        tree.awaitProgress("counter", seen + SOME);
        final long root = tree.rootPid();
        assertTrue(TestTree.isAlive(root), "root has died of it");
        OperatingSystem.current().signal(root, Signals.TERM);
        tree.awaitDeath(root);
        assertEquals(TreeState.STOPPED, tree.treeState());
    }

    private static void assertLivesAndObeys(
            final TestTree tree, final String name, final String message) {
        assertTrue(TestTree.isAlive(tree.rootPid()), message);
        final CoppiceCli.Result status = tree.cli().run("status", name);
        assertEquals(0, status.exitCode(), () -> message + ": " + status);
        final long beat = tree.board().heartbeat();
        Waiting.until("root's loop turns", () -> tree.board().heartbeat() > beat + 2);
        final CoppiceCli.Result restart = tree.cli().run("restart", name + "/counter");
        assertEquals(0, restart.exitCode(), () -> message + ": " + restart);
        final CoppiceCli.Result stop = tree.cli().run("stop", name);
        assertEquals(0, stop.exitCode(), () -> message + ": " + stop);
    }

    /** Writes one slot: what no command line would, and everything but a well-formed order. */
    private static void writeGarbage(final FileChannel mailbox, final Random random)
            throws IOException {
        final int slotBytes = MailboxLayout.BYTES / MailboxLayout.SLOTS;
        final ByteBuffer slot = ByteBuffer.allocate(slotBytes).order(ByteOrder.nativeOrder());
        final long[] commands = {-1, 3, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong() | 4};
        slot.putLong(random.nextLong());
        if (random.nextBoolean()) {
            slot.putLong(commands[random.nextInt(commands.length)]).putLong(random.nextLong());
        } else {
            final long[] daemons = {-1, 0, 99, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32 | 1};
            slot.putLong(1 + random.nextInt(2)).putLong(daemons[random.nextInt(daemons.length)]);
        }
        while (slot.hasRemaining()) {
            slot.put((byte) random.nextInt());
        }
        mailbox.write(slot.flip(), (long) random.nextInt(MailboxLayout.SLOTS) * slotBytes);
    }

    private static long peakResidentBytes(final long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (final IOException gone) {
            return 0;
        }
    }

    private static TestTree tree(final String name) {
        return new TestTree(AREA, new TestManifest(name).daemon("counter", CounterDaemon.class));
    }
}
