package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.StructureKind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rings whose writer never waits. */
class LatestRingTest {
    @TempDir Path folder;

    private RingPair pair;

    @BeforeEach
    void open() {
        pair = new RingPair(folder, RingSettings.latest(TestTree.CAPACITY));
    }

    @Test
    void aReaderThatKeepsUpLosesNothing() {
        for (int i = 1; i <= 100; i++) {
            pair.sendAll(i, i);
            assertEquals(List.of((long) i), pair.poll(9));
        }
        assertEquals(RingMode.LATEST, pair.writer.mode());
        assertEquals(0, pair.reader.lost());
        pair.sound();
    }

    @Test
    void aReaderThatWasOverrunIsToldHowMuchItLostAndGoesOnAtTheOldest() {
        pair.sendAll(1, 3);
        assertEquals(List.of(1L), pair.poll(1));
        pair.sendAll(4, 30);
        assertTrue(pair.writer.isDrained() && pair.writer.hasRoom(200));
        // At 120 bytes each, eight are kept at most.
        final List<Long> told = pair.poll(RingPair.NO_LIMIT);
        assertTrue(told.get(0) < -20, told.toString());
        assertEquals(1 - told.get(0) + 1, told.get(1));
        assertEquals(30, told.get(told.size() - 1));
        for (int i = 2; i < told.size(); i++) {
            assertEquals(told.get(i - 1) + 1, told.get(i));
        }
        assertEquals(-told.get(0), pair.reader.lost());
        assertEquals(List.of(), pair.poll(9));
        pair.sound();
    }

    @Test
    void aRollbackOfTheReaderIsToldOfTheLossAgain() {
        pair.sendAll(1, 1);
        pair.poll(9);
        pair.sendAll(2, 30);
        assertThrows(
                IllegalStateException.class,
                () ->
                        pair.reader.poll(
                                (type, buffer, index, length) -> {
                                    throw new IllegalStateException("no");
                                },
                                9));
        assertEquals(0, pair.reader.lost());
        final long lost = -pair.poll(1).get(0);
        assertTrue(lost > 0);
        assertEquals(lost, pair.reader.lost());
        pair.openReader(RingStart.committed());
        assertEquals(lost, pair.reader.lost(), "it outlives its reader");
        assertEquals(lost + 3, pair.poll(1).get(0));
    }

    @Test
    void aRollbackOfTheWriterMayCostTheOldestAndTearsNothing() {
        pair.sendAll(1, 7);
        pair.writerArena.journal().begin();
        for (int i = 0; i < 5; i++) {
            assertTrue(pair.offer(99, 100));
        }
        pair.writerArena.journal().rollback();
        pair.sound();
        pair.sendAll(8, 8);
        final List<Long> told = pair.poll(9);
        assertEquals(8, told.get(told.size() - 1));
        assertFalse(told.contains(99L));
    }

    @Test
    void oneTransactionThatFillsTheRingIsAnErrorThatSaysSo() {
        pair.writerArena.journal().begin();
        final IllegalStateException full =
                assertThrows(
                        IllegalStateException.class,
                        () -> {
                            for (int i = 0; i < 20; i++) {
                                pair.offer(1, 100);
                            }
                        });
        assertEquals(
                "ring \"writer/results\": the messages of one transaction fill its 1024 bytes:"
                        + " commit earlier, or raise its capacity",
                full.getMessage());
        pair.writerArena.journal().rollback();
        pair.sendAll(1, 2);
        assertEquals(List.of(1L, 2L), pair.poll(9));
    }

    @Test
    void theModeIsLaidOutWithTheRing() {
        final Arena next = pair.tree.attach(TestTree.writerPlan());
        final ArenaException refused =
                assertThrows(ArenaException.class, () -> pair.tree.writer(next, TestTree.CAPACITY));
        assertEquals(
                "writer: ring \"results\" is LATEST, this build wants LOSSLESS: use another name,"
                        + " or reset the daemon",
                refused.getMessage());
    }

    @Test
    void aRingThatNeverWaitsTakesNoPolicies() {
        final RingSettings latest = RingSettings.latest(TestTree.CAPACITY);
        assertThrows(
                IllegalArgumentException.class,
                () -> latest.reader("reader0", ReaderPolicy.waiting()));
    }

    @Test
    void noReaderHoldsTheWriterBackHoweverItsCursorLooks() {
        for (final long position : new long[] {-1, 3, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20}) {
            pair.setCursor(position);
            pair.sendAll(1, 30);
            pair.sound();
        }
        assertEquals(0, pair.writer.cutOffs());
    }

    @Test
    void noMessageIsTornWhileTheWriterRunsOverTheReader() throws InterruptedException {
        final int messages = 200_000;
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final AtomicBoolean isDone = new AtomicBoolean();
        final Thread sender =
                new Thread(
                        () -> {
                            try {
                                for (int i = 1; i <= messages; i++) {
                                    if (!pair.send(i, i * 7 % 240)) {
                                        throw new AssertionError("waited at " + i);
                                    }
                                }
                            } catch (final Throwable thrown) {
                                failure.set(thrown);
                            } finally {
                                isDone.set(true);
                            }
                        });
        assertEquals(List.of(), pair.poll(1), "it is there before the first message");
        sender.start();
        long last = 0;
        long count = 0;
        while (last < messages && failure.get() == null) {
            final boolean wasDone = isDone.get();
            for (final long told : pair.poll(7)) {
                last += told < 0 ? -told : 1;
                count += told < 0 ? 0 : 1;
                if (told >= 0) {
                    assertEquals(last, told);
                }
            }
            assertTrue(last == messages || !wasDone || pair.reader.backlogBytes() > 0);
        }
        sender.join();
        assertEquals(null, failure.get());
        assertEquals(messages, count + pair.reader.lost());
        pair.sound();
    }

    @Test
    void aReaderOfAnArenaThatWasLaidOutAnewBeginsThere() {
        pair.sendAll(1, 30);
        pair.poll(3);
        pair.writerArena = pair.tree.attach(TestTree.writerPlan());
        pair.writerArena.reset();
        assertEquals(List.of(), pair.poll(9));
        pair.writer = pair.tree.writer(pair.writerArena);
        pair.writerArena.seal();
        pair.sendAll(40, 41);
        assertEquals(List.of(40L, 41L), pair.poll(9));
    }

    @Test
    void overtakingAndBeingOvertakenAllocateNothing() {
        final long word =
                pair.readerArena.structure("sum", StructureKind.REGION, Long.BYTES).offset();
        pair.readerArena.seal();
        pair.reader.onLoss(lost -> pair.readerArena.journal().putLong(word, lost));
        final MessageHandler handler =
                (type, buffer, index, length) -> pair.readerArena.journal().putLong(word, length);
        final long bytes =
                RingPair.allocatedBytes(
                        20_000,
                        round -> {
                            for (int i = 0; i < 12; i++) {
                                pair.writerArena.journal().begin();
                                pair.offer(i, 100);
                                pair.writerArena.journal().commit();
                            }
                            pair.reader.poll(handler, 3);
                        });
        assertEquals(0, bytes);
        assertTrue(pair.reader.lost() > 0);
    }
}
