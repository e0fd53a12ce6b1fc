package io.coppice.root.loop;

import java.util.concurrent.TimeUnit;

/**
 * The clock on the wall, which people and time servers set forward and back. What it says is shown
 * and never compared: every deadline, delay and window of root goes by {@link System#nanoTime}. The
 * one place where the loop reads it, so that a test can step it.
 */
class WallClock {
    private static volatile WallClock current = new WallClock();

    /** Returns milliseconds since 1970, as the machine has them now. */
    long readMs() {
        return System.currentTimeMillis();
    }

    /** Returns milliseconds since 1970, for people. */
    static long nowMs() {
        return current.readMs();
    }

    /** Returns what {@link #nowMs} will most likely return after a delay in nanoseconds. */
    static long inMs(final long delayNs) {
        return nowMs() + TimeUnit.NANOSECONDS.toMillis(delayNs);
    }

    /** For tests: puts another clock in its place. */
    static void replace(final WallClock other) {
        current = other;
    }
}
