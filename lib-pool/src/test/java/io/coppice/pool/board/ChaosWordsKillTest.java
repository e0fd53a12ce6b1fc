package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills root at every store of what chaos keeps on the board, and its successors at every store of
 * theirs: nobody stays stopped, and what chaos does is not half there.
 */
@Tag("cuts")
class ChaosWordsKillTest {
    private static final long POINTS_LEAST = 20;
    private static final int LINE = 3;
    private static final long PID = 4711;
    private static final long START_TIME = 99;

    /** Stands for the process: 1 while it is stopped. A signal is as whole as a store. */
    private static final long PROCESS = BoardLayout.TABLE;

    @Test
    void nobodyStaysStoppedWhereverRootDies() {
        try (TestArena arena = new TestArena(2 * BoardLayout.TABLE)) {
            final long points =
                    new KillEverywhere(
                                    "processes that chaos has stopped",
                                    arena,
                                    ChaosWordsKillTest::stopAndLetGo,
                                    ChaosWordsKillTest::letGo,
                                    ChaosWordsKillTest::checkProcess)
                            .run();
            assertTrue(points >= POINTS_LEAST, points + " points");
        }
    }

    private static void stopAndLetGo(final Memory memory) {
        MirroredBoard.of(memory).recordStop(LINE, PID, START_TIME, 7);
        memory.putLong(PROCESS, 1);
        letGo(memory);
    }

    /** As each root does, the first and the next. */
    private static void letGo(final Memory memory) {
        final BoardWriter board = MirroredBoard.of(memory);
        for (int line = 0; line < BoardLayout.STOPPED; line++) {
            if (board.reader().stoppedPid(line) == PID) {
                assertEquals(START_TIME, board.reader().stoppedStartTime(line));
                memory.putLong(PROCESS, 0);
                board.clearStop(line);
            }
        }
    }

    private static void checkProcess(final Memory memory, final String where) {
        assertEquals(0, memory.getLong(PROCESS), where);
        final Board board = new Board(memory);
        for (int line = 0; line < BoardLayout.STOPPED; line++) {
            assertEquals(0, board.stoppedPid(line), where);
        }
    }

    @Test
    void whatChaosDoesIsNeverHalfThere() {
        try (TestArena arena = new TestArena(2 * BoardLayout.TABLE)) {
            MirroredBoard.of(arena.memory()).chaos(10, 1, 11, 12);
            final long points =
                    new KillEverywhere(
                                    "chaos",
                                    arena,
                                    memory -> MirroredBoard.of(memory).chaos(20, 2, 21, 22),
                                    memory -> {},
                                    ChaosWordsKillTest::checkWords)
                            .run();
            // Each of the five stores goes to root's own copy and to the file.
            assertEquals(2 * 5, points);
        }
    }

    private static void checkWords(final Memory memory, final String where) {
        final Board board = new Board(memory);
        if (board.chaosPeriodNs() != 0) {
            final long first = board.chaosPeriodNs();
            assertTrue(first == 10 || first == 20, where);
            assertEquals(first / 10, board.chaosKinds(), where);
            assertEquals(first + 1, board.chaosStopForNs(), where);
            assertEquals(first + 2, board.chaosRandom(), where);
        }
    }
}
