package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeartTest {
    private static final long DUMP_NS = 30;
    private static final long KILL_NS = 50;

    private final Heart heart = new Heart(DUMP_NS, KILL_NS);

    @Test
    void asksForOneDumpInEachSilenceAndThenForTheKill() {
        heart.listen(1, 10);
        heart.listen(1, 29);
        assertFalse(heart.isDumpDue());

        heart.listen(1, 1);
        assertTrue(heart.isDumpDue());
        assertFalse(heart.isDumpDue());
        assertFalse(heart.isKillDue());

        heart.listen(1, 19);
        assertFalse(heart.isKillDue());
        heart.listen(1, 1);
        assertTrue(heart.isKillDue());
        assertFalse(heart.isDumpDue());
    }

    @Test
    void aBeatEndsTheSilence() {
        heart.listen(1, 10);
        heart.listen(1, KILL_NS - 1);
        assertTrue(heart.isDumpDue());

        heart.listen(2, 1_000);

        assertFalse(heart.isKillDue());
        heart.listen(2, DUMP_NS);
        assertTrue(heart.isDumpDue());
    }

    @Test
    void aNewIncarnationBeginsWithoutSilenceAndItsFirstBeatCounts() {
        heart.listen(0, KILL_NS);
        assertTrue(heart.isKillDue());

        heart.reset(0);

        assertFalse(heart.isKillDue());
        assertFalse(heart.isDumpDue());
    }
}
