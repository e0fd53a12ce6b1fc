package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are longer than a record can be, as chains of records. */
class LongMessageTest {
    private static final int LONGEST = TestTree.CAPACITY / 2;

    @TempDir Path folder;

    private RingPair pair;

    @Test
    void everyLengthUpToHalfOfTheRingComesWhole() {
        open(RingSettings.lossless(TestTree.CAPACITY).chained());
        assertEquals(LONGEST, pair.writer.messageBytesMax());
        for (int length = 0; length <= LONGEST; length++) {
            assertTrue(pair.send(length, length));
            pair.sound();
            assertEquals(List.of((long) length), pair.poll(9));
        }
        assertEquals(LONGEST + 1, pair.reader.number());
        assertEquals(0, pair.reader.lost());
    }

    @Test
    void aChainIsOneMessageOfABatchAndOfALimit() {
        open(RingSettings.lossless(TestTree.CAPACITY).chained());
        pair.commit(() -> pair.offer(1, 10) && pair.offer(2, 300) && pair.offer(3, 250));
        assertEquals(List.of(1L), pair.poll(1));
        assertEquals(List.of(2L), pair.poll(1));
        assertEquals(List.of(3L), pair.poll(9));
        assertEquals(3, pair.writer.number());
    }

    @Test
    void aChainThatFindsNoRoomLeavesNothing() {
        open(RingSettings.lossless(TestTree.CAPACITY).chained());
        assertTrue(pair.send(1, 400));
        assertFalse(pair.writer.hasRoom(LONGEST));
        final long number = pair.writer.number();
        assertFalse(pair.send(2, LONGEST));
        assertEquals(number, pair.writer.number());
        assertTrue(pair.send(3, 100));
        assertEquals(List.of(1L, 3L), pair.poll(9));
        assertTrue(pair.writer.hasRoom(LONGEST));
        assertTrue(pair.send(4, LONGEST));
        assertEquals(List.of(4L), pair.poll(9));
        pair.sound();
    }

    @Test
    void aRingThatWasNotOpenedForChainsRefusesThemAndSaysHow() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        pair.writerArena.journal().begin();
        final IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> pair.offer(1, 300));
        assertEquals(
                "ring \"writer/results\": a message of type 1 and 300 bytes: types are 0 or more,"
                        + " and at most 240 bytes fit, a quarter of the ring with a header: raise"
                        + " its capacity, or offer() longer ones with chained()",
                refused.getMessage());
    }

    @Test
    void aMessageLongerThanHalfOfTheRingIsRefused() {
        open(RingSettings.lossless(TestTree.CAPACITY).chained());
        pair.writerArena.journal().begin();
        final IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> pair.offer(1, LONGEST + 1));
        assertEquals(
                "ring \"writer/results\": a message of type 1 and 513 bytes: types are 0 or more,"
                        + " and at most 512 bytes can be offered here: raise the capacity",
                refused.getMessage());
    }

    @Test
    void whoeverIsOverrunByChainsIsToldHowManyMessagesItLost() {
        open(RingSettings.latest(TestTree.CAPACITY).chained());
        final Random random = new Random(11);
        long sent = 0;
        long seen = 0;
        for (int round = 0; round < 5_000; round++) {
            for (int i = random.nextInt(5); i > 0; i--) {
                assertTrue(pair.send((int) (sent % 1000), random.nextInt(LONGEST + 1)));
                sent++;
            }
            pair.sound();
            for (final long told : pair.poll(random.nextInt(4))) {
                if (told >= 0) {
                    assertEquals(seen % 1000, told);
                }
                seen += told < 0 ? -told : 1;
            }
        }
        for (final long told : pair.poll(RingPair.NO_LIMIT)) {
            seen += told < 0 ? -told : 1;
        }
        assertEquals(sent, seen);
        assertTrue(pair.reader.lost() > 1000, "it was overrun: " + pair.reader.lost());
    }

    @Test
    void aReaderThatBeginsInTheMiddleOfAChainSkipsTheRest() {
        open(RingSettings.latest(TestTree.CAPACITY).chained());
        assertTrue(pair.send(1, LONGEST));
        // Its first part is overwritten, its last is kept.
        assertTrue(pair.send(2, 200) && pair.send(3, 200));
        pair.openReader(RingStart.oldest());
        assertEquals(List.of(-1L, 2L, 3L), pair.poll(9));
    }

    @Test
    void aChainThatCannotBeOneIsAnErrorThatNamesThePlace() {
        open(RingSettings.lossless(TestTree.CAPACITY).chained());
        final Memory memory = pair.writerArena.memory();
        final long record =
                ArenaDirectory.find(memory, "ring:results").offset() + RingLayout.RECORDS;
        final long part = record + RingLayout.RECORD_HEADER_BYTES;
        assertTrue(pair.send(1, 300));
        final int[][] hostile = {
            {RingLayout.PART_MESSAGE_BYTES, Integer.MAX_VALUE},
            {RingLayout.PART_MESSAGE_BYTES, -1},
            {RingLayout.PART_MESSAGE_BYTES, 299},
            {RingLayout.PART_MESSAGE_BYTES, 301},
            {RingLayout.PART_TYPE, -1},
        };
        for (final int[] each : hostile) {
            final int before = memory.getInt(part + each[0]);
            memory.putInt(part + each[0], each[1]);
            final ArenaException damaged =
                    assertThrows(ArenaException.class, () -> pair.poll(9), "word " + each[0]);
            assertEquals(
                    "ring \"writer/results\": the record at position 0 claims 240 bytes",
                    damaged.getMessage());
            memory.putInt(part + each[0], before);
        }
        assertEquals(List.of(1L), pair.poll(9));
    }

    @Test
    void neitherEndAllocatesOnceTheLongestWasSeen() {
        open(RingSettings.lossless(TestTree.CAPACITY).chained());
        final MessageHandler handler = (type, buffer, index, length) -> {};
        final long bytes =
                RingPair.allocatedBytes(
                        5_000,
                        round -> {
                            pair.writerArena.journal().begin();
                            pair.writer.offer(1, pair.bytes(), 0, LONGEST - round % 100);
                            pair.writerArena.journal().commit();
                            pair.reader.poll(handler, 9);
                        });
        assertEquals(0, bytes);
    }

    private void open(final RingSettings settings) {
        pair = new RingPair(folder, settings);
    }
}
