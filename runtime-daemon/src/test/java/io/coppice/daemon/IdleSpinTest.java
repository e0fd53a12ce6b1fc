package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IdleSpinTest {
    private static final long MOST_NS = 20_000;

    private final IdleSpin spin = new IdleSpin(MOST_NS);
    private long nowNs = -5;

    @Test
    void looksForTheWholeTimeAndThenForLessAndLess() {
        assertEquals(MOST_NS, look());
        assertEquals(MOST_NS / 2, look());
        assertEquals(MOST_NS / 4, look());
        assertEquals(MOST_NS / 8, look());
        assertEquals(MOST_NS / 8, look());
    }

    @Test
    void aLookThatFindsSomethingRestoresTheWholeTime() {
        look();
        look();
        assertFalse(spin.isOver(nowNs));
        spin.onWork();
        assertEquals(MOST_NS, look());
    }

    @Test
    void workAfterASleepDoesNot() {
        look();
        spin.onWork();
        assertEquals(MOST_NS / 2, look());
    }

    @Test
    void withoutATimeItSleepsAtOnce() {
        final IdleSpin none = new IdleSpin(0);
        assertTrue(none.isOver(nowNs));
        none.onWork();
        assertTrue(none.isOver(nowNs));
    }

    /** Returns how long it looks, in nanoseconds. */
    private long look() {
        final long startNs = nowNs;
        while (!spin.isOver(nowNs)) {
            nowNs += MOST_NS / 16;
        }
        return nowNs - startNs;
    }
}
