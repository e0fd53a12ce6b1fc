package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.MailboxLayout;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.ChaosKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a child, which runs as the same user, can do to the files of the run directory that all
 * share. The two acts that end the daemons themselves, since they take memory away that the daemons
 * use at that moment, come last.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HostileFilesIT {
    /** Behind those that have no order. */
    private static final int LATE = Integer.MAX_VALUE - 10;

    private static final int COMMANDS = 100_000;
    private static final int PLANS = 200;

    /** As {@link MailboxLayout} has them. */
    private static final int SLOT_BYTES = 64;

    private static final int COMMAND = 8;
    private static final int DAEMON = 16;
    private static final int ARGUMENTS = 24;

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long FLOOD_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int ROWS = 4096;

    @RegisterExtension static final TestArea AREA = TestArea.forTheClass();

    private static HostileTree hostile;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private boolean daemonsMayEnd;

    @BeforeAll
    static void start() {
        hostile = new HostileTree(new TestTree(AREA, HostileTree.manifest("files")).up());
    }

    @BeforeEach
    void begin() {
        System.out.println("HostileFilesIT: seed " + seed);
        hostile.awaitRecovery(HostileTree.PAIR, 0);
        hostile.begin();
    }

    @AfterEach
    void whoeverIsNotMeantIsUntouched() {
        if (daemonsMayEnd) {
            hostile.assertRootTurns();
        } else {
            hostile.assertUntouched();
        }
    }

    /**
     * Commands that would do something are none of these: a number that names no command goes with
     * any daemon, and those that name one go with daemons that do not exist, or with arguments out
     * of their bounds. Each batch is answered before the next, so root has read every one.
     */
    @Test
    void aHundredThousandRandomCommands() {
        final TestTree tree = hostile.tree();
        final Memory mailbox = MappedFile.writable(tree.folder().resolve("mailbox"));
        final Board board = tree.board();
        final long[] requests = new long[MailboxLayout.SLOTS];
        for (int slot = 0; slot < MailboxLayout.SLOTS; slot++) {
            requests[slot] = mailbox.getLong((long) slot * SLOT_BYTES);
        }
        try (var doorbell = doorbell()) {
            for (int sent = 0; sent < COMMANDS; sent += MailboxLayout.SLOTS) {
                for (int slot = 0; slot < MailboxLayout.SLOTS; slot++) {
                    requests[slot] = request(requests[slot]);
                    final long at = (long) slot * SLOT_BYTES;
                    writeCommand(mailbox, at);
                    mailbox.putLongRelease(at, requests[slot]);
                }
                ring(doorbell);
                for (int slot = 0; slot < MailboxLayout.SLOTS; slot++) {
                    await(board, slot, requests[slot], Answer.UNKNOWN);
                }
            }
        } catch (final IOException refused) {
            throw new AssertionError(refused);
        }
        assertEquals(TreeState.RUNNING, tree.treeState());
    }

    @Test
    void plansOfRandomBytes() throws IOException {
        final TestTree tree = hostile.tree();
        final Memory mailbox = MappedFile.writable(tree.folder().resolve("mailbox"));
        final int slot = MailboxLayout.SLOTS - 1;
        final long at = (long) slot * SLOT_BYTES;
        final Path plan = tree.folder().resolve("plan-" + ROWS);
        try (var doorbell = doorbell()) {
            for (int i = 0; i < PLANS; i++) {
                final byte[] noise = new byte[random.nextInt(ROWS)];
                random.nextBytes(noise);
                Files.write(plan, noise);
                final boolean upgrade = random.nextBoolean();
                mailbox.putLong(
                        at + COMMAND, (upgrade ? Command.UPGRADE : Command.RELOAD).ordinal());
                mailbox.putLong(
                        at + DAEMON, upgrade ? tree.plan(HostileTree.HEALTHY[0]).slot() : ROWS);
                mailbox.putLong(at + ARGUMENTS, SECOND_NS);
                mailbox.putLong(at + ARGUMENTS + Long.BYTES, ROWS);
                final long request = request(mailbox.getLong(at));
                mailbox.putLongRelease(at, request);
                ring(doorbell);
                await(tree.board(), slot, request, upgrade ? Answer.UNKNOWN : Answer.REFUSED);
            }
        } finally {
            Files.delete(plan);
        }
        assertEquals(TreeState.RUNNING, tree.treeState());
    }

    /** All words at once, without order: what root copies is torn. None of it names a command. */
    @Test
    void aMailboxThatChangesWhileItIsRead() throws IOException {
        final Memory mailbox = MappedFile.writable(hostile.tree().folder().resolve("mailbox"));
        try (var doorbell = doorbell()) {
            final long end = System.nanoTime() + FLOOD_NS;
            for (int turn = 0; System.nanoTime() - end < 0; turn++) {
                final long at = (long) random.nextInt(MailboxLayout.SLOTS) * SLOT_BYTES;
                mailbox.putLong(at, random.nextLong());
                mailbox.putLong(at + COMMAND, nothing());
                mailbox.putLong(at + DAEMON, random.nextInt(5));
                if (turn % 1000 == 0) {
                    ring(doorbell);
                }
            }
        }
        assertEquals(TreeState.RUNNING, hostile.tree().treeState());
    }

    @Test
    void aMailboxCutOffAndEmptiedIsNoRequestToStop() throws IOException {
        final TestTree tree = hostile.tree();
        assertEquals(0, tree.cli().run("restart", "files/victim").exitCode());
        truncate("mailbox", 0);
        final long beats = tree.board().heartbeat();
        Waiting.until("root has looked", () -> tree.board().heartbeat() > beats + 20);
        assertEquals(TreeState.RUNNING, tree.treeState());
        Waiting.until("it has its length again", () -> size("mailbox") == MailboxLayout.BYTES);
        final CoppiceCli.Result result = tree.cli().run("restart", "files/victim");
        assertEquals(0, result.exitCode(), result::toString);
    }

    @Test
    void bellsFullOfNoise() throws IOException {
        final byte[] noise = new byte[(int) size("bells")];
        final long end = System.nanoTime() + FLOOD_NS;
        try (RandomAccessFile bells = new RandomAccessFile(file("bells").toFile(), "rw")) {
            while (System.nanoTime() - end < 0) {
                random.nextBytes(noise);
                bells.seek(0);
                bells.write(noise);
            }
        }
        final CoppiceCli.Result result = hostile.tree().cli().run("restart", "files/victim");
        assertEquals(0, result.exitCode(), result::toString);
    }

    @Test
    void aDoorbellThatIsRungWithoutEnd() throws IOException {
        final ByteBuffer rings = ByteBuffer.allocate(1 << 16);
        final long end = System.nanoTime() + FLOOD_NS;
        try (FileChannel doorbell = doorbell()) {
            while (System.nanoTime() - end < 0) {
                rings.clear();
                // Waits where the fifo is full, which root empties.
                doorbell.write(rings);
            }
        }
        final CoppiceCli.Result result = hostile.tree().cli().run("restart", "files/victim");
        assertEquals(0, result.exitCode(), result::toString);
    }

    @Test
    void aLockThatIsRemovedLetsNobodyIn() throws IOException {
        Files.delete(file("lock"));
        final CoppiceCli.Result second = hostile.tree().start("--detach").await();
        assertEquals(75, second.exitCode(), second::toString);
    }

    @Test
    void aFolderForALogAndAFileForTheReports() throws IOException {
        final TestTree tree = hostile.tree();
        final Path log = file("log").resolve("victim.log");
        final Path crashes = file("crash");
        final long epoch = tree.epoch(HostileTree.VICTIM);
        Files.move(crashes, file("crash.away"));
        Files.createFile(crashes);
        Files.delete(log);
        Files.createDirectories(log.resolve("inside"));
        HostileTree.killAll(hostile.processes(HostileTree.VICTIM));
        Waiting.until("root says it", () -> hostile.rootLog().contains("victim cannot be started"));
        Files.delete(log.resolve("inside"));
        Files.delete(log);
        hostile.awaitRecovery(HostileTree.VICTIM, epoch);
        hostile.assertRootSaid("root: no report of victim");
        Files.delete(crashes);
        Files.move(file("crash.away"), crashes);
    }

    /** Everything but the few words on which a daemon hangs itself: see the page. */
    @Test
    void noiseInTheRowsOfTheBoardIsPutRight() throws IOException {
        final TestTree tree = hostile.tree();
        final long epoch = tree.epoch(HostileTree.VICTIM);
        final long[] victim = hostile.processes(HostileTree.VICTIM);
        final byte[] noise = new byte[ROWS / 4];
        random.nextBytes(noise);
        try (RandomAccessFile board = new RandomAccessFile(file(Board.FILE).toFile(), "rw")) {
            board.seek(ROWS);
            board.write(noise);
        }
        HostileTree.killAll(victim);
        Waiting.until(
                "the rows are right again", () -> tree.epoch(HostileTree.VICTIM) == epoch + 1);
        hostile.awaitRecovery(HostileTree.VICTIM, epoch);
        hostile.awaitRecovery(HostileTree.PAIR, 0);
    }

    @Test
    void noiseInAllOfTheBoardIsPutRight() throws IOException {
        final TestTree tree = hostile.tree();
        final long[] victim = hostile.processes(HostileTree.VICTIM);
        final long epoch = tree.epoch(HostileTree.VICTIM);
        final byte[] noise = new byte[(int) size(Board.FILE)];
        random.nextBytes(noise);
        try (RandomAccessFile board = new RandomAccessFile(file(Board.FILE).toFile(), "rw")) {
            board.write(noise);
        }
        Waiting.until("it is a board again", HostileFilesIT::isBoard);
        HostileTree.killAll(victim);
        hostile.awaitRecovery(HostileTree.VICTIM, epoch);
        hostile.awaitRecovery(HostileTree.PAIR, 0);
        final CoppiceCli.Result result = tree.cli().run("restart", "files/victim");
        assertEquals(0, result.exitCode(), result::toString);
    }

    @Test
    @Order(LATE)
    void aBoardCutOffEndsWhoReadsItAndComesBack() throws IOException {
        cutOffUnderTheDaemons(Board.FILE);
    }

    @Test
    @Order(LATE + 1)
    void bellsCutOffEndWhoSleepsOnThemAndComeBack() throws IOException {
        cutOffUnderTheDaemons("bells");
    }

    @Test
    @Order(LATE + 2)
    void stopsInOrderAfterAllThat() {
        daemonsMayEnd = true;
        final TestTree tree = hostile.tree();
        tree.stop();
        assertEquals(TreeState.STOPPED, tree.treeState());
        tree.up();
        hostile.begin();
    }

    private void cutOffUnderTheDaemons(final String name) throws IOException {
        daemonsMayEnd = true;
        final TestTree tree = hostile.tree();
        final long bytes = size(name);
        final long epoch = tree.epoch(HostileTree.VICTIM);
        final long[] victim = hostile.processes(HostileTree.VICTIM);
        truncate(name, 0);
        HostileTree.killAll(victim);
        Waiting.until("it has its length again", () -> size(name) == bytes);
        for (final String daemon :
                new String[] {HostileTree.HEALTHY[0], HostileTree.HEALTHY[1], HostileTree.PAIR}) {
            hostile.awaitRecovery(daemon, 0);
        }
        hostile.awaitRecovery(HostileTree.VICTIM, epoch);
        assertEquals(TreeState.RUNNING, tree.treeState());
    }

    private void writeCommand(final Memory mailbox, final long at) {
        for (int i = 0; i < MailboxLayout.ARGUMENTS_MAX; i++) {
            mailbox.putLong(at + ARGUMENTS + (long) i * Long.BYTES, random.nextLong());
        }
        switch (random.nextInt(8)) {
            case 0:
            case 1:
                final Command[] refused = {Command.RESTART, Command.RELEASE, Command.HANDOVER};
                mailbox.putLong(at + COMMAND, refused[random.nextInt(refused.length)].ordinal());
                mailbox.putLong(at + DAEMON, nobody());
                break;
            case 2:
                mailbox.putLong(at + COMMAND, Command.RELOAD.ordinal());
                mailbox.putLong(at + DAEMON, nobody());
                break;
            case 3:
                // A daemon that there is, a time that is a time, and the plan of nobody.
                final String[] healthy = HostileTree.HEALTHY;
                mailbox.putLong(at + COMMAND, Command.UPGRADE.ordinal());
                mailbox.putLong(
                        at + DAEMON,
                        hostile.tree().plan(healthy[random.nextInt(healthy.length)]).slot());
                mailbox.putLong(at + ARGUMENTS, random.nextInt());
                break;
            case 4:
                // A time that is none, or kinds that there are not.
                final boolean time = random.nextBoolean();
                mailbox.putLong(at + COMMAND, Command.CHAOS.ordinal());
                mailbox.putLong(at + ARGUMENTS, time ? -random.nextInt(1000) - 1L : SECOND_NS);
                mailbox.putLong(
                        at + ARGUMENTS + Long.BYTES, time ? ChaosKind.ALL : ChaosKind.ALL + 1L);
                break;
            default:
                mailbox.putLong(at + COMMAND, nothing());
                mailbox.putLong(at + DAEMON, random.nextInt(7) - 1);
                break;
        }
    }

    /** Returns a number that is no daemon's. */
    private long nobody() {
        final long number = random.nextLong();
        return number >= 0 && number <= ROWS ? -1 : number;
    }

    /** Returns a word that is no command, now and in whatever is added. */
    private long nothing() {
        return random.nextBoolean() ? nobody() : -random.nextInt(1000) - 1L;
    }

    /** Returns a number that is neither none nor the last one. */
    private long request(final long last) {
        final long request = random.nextBoolean() ? random.nextLong() : last + 1;
        return request == 0 || request == last ? request(last) : request;
    }

    private static void await(
            final Board board, final int slot, final long request, final Answer answer) {
        final long start = System.nanoTime();
        while (board.answer(slot) != answer.word(request)) {
            assertTrue(
                    System.nanoTime() - start < ANSWER_NS,
                    () -> "request " + request + " is answered by " + board.answer(slot));
            LockSupport.parkNanos(10_000);
        }
    }

    private static boolean isBoard() {
        try {
            return Board.open(hostile.tree().folder()).plan() != null;
        } catch (final ArenaException | IllegalArgumentException notYet) {
            return false;
        }
    }

    private static FileChannel doorbell() throws IOException {
        return FileChannel.open(file("doorbell"), StandardOpenOption.WRITE);
    }

    private static void ring(final FileChannel doorbell) throws IOException {
        doorbell.write(ByteBuffer.allocate(1));
    }

    private static void truncate(final String name, final long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(file(name).toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    private static long size(final String name) throws IOException {
        return Files.size(file(name));
    }

    private static Path file(final String name) {
        return hostile.tree().folder().resolve(name);
    }
}
