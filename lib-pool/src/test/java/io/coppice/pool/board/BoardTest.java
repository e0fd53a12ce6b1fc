package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.MappedFile;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardTest {
    private static final TreePlan PLAN =
            Plans.tree(Plans.daemon("catalog", 1, 1 << 20), Plans.daemon("scan", 2, 1 << 20));

    @TempDir Path folder;

    private BoardWriter writer;
    private Board board;

    @BeforeEach
    void create() throws IOException {
        writer = BoardWriter.create(OperatingSystem.current(), folder, PLAN);
        writer.publish();
        board = Board.open(folder);
    }

    @Test
    void carriesThePlan() {
        assertEquals(PLAN, board.plan());
    }

    @Test
    void everyWordOfEveryRowIsItsOwn() {
        for (int slot = 1; slot <= 2; slot++) {
            for (final BoardWord word : BoardWord.values()) {
                writer.word(slot, word, slot * 100L + word.ordinal());
            }
        }
        for (int slot = 1; slot <= 2; slot++) {
            for (final BoardWord word : BoardWord.values()) {
                assertEquals(slot * 100L + word.ordinal(), board.word(slot, word));
            }
        }
        assertEquals(PLAN, board.plan());
        writer.increment(2, BoardWord.RESTARTS);
        assertEquals(200 + BoardWord.RESTARTS.ordinal() + 1, board.word(2, BoardWord.RESTARTS));
    }

    @Test
    void whatSomebodyElseStoresIsNeverReadAndPutRight() throws IOException {
        writer.root(11, 22, 33, 44);
        writer.word(2, BoardWord.EPOCH, 7);
        writer.addDeath(2, 1, 6, ExitClass.SIGNAL, 137);
        final Path file = folder.resolve(Board.FILE);
        final byte[] right = Files.readAllBytes(file);
        final byte[] noise = new byte[right.length];
        new Random(5).nextBytes(noise);
        Files.write(file, noise, StandardOpenOption.WRITE);
        assertEquals(7, writer.reader().word(2, BoardWord.EPOCH));
        assertEquals(PLAN, writer.reader().plan());
        writer.mend();
        assertEquals(PLAN, board.plan());
        assertEquals(7, board.word(2, BoardWord.EPOCH));
        assertEquals(11, board.rootPid());
        assertEquals(1, board.deaths(2).size());
    }

    @Test
    void aBoardThatWasCutOffGetsItsLengthAndItsWordsAgain() throws IOException {
        writer.word(1, BoardWord.PID, 4711);
        final Path file = folder.resolve(Board.FILE);
        final byte[] right = Files.readAllBytes(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        writer.mend();
        assertArrayEquals(right, Files.readAllBytes(file));
    }

    @Test
    void carriesWhatRootSaysOfItselfAndTheTree() {
        writer.root(11, 22, 33, 44);
        writer.treeState(TreeState.STOPPING);
        writer.beat();
        writer.beat();
        writer.countTurn(5_000);
        writer.countTurn(5_000);
        writer.allReadyNs(55);
        writer.countChaosKill();
        writer.countChaosSpared();
        writer.answer(MailboxLayout.SLOTS - 1, Answer.WRONG_STATE.word(7));
        assertEquals(11, board.rootPid());
        assertEquals(22, board.rootStartTime());
        assertEquals(33, board.rootEpoch());
        assertEquals(44, board.startedMs());
        assertEquals(TreeState.STOPPING, board.treeState());
        assertEquals(2, board.heartbeat());
        assertEquals(2, board.turns(TurnTimes.classOf(5_000)));
        assertEquals(0, board.turns(TurnTimes.CLASSES - 1));
        assertEquals(55, board.allReadyNs());
        assertEquals(1, board.chaosKills());
        assertEquals(1, board.chaosSpared());
        final long answer = board.answer(MailboxLayout.SLOTS - 1);
        assertTrue(Answer.isFor(answer, 7) && !Answer.isFor(answer, 8));
        assertEquals(Answer.WRONG_STATE, Answer.of(answer));
    }

    @Test
    void isGoneOnWithInPlaceAndShowsAnotherPlanThere() {
        writer.root(11, 22, 33, 44);
        writer.allReadyNs(55);
        writer.word(2, BoardWord.EPOCH, 7);
        final TreePlan other =
                Plans.tree(Plans.daemon("catalog", 1, 1 << 20), Plans.daemon("scan", 2, 1 << 21));
        TreePlan current = PLAN;
        for (final TreePlan next : new TreePlan[] {PLAN, other, PLAN, other}) {
            final BoardWriter successor = BoardWriter.reuse(board, folder, next);
            assertEquals(next, board.plan(), "seen by who has mapped it all along");
            successor.root(12, 23, board.rootEpoch() + 1, 45);
            assertEquals(7, board.word(2, BoardWord.EPOCH));
            assertEquals(0, board.allReadyNs(), "another root, another start");
            current = next;
        }
        assertEquals(current, Board.open(folder).plan());
        assertEquals(37, board.rootEpoch());
        writer.word(2, BoardWord.EPOCH, 4);
        writer.word(2, BoardWord.STANDBY_EPOCH, 5);
        writer.word(2, BoardWord.PID, 77);
        writer.clear(2);
        assertEquals(0, board.word(2, BoardWord.PID));
        assertEquals(5, board.word(2, BoardWord.EPOCH), "no epoch of a row is given out twice");
    }

    @Test
    void takesNoPlanThatHasNoRoomOnIt() {
        final TreePlan spare =
                Plans.tree(Plans.daemon("more", 2 + BoardLayout.SPARE_ROWS, 1 << 20));
        assertTrue(BoardWriter.hasRoom(board, spare));
        final TreePlan beyond =
                Plans.tree(Plans.daemon("more", 3 + BoardLayout.SPARE_ROWS, 1 << 20));
        assertFalse(BoardWriter.hasRoom(board, beyond));
        assertEquals(null, BoardWriter.reuse(board, folder, beyond));
        final TreePlan tooLong = new TreePlan("x".repeat(1 << 16), 0, 0, PLAN.daemons());
        assertFalse(BoardWriter.hasRoom(board, tooLong));
        assertEquals(null, BoardWriter.reuse(board, folder, tooLong));
        assertEquals(PLAN, board.plan());
    }

    @Test
    void damagedWordsGiveAStateAndNeverAnError() {
        for (final long word : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1000}) {
            writer.word(1, BoardWord.STATE, word);
            assertEquals(DaemonState.WAITING, board.state(1));
            assertEquals(ExitClass.NONE, ExitClass.of(word));
            assertEquals(TreeState.STARTING, TreeState.of(word));
        }
        assertEquals(Answer.UNKNOWN, Answer.of(-1));
    }

    @Test
    void remembersTheNewestProcessesThatRootKilled() {
        assertFalse(board.wasKilledByRoot(1, 1));
        for (int pid = 1; pid <= BoardLayout.KILLS + 1; pid++) {
            writer.recordKill(pid, pid * 10L);
        }
        assertFalse(board.wasKilledByRoot(1, 10));
        for (int pid = 2; pid <= BoardLayout.KILLS + 1; pid++) {
            assertTrue(board.wasKilledByRoot(pid, pid * 10L));
            assertFalse(board.wasKilledByRoot(pid, pid * 10L + 1));
        }
        assertEquals(0, board.rootPid());
    }

    @Test
    void onlyRootMayWrite() {
        final var readOnly = MappedFile.readOnly(folder.resolve(Board.FILE));
        assertThrows(
                UnsupportedOperationException.class,
                () -> readOnly.putLong(BoardLayout.ROOT_PID, 1));
    }

    @Test
    void refusesABoardThatIsNoneOrOfAnotherFormat() {
        final Path file = folder.resolve(Board.FILE);
        MappedFile.writable(file).putInt(BoardLayout.VERSION, 3);
        assertEquals(
                file + ": is of format 3, this program knows 2",
                assertThrows(ArenaException.class, () -> Board.open(folder)).getMessage());
        MappedFile.writable(file).putLong(BoardLayout.MAGIC_OFFSET, 0);
        assertEquals(
                file + ": is not a board, or its creation was cut",
                assertThrows(ArenaException.class, () -> Board.open(folder)).getMessage());
    }
}
