package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.ProcessActivity;
import org.junit.jupiter.api.Test;

/**
 * A heart in turns as long as root waits, of a process whose state and processor time a test
 * chooses.
 */
class HeartTest {
    private static final long TURN_NS = RootLoop.WAIT_NS_MAX;
    private static final long DUMP_NS = 30 * TURN_NS;
    private static final long KILL_NS = 50 * TURN_NS;

    private final Heart heart = new Heart(DUMP_NS, KILL_NS);
    private long beat;
    private boolean stopped;
    private boolean waiting;

    /** Of each turn, in percent of one processor. */
    private int share;

    private long cpuNs;
    private int dumps;

    @Test
    void asksForOneDumpInEachSilenceAndThenForTheKill() {
        assertEquals(30, turnsToDump(TURN_NS));
        assertEquals(50 - 30, turnsToKill(TURN_NS));
        assertEquals(1, dumps);
    }

    @Test
    void aBeatEndsTheSilence() {
        turnsToDump(TURN_NS);
        beat++;
        assertEquals(31, turnsToDump(TURN_NS), "the beat's own turn is none of silence");
        assertEquals(2, dumps);
    }

    @Test
    void aNewIncarnationBeginsWithoutSilenceAndItsFirstBeatCounts() {
        turnsToKill(TURN_NS);
        heart.reset(beat);
        assertFalse(heart.isKillDue());
        assertFalse(heart.isDumpDue());
        assertEquals(50, turnsToKill(TURN_NS));
    }

    @Test
    void oneThatSpinsHangs() {
        waiting = true;
        share = 100;
        assertEquals(50, turnsToKill(TURN_NS));
    }

    @Test
    void oneThatIsStoppedAloneHangs() {
        waiting = true;
        stopped = true;
        assertEquals(50, turnsToKill(TURN_NS));
    }

    @Test
    void oneThatWantsAProcessorAndHardlyGetsOneIsGivenFourTimesTheTime() {
        waiting = true;
        share = 20;
        assertEquals(Heart.PATIENCE * 30, turnsToDump(TURN_NS));
        assertEquals(Heart.PATIENCE * (50 - 30), turnsToKill(TURN_NS));
    }

    @Test
    void oneThatWasStarvedAndThenSpinsIsKilledWhenItHasHadItsShare() {
        waiting = true;
        for (int turn = 0; turn < 60; turn++) {
            turn(TURN_NS);
            assertFalse(heart.isKillDue());
        }
        share = 100;
        final int turns = turnsToKill(TURN_NS);
        assertTrue(turns > 10 && turns < 30, "" + turns);
    }

    @Test
    void aLateTurnOfRootCountsForPatienceAlone() {
        assertEquals(Heart.PATIENCE * 25, turnsToKill(2 * TURN_NS));
    }

    @Test
    void aStallOfTheMachineIsOneLateTurn() {
        turnsToDump(TURN_NS);
        turn(2 * TURN_NS);
        assertFalse(heart.isKillDue());
        beat++;
        turn(TURN_NS);
        assertFalse(heart.isKillDue());
    }

    private int turnsToDump(final long turnNs) {
        final int before = dumps;
        int turns = 0;
        while (dumps == before) {
            turn(turnNs);
            turns++;
        }
        return turns;
    }

    private int turnsToKill(final long turnNs) {
        int turns = 0;
        while (!heart.isKillDue()) {
            turn(turnNs);
            turns++;
        }
        return turns;
    }

    private void turn(final long turnNs) {
        cpuNs += turnNs * share / 100;
        heart.listen(beat, turnNs);
        if (heart.isLookDue()) {
            heart.look(new ProcessActivity(stopped, waiting, cpuNs));
        }
        dumps += heart.isDumpDue() ? 1 : 0;
    }
}
