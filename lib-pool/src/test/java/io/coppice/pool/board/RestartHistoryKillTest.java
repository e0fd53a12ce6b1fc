package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills root at every store of a judgement, and its successors at every store of theirs: the death
 * counts once, and what it meant is either not there or all there.
 */
@Tag("cuts")
class RestartHistoryKillTest {
    private static final long EPOCH = 42;
    private static final long DEATHS = 5;
    private static final long POINTS_LEAST = 100;

    @Test
    void countsADeathOnceWhereverRootDies() {
        try (TestArena arena = new TestArena(RestartHistoryLayout.HISTORY_BYTES)) {
            for (long epoch = EPOCH - DEATHS; epoch < EPOCH; epoch++) {
                judge(arena.memory(), epoch);
            }
            assertEquals(DEATHS, new RestartHistory(arena.memory()).deaths());
            final long points =
                    new KillEverywhere(
                                    "restart history",
                                    arena,
                                    memory -> judge(memory, EPOCH),
                                    memory -> judge(memory, EPOCH),
                                    RestartHistoryKillTest::check)
                            .run();
            assertTrue(points >= POINTS_LEAST, points + " points");
        }
    }

    /** As root does: what is judged already is not judged again. */
    private static void judge(final Memory memory, final long epoch) {
        final RestartHistory history = new RestartHistory(memory);
        assertNull(history.check());
        if (history.epoch() == epoch) {
            return;
        }
        final long deaths = history.deaths();
        final long inARow = history.inARow() + 1;
        final long restarts = history.restarts() + 1;
        final long[] times = new long[(int) deaths];
        for (int i = 0; i < times.length; i++) {
            times[i] = history.timeNs(i);
        }
        history.begin(inARow, deaths + 1, deaths);
        for (int i = 0; i < times.length; i++) {
            history.time(i, times[i]);
        }
        history.time(times.length, epoch);
        history.publish(epoch, 3, epoch, 10 * epoch, restarts);
    }

    private static void check(final Memory memory, final String where) {
        final RestartHistory history = new RestartHistory(memory);
        assertNull(history.check(), where);
        assertEquals(EPOCH, history.epoch(), where);
        assertEquals(3, history.event(), where);
        assertEquals(EPOCH, history.judgedNs(), where);
        assertEquals(10 * EPOCH, history.delayNs(), where);
        assertEquals(DEATHS + 1, history.deaths(), where);
        assertEquals(DEATHS + 1, history.inARow(), where);
        assertEquals(DEATHS, history.reason(), where);
        assertEquals(DEATHS + 1, history.restarts(), where);
        for (int i = 0; i <= DEATHS; i++) {
            assertEquals(EPOCH - DEATHS + i, history.timeNs(i), where);
        }
    }
}
