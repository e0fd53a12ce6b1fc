package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a writer does about readers that are slow, and about cursors that cannot be right. */
class ReaderPolicyTest {
    private static final RingSettings WAITING = RingSettings.lossless(TestTree.CAPACITY);
    private static final long PATIENCE_NS = 1000;

    @TempDir Path folder;

    private long nowNs = 77;
    private RingPair pair;

    @Test
    void aReaderIsDroppedAtOnceAndToldSo() {
        open(ReaderPolicy.droppingAtOnce());
        assertEquals(RingMode.DROPPING, pair.writer.mode());
        pair.sendAll(1, 3);
        assertEquals(List.of(1L), pair.poll(1));
        assertEquals(CutOffReason.NONE, pair.writer.cutOff(0));
        pair.sendAll(4, 30);
        assertEquals(CutOffReason.SLOW, pair.writer.cutOff(0));
        assertEquals(1, pair.writer.cutOffs());
        final List<Long> told = pair.poll(RingPair.NO_LIMIT);
        assertTrue(told.get(0) <= -20, told.toString());
        assertEquals(30, told.get(told.size() - 1));
        assertEquals(28, told.size() - 1 - told.get(0) - 1, "2 to 30 came or are lost");
        assertEquals(1, pair.reader.cutOffs());
        assertTrue(pair.writer.isDrained());
        assertEquals(CutOffReason.NONE, pair.writer.cutOff(0), "it counts again");
        pair.sound();
    }

    @Test
    void aReaderIsDroppedWhenThePatienceIsUsedUp() {
        open(ReaderPolicy.droppingAfter(PATIENCE_NS));
        int sent = fill();
        nowNs += PATIENCE_NS - 1;
        assertFalse(pair.send(++sent, 100));
        assertEquals(0, pair.writer.cutOffs());
        nowNs++;
        assertTrue(pair.send(sent, 100));
        assertEquals(1, pair.writer.cutOffs());
        final List<Long> told = pair.poll(RingPair.NO_LIMIT);
        assertEquals(sent, told.get(told.size() - 1));
    }

    @Test
    void aReaderThatGoesOnInTimeIsWaitedForAgainFromTheBeginning() {
        open(ReaderPolicy.droppingAfter(PATIENCE_NS));
        int sent = fill();
        for (int round = 0; round < 10; round++) {
            assertFalse(pair.send(sent + 1, 100));
            nowNs += PATIENCE_NS - 1;
            assertEquals(2, pair.poll(2).size());
            assertTrue(pair.send(++sent, 100));
            while (pair.send(sent + 1, 100)) {
                sent++;
            }
        }
        assertEquals(0, pair.writer.cutOffs());
        assertEquals(0, pair.reader.lost());
    }

    @Test
    void aReaderThatIsWaitedForLosesNothingBesideOneThatIsDropped() {
        final TestTree two =
                TestTree.create(
                        folder, 2, WAITING.reader("reader1", ReaderPolicy.droppingAtOnce()));
        final Arena arena = two.attach(TestTree.writerPlan());
        final RingWriter writer = two.writer(arena);
        arena.seal();
        final RingReader patient = two.reader(two.attach(TestTree.readerPlan(0)));
        final RingReader dropped = two.reader(two.attach(TestTree.readerPlan(1)));
        final MessageHandler nothing = (type, buffer, index, length) -> {};
        assertEquals(0, patient.poll(nothing, 1) + dropped.poll(nothing, 1));
        long read = 0;
        for (int sent = 0; sent < 1000; ) {
            arena.journal().begin();
            final boolean isDone = writer.tryClaim(sent, 100) != RingWriter.NO_SPACE;
            arena.journal().commit();
            if (isDone) {
                sent++;
            } else {
                assertTrue(writer.backlogBytes() > TestTree.CAPACITY / 2);
                read += patient.poll(nothing, 3);
            }
        }
        read += patient.poll(nothing, RingPair.NO_LIMIT);
        assertEquals(1000, read);
        assertEquals(0, patient.lost());
        final long count = dropped.poll(nothing, RingPair.NO_LIMIT);
        assertEquals(1000, count + dropped.lost());
        assertEquals(CutOffReason.NONE, writer.cutOff(0));
        assertEquals(1, dropped.cutOffs());
    }

    @Test
    void aReaderThatWasNeverThereIsDroppedToo() {
        open(ReaderPolicy.droppingAtOnce());
        pair.sendAll(1, 100);
        assertEquals(1, pair.writer.cutOffs());
        final List<Long> told = pair.poll(RingPair.NO_LIMIT);
        assertEquals(100, told.get(told.size() - 1));
    }

    @Test
    void aPolicyForSomebodyWhoDoesNotReadIsAnError() {
        final RingSettings settings = WAITING.reader("nobody", ReaderPolicy.waiting());
        final ArenaException refused =
                assertThrows(ArenaException.class, () -> new RingPair(folder, settings));
        assertEquals(
                "writer: ring \"results\" has a policy for \"nobody\", which does not read it: add"
                        + " it to the \"readers\"",
                refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> ReaderPolicy.droppingAfter(0));
    }

    @Test
    void aCursorAheadOfTheWriterIsCutOffWithAReason() {
        assertCutOff(1 << 20, CutOffReason.AHEAD);
        assertCutOff(Long.MAX_VALUE, CutOffReason.AHEAD);
    }

    @Test
    void aCursorThatGoesBackBehindTheGateIsCutOffWithAReason() {
        assertCutOff(0, CutOffReason.BEHIND);
        assertCutOff(-8, CutOffReason.BEHIND);
        assertCutOff(Long.MIN_VALUE, CutOffReason.BEHIND);
    }

    @Test
    void aCursorInsideOfARecordIsCutOffWithAReason() {
        open(ReaderPolicy.waiting());
        fillAfterSome();
        final long right = pair.cursor();
        for (final long wrong : new long[] {right + 1, right + 8, right + 128}) {
            pair.setCursor(wrong);
            pair.sendAll(50, 70);
            assertEquals(CutOffReason.NO_RECORD, pair.writer.cutOff(0));
            pair.sound();
            pair.setCursor(wrong + 1);
            pair.sendAll(50, 70);
            pair.sound();
        }
        assertTrue(pair.writer.cutOffs() > 0);
    }

    @Test
    void aReaderThatWasCutOffIsToldWhatItLostAndCountsAgain() {
        open(ReaderPolicy.waiting());
        fillAfterSome();
        pair.setCursor(0);
        pair.sendAll(60, 90);
        assertEquals(List.of(), pair.poll(RingPair.NO_LIMIT), "what it reads is overwritten");
        final List<Long> told = pair.poll(RingPair.NO_LIMIT);
        assertTrue(told.get(0) < 0, told.toString());
        assertEquals(90, told.get(told.size() - 1));
        assertEquals(-told.get(0), pair.reader.lost());
        assertTrue(pair.writer.isDrained());
        assertEquals(CutOffReason.NONE, pair.writer.cutOff(0));
        fill();
    }

    @Test
    void aReaderWhoseOwnPositionIsGarbageSaysSoAndCanBeginElsewhere() {
        open(ReaderPolicy.waiting());
        pair.sendAll(1, 3);
        pair.setCursor(1 << 20);
        pair.openReader(RingStart.committed());
        // The line belongs to the ring only once it was read from.
        assertEquals(List.of(1L, 2L, 3L), pair.poll(9));
        pair.setCursor(1 << 20);
        pair.openReader(RingStart.committed());
        final ArenaException damaged =
                assertThrows(ArenaException.class, () -> pair.poll(RingPair.NO_LIMIT));
        assertEquals(
                "ring \"writer/results\": this reader's position 1048576 is none up to 360: reset"
                        + " the reading daemon, or open the ring at another start",
                damaged.getMessage());
        pair.openReader(RingStart.oldest());
        assertEquals(List.of(1L, 2L, 3L), pair.poll(9));
    }

    @Test
    void noGarbageInACursorHarmsTheWriterOrTheOtherReader() {
        final TestTree two = TestTree.create(folder, 2, WAITING);
        final Arena arena = two.attach(TestTree.writerPlan());
        final RingWriter writer = two.writer(arena);
        arena.seal();
        final RingReader good = two.reader(two.attach(TestTree.readerPlan(0)));
        final Arena bad = two.attach(TestTree.readerPlan(1));
        two.reader(bad).poll((type, buffer, index, length) -> {}, 1);
        final Random random = new Random(11);
        final long[] read = {0};
        for (int sent = 0; sent < 20_000; ) {
            final long near = writer.backlogBytes() + random.nextLong(1L << 22);
            bad.memory()
                    .putLong(
                            ArenaLayout.cursor(0) + ArenaLayout.CURSOR_POSITION,
                            random.nextBoolean() ? random.nextLong() : near);
            arena.journal().begin();
            if (writer.tryClaim(sent % 1000, random.nextInt(100)) != RingWriter.NO_SPACE) {
                sent++;
            }
            arena.journal().commit();
            good.poll(
                    (type, buffer, index, length) -> assertEquals(read[0]++ % 1000, type),
                    random.nextInt(3));
        }
        good.poll((type, buffer, index, length) -> read[0]++, RingPair.NO_LIMIT);
        assertEquals(20_000, read[0]);
        assertEquals(0, good.lost());
        assertTrue(writer.cutOffs() > 0);
    }

    private void assertCutOff(final long position, final CutOffReason reason) {
        if (pair == null) {
            open(ReaderPolicy.waiting());
            fillAfterSome();
        }
        final long before = pair.writer.cutOffs();
        pair.setCursor(position);
        pair.sendAll(50, 80);
        assertEquals(reason, pair.writer.cutOff(0));
        assertTrue(pair.writer.cutOffs() > 0 && pair.writer.cutOffs() >= before);
        pair.sound();
    }

    private void open(final ReaderPolicy policy) {
        pair = new RingPair(folder, WAITING.reader("reader0", policy).withClock(() -> nowNs));
    }

    /** Reads some first, so that the gate is not at the beginning. */
    private void fillAfterSome() {
        pair.sendAll(1, 5);
        pair.poll(5);
        fill();
    }

    private int fill() {
        int sent = 0;
        while (pair.send(sent + 1, 100)) {
            sent++;
        }
        assertTrue(sent > 4);
        return sent;
    }
}
