package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the wait point of every implementation has to do. */
@Timeout(60)
abstract class WaitPointContract {
    private static final long LONG_NS = 3_600_000_000_000L;
    private static final long SHORT_NS = 20_000_000;
    private static final int CAPACITY = 2;
    private static final int SPURIOUS_WAKE_UPS_MOST = 5;

    /** More than any pipe holds. */
    private static final int MANY_RINGS = 100_000;

    @TempDir Path directory;

    private final List<Process> started = new ArrayList<>();
    private WaitPoint waitPoint;
    private Doorbell doorbell;

    abstract OperatingSystem os();

    @BeforeEach
    void open() {
        final Path path = directory.resolve("doorbell");
        waitPoint = os().openWaitPoint(CAPACITY, path);
        doorbell = os().openDoorbell(path);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (final Process process : started) {
            process.destroyForcibly().waitFor();
        }
        if (waitPoint != null) {
            doorbell.close();
            waitPoint.close();
        }
    }

    @Test
    void deathOfAWatchedProcessEndsTheWait() throws IOException {
        final Process child = sleeper();
        final Process other = sleeper();
        final int token = waitPoint.watch(child.pid());
        final int otherToken = waitPoint.watch(other.pid());
        waitPoint.await(0);
        assertFalse(waitPoint.died(token));

        child.destroyForcibly();
        awaitDeath(token);

        assertFalse(waitPoint.died(otherToken));
        waitPoint.unwatch(token);
        other.destroyForcibly();
        awaitDeath(otherToken);
    }

    @Test
    void processThatIsGoneCannotBeWatched() throws Exception {
        final Process child = sleeper();
        child.destroyForcibly().waitFor();

        assertEquals(WaitPoint.GONE, waitPoint.watch(child.pid()));
    }

    @Test
    void watchingMoreThanTheCapacityIsRefusedUntilAPlaceIsFree() throws Exception {
        final Process dying = sleeper();
        final int token = waitPoint.watch(dying.pid());
        waitPoint.watch(sleeper().pid());
        final long third = sleeper().pid();

        final OsException refused = assertThrows(OsException.class, () -> waitPoint.watch(third));
        assertEquals(Errno.EMFILE, refused.errno());
        assertEquals(
                "watch pid "
                        + third
                        + ", all 2 places: EMFILE (too many open files in the process)",
                refused.getMessage());

        dying.destroyForcibly();
        awaitDeath(token);
        waitPoint.unwatch(token);
        final int again = waitPoint.watch(third);
        assertEquals(token, again);
        assertFalse(waitPoint.died(again), "the death of the place's last holder");
        waitPoint.await(0);
        assertFalse(waitPoint.died(again));
    }

    @Test
    void doorbellEndsTheWaitOnce() throws InterruptedException {
        final Thread ringer = new Thread(doorbell::ring);
        ringer.start();

        waitPoint.await(LONG_NS);

        ringer.join();
        assertSleepsForItsTimeout();
    }

    @Test
    void ringBeforeTheWaitIsNotLost() {
        doorbell.ring();

        waitPoint.await(LONG_NS);
    }

    @Test
    void ringingNeverBlocksAndManyRingsAreOne() {
        for (int i = 0; i < MANY_RINGS; i++) {
            doorbell.ring();
        }

        waitPoint.await(LONG_NS);
        // What a full fifo holds takes a bounded number of turns to drain.
        assertSleepsForItsTimeout();
    }

    @Test
    void secondDoorbellRingsTheSame() {
        try (Doorbell second = os().openDoorbell(directory.resolve("doorbell"))) {
            doorbell.close();
            second.ring();
            waitPoint.await(LONG_NS);
        }
        doorbell = os().openDoorbell(directory.resolve("doorbell"));
    }

    @Test
    void waitsForItsTimeout() throws IOException {
        waitPoint.watch(sleeper().pid());

        assertSleepsForItsTimeout();
    }

    @Test
    void onlyLooksWithoutATimeout() {
        waitPoint.await(0);
        waitPoint.await(-1);
        waitPoint.await(Long.MIN_VALUE);
    }

    private void awaitDeath(final int token) {
        while (!waitPoint.died(token)) {
            waitPoint.await(LONG_NS);
        }
    }

    private void assertSleepsForItsTimeout() {
        int attempts = 0;
        long sleptNs;
        do {
            assertTrue(attempts++ < drainTurnsMost() + SPURIOUS_WAKE_UPS_MOST, "never slept");
            final long start = System.nanoTime();
            waitPoint.await(SHORT_NS);
            sleptNs = System.nanoTime() - start;
        } while (sleptNs < SHORT_NS);
    }

    /** A Linux pipe holds 64 KiB and a turn drains 4 KiB of it. */
    private static int drainTurnsMost() {
        return 16;
    }

    private Process sleeper() throws IOException {
        final Process process = new ProcessBuilder("sleep", "120").start();
        started.add(process);
        return process;
    }
}
