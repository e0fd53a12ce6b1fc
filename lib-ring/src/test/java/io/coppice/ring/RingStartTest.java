package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that begin elsewhere than where their last commit was. */
class RingStartTest {
    @TempDir Path folder;

    private RingPair pair;

    @Test
    void theDefaultIsWhereTheLastCommitWas() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        assertEquals(List.of(1L, 2L), pair.poll(2));
        pair.openReader(RingStart.committed());
        assertEquals(List.of(3L, 4L), pair.poll(9));
    }

    @Test
    void theOldestIsReadOnceMore() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        pair.poll(3);
        pair.openReader(RingStart.oldest());
        assertEquals(List.of(1L, 2L, 3L, 4L), pair.poll(9));
        assertEquals(List.of(), pair.poll(9));
        assertEquals(0, pair.reader.lost());
    }

    @Test
    void theNewestIsWhatComesNext() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        pair.openReader(RingStart.newest());
        assertEquals(List.of(), pair.poll(9));
        assertTrue(pair.writer.isDrained());
        pair.sendAll(5, 6);
        assertEquals(List.of(5L, 6L), pair.poll(9));
        assertEquals(0, pair.reader.lost());
    }

    @Test
    void aRememberedNumberIsFoundAgain() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        pair.poll(1);
        final long remembered = pair.reader.number();
        assertEquals(1, remembered);
        pair.poll(9);
        for (int round = 0; round < 3; round++) {
            pair.openReader(RingStart.at(remembered));
            assertEquals(List.of(2L, 3L, 4L), pair.poll(9));
        }
        pair.openReader(RingStart.at(pair.writer.number()));
        assertEquals(List.of(), pair.poll(9));
        pair.openReader(RingStart.at(pair.writer.number() + 1));
        assertEquals(List.of(1L, 2L, 3L, 4L), pair.poll(9), "a number of another ring");
        assertThrows(IllegalArgumentException.class, () -> RingStart.at(-1));
    }

    @Test
    void aWriterWaitsForAReaderThatReadsOnceMore() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        pair.poll(9);
        pair.openReader(RingStart.oldest());
        assertEquals(List.of(1L), pair.poll(1));
        long next = 5;
        while (pair.send((int) next, 100)) {
            next++;
        }
        assertFalse(pair.writer.isDrained());
        for (long expected = 2; expected < next; expected++) {
            assertEquals(List.of(expected), pair.poll(1));
        }
    }

    @Test
    void whatIsNotKeptAnyMoreIsToldToBeLost() {
        open(RingSettings.latest(TestTree.CAPACITY));
        pair.sendAll(5, 30);
        pair.openReader(RingStart.at(2));
        final List<Long> told = pair.poll(9);
        assertTrue(told.get(0) < 0);
        assertEquals(3 - told.get(0), told.get(1), "message 3 has number 2");
        pair.openReader(RingStart.oldest());
        assertEquals(told.subList(1, told.size()), pair.poll(9));
        pair.openReader(RingStart.at(27));
        assertEquals(List.of(28L, 29L, 30L), pair.poll(9));
        pair.openReader(RingStart.newest());
        assertEquals(List.of(), pair.poll(9));
        pair.sendAll(31, 31);
        assertEquals(List.of(31L), pair.poll(9));
    }

    @Test
    void aReaderMayAskForAStartBeforeThereIsARing(@TempDir final Path other) {
        final TestTree late = TestTree.create(other, 1);
        final RingReader reader =
                late.reader(late.attach(TestTree.readerPlan(0)), TestTree.RING, RingStart.newest());
        final MessageHandler nothing = (type, buffer, index, length) -> {};
        assertEquals(0, reader.poll(nothing, 9));
        final Arena arena = late.attach(TestTree.writerPlan());
        final RingWriter writer = late.writer(arena);
        arena.seal();
        arena.journal().begin();
        assertTrue(writer.tryClaim(1, 0) != RingWriter.NO_SPACE);
        arena.journal().commit();
        assertEquals(0, reader.poll(nothing, 9), "it was there when the reader came");
        arena.journal().begin();
        assertTrue(writer.tryClaim(1, 0) != RingWriter.NO_SPACE);
        arena.journal().commit();
        assertEquals(1, reader.poll(nothing, 9));
    }

    private void open(final RingSettings settings) {
        pair = new RingPair(folder, settings);
        pair.sendAll(1, 4);
    }
}
