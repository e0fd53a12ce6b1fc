package io.coppice.system;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for conditions, long enough for a machine that has much else to do. */
final class Waiting {
    /** How long a tree may take for anything that no deadline of its own rules. */
    static final Duration LONG = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(10);

    private Waiting() {}

    static void until(final String what, final Callable<Boolean> condition) {
        until(what, LONG, condition);
    }

    static void until(final String what, final Duration most, final Callable<Boolean> condition) {
        Awaitility.await(what).atMost(most).pollInterval(LOOK).pollDelay(LOOK).until(condition);
    }
}
