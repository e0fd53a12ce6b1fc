package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.Bells;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The two places where both ends store one word and then look at one of the other's, tens of
 * thousands of times at full speed: a reader that begins while the writer makes room, and sleepers
 * that are woken. Were one of the fences missing, a reader would begin in what is being
 * overwritten, or somebody would sleep for ever. {@link LatestRingTest} does it with the third, a
 * reader that copies what is being overwritten.
 */
class RingRaceTest {
    private static final int BEGINNINGS = 500;
    private static final int JUMPS = 400_000;
    private static final int LOOKS = 20;
    private static final long UNKNOWN = -1;
    private static final int MESSAGES = 40_000;

    /** Nobody sleeps as long, unless a wake-up was missed. */
    private static final long SLEEP_NS_MAX = TimeUnit.SECONDS.toNanos(60);

    @TempDir Path folder;

    private RingPair pair;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private final AtomicBoolean isOver = new AtomicBoolean();

    @ParameterizedTest
    @EnumSource(RingMode.class)
    void whoeverBeginsWhileTheWriterMakesRoomSeesWholeMessagesInOrder(final RingMode mode)
            throws InterruptedException {
        pair = new RingPair(folder, settings(mode));
        final Thread sender = start(this::sendUntilOver);
        for (int i = 0; i < BEGINNINGS && failure.get() == null; i++) {
            pair.openReader(i % 2 == 0 ? RingStart.oldest() : RingStart.newest());
            long next = UNKNOWN;
            for (int seen = 0; seen < 5 && failure.get() == null; ) {
                for (final long told : pair.poll(2)) {
                    if (told < 0) {
                        assertTrue(mode != RingMode.LOSSLESS, "lost " + -told);
                        next = next == UNKNOWN ? UNKNOWN : next - told;
                    } else {
                        assertTrue(next == UNKNOWN || next == told, told + ", not " + next);
                        next = told + 1;
                        seen++;
                    }
                }
            }
        }
        isOver.set(true);
        sender.join();
        assertEquals(null, failure.get());
        pair.sound();
    }

    @Test
    @Timeout(300)
    void noRecordBehindAReaderThatJumpedBackIsOverwritten() throws InterruptedException {
        pair = new RingPair(folder, RingSettings.lossless(TestTree.CAPACITY));
        final Thread sender = start(this::sendUntilOver);
        while (pair.poll(1).isEmpty()) {
            Thread.onSpinWait();
        }
        final long key = RingLayout.cursorKey("writer", TestTree.RING);
        final RingCursor cursor = RingCursor.open(pair.readerArena, key, TestTree.RING);
        final MappedRing ring =
                new MappedRing(pair.tree.writerFile(), RingLayout.structureName(TestTree.RING));
        assertTrue(ring.attach());
        final RingJoin join = new RingJoin(TestTree.RING, cursor, ring);
        long moved = 0;
        for (int i = 0; i < JUMPS && failure.get() == null; i++) {
            // Forwards, so that the writer may go on, and back at once, while it does.
            join.at(ring.tail(), RingCursor.ANY);
            final long before = ring.announcedGate();
            for (int pause = i % 64; pause > 0; pause--) {
                Thread.onSpinWait();
            }
            join.at(ring.announcedGate(), RingCursor.ANY);
            moved += cursor.position() == before ? 0 : 1;
            for (int look = 0; look < LOOKS; look++) {
                if (!ring.isKept(cursor.position())) {
                    failure.set(
                            new AssertionError(
                                    "gate "
                                            + ring.gate()
                                            + " beyond the reader's "
                                            + cursor.position()
                                            + " in jump "
                                            + i));
                }
            }
        }
        isOver.set(true);
        sender.join();
        assertEquals(null, failure.get());
        assertTrue(moved > 0, "the writer never went on in between");
    }

    @Test
    @Timeout(300)
    void nobodySleepsForEver() throws InterruptedException {
        pair = new RingPair(folder, RingSettings.lossless(TestTree.CAPACITY));
        final Bells bells = pair.tree.bells();
        final Thread sender =
                start(
                        () -> {
                            for (int i = 0; i < MESSAGES; ) {
                                final int seen = bells.sequence(TestTree.WRITER_SLOT);
                                if (pair.send(i, 200)) {
                                    i++;
                                } else {
                                    sleep(bells, TestTree.WRITER_SLOT, seen);
                                }
                            }
                        });
        final int slot = TestTree.readerPlan(0).slot();
        long received = 0;
        while (received < MESSAGES && failure.get() == null) {
            final int seen = bells.sequence(slot);
            final List<Long> told = pair.poll(3);
            for (final long each : told) {
                assertEquals(received++, each);
            }
            if (told.isEmpty()) {
                sleep(bells, slot, seen);
            }
        }
        sender.join();
        assertEquals(null, failure.get());
    }

    private static RingSettings settings(final RingMode mode) {
        final RingSettings lossless = RingSettings.lossless(TestTree.CAPACITY);
        return switch (mode) {
            case LOSSLESS -> lossless;
            case LATEST -> RingSettings.latest(TestTree.CAPACITY);
            case DROPPING -> lossless.reader("reader0", ReaderPolicy.droppingAtOnce());
        };
    }

    private void sendUntilOver() {
        for (int i = 0; !isOver.get(); ) {
            if (pair.send(i, i * 7 % 240)) {
                i++;
            }
        }
    }

    private static void sleep(final Bells bells, final int slot, final int seen) {
        final long start = System.nanoTime();
        bells.await(slot, seen, SLEEP_NS_MAX);
        assertTrue(System.nanoTime() - start < SLEEP_NS_MAX, "a wake-up was missed");
    }

    private Thread start(final Runnable work) {
        final Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (final Throwable thrown) {
                                failure.set(thrown);
                            }
                        });
        thread.start();
        return thread;
    }
}
