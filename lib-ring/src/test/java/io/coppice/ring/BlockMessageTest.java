package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.block.BlockPool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that lie in blocks of the writer's arena. */
class BlockMessageTest {
    private static final int BLOCK_BYTES = TestTree.BLOCK_BYTES;

    @TempDir Path folder;

    private RingPair pair;

    @Test
    void aBlockIsReadInPlaceAndComesBackAfterItsReaders() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        for (int round = 0; round < 100; round++) {
            final int type = round;
            pair.commit(
                    () -> {
                        final int block = pair.blocks.allocate();
                        final long at = pair.blocks.offset(block);
                        pair.writerArena.memory().putLong(at, type);
                        assertTrue(pair.writer.offerBlock(type, block, Long.BYTES));
                        return true;
                    });
            pair.sound();
            assertEquals(
                    1,
                    pair.reader.poll(
                            (messageType, buffer, index, length) -> {
                                assertEquals(Long.BYTES, length);
                                assertEquals(type, messageType);
                                assertEquals(type, buffer.getLong(index));
                            },
                            9));
        }
        assertEquals(1, pair.writer.blocksInFlight());
        assertEquals(true, pair.commit(() -> pair.writer.land() == 1));
        assertEquals(0, pair.blocks.size());
        pair.sound();
    }

    @Test
    void whatIsTooLongForARecordTravelsInABlockByItself() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        assertEquals(BLOCK_BYTES, pair.writer.messageBytesMax());
        for (int length = 200; length <= BLOCK_BYTES; length++) {
            assertTrue(pair.send(length, length));
            assertEquals(List.of((long) length), pair.poll(9));
        }
        pair.sound();
    }

    @Test
    void aMessageWaitsWhereNoBlockIsFree() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        for (int i = 0; i < TestTree.BLOCKS; i++) {
            assertTrue(pair.send(i, 300));
        }
        assertFalse(pair.send(9, 300));
        assertTrue(pair.send(5, 30));
        assertEquals(List.of(0L), pair.poll(1));
        // The block comes back with the commit, and is there for the next transaction.
        assertFalse(pair.send(9, 300));
        assertTrue(pair.send(6, 300));
        assertEquals(List.of(1L, 2L, 3L, 5L, 6L), pair.poll(9));
        pair.sound();
    }

    @Test
    void aReaderThatIsDroppedHoldsNoBlocks() {
        open(
                RingSettings.lossless(TestTree.CAPACITY)
                        .reader("reader0", ReaderPolicy.droppingAtOnce()));
        assertEquals(List.of(), pair.poll(9));
        for (int i = 0; i < 50; i++) {
            // The first attempt gives up the oldest message, and with its commit its block.
            if (!pair.send(i, 300)) {
                assertTrue(pair.send(i, 300));
            }
            pair.sound();
        }
        assertEquals(List.of(-46L, 46L, 47L, 48L, 49L), pair.poll(9));
    }

    @Test
    void aRollbackTakesTheBlockBack() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        pair.writerArena.journal().begin();
        final int block = pair.blocks.allocate();
        assertTrue(pair.writer.offerBlock(1, block, 8));
        assertTrue(pair.offer(2, 400));
        assertEquals(2, pair.writer.blocksInFlight());
        pair.writerArena.journal().rollback();
        assertEquals(0, pair.writer.blocksInFlight());
        assertEquals(0, pair.blocks.size());
        assertEquals(List.of(), pair.poll(9));
        pair.sound();
    }

    @Test
    void aBlockTravelsOnceAtATimeAndOnlyWhereItIsHeld() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        pair.writerArena.journal().begin();
        final int block = pair.blocks.allocate();
        assertThrows(
                IllegalArgumentException.class,
                () -> pair.writer.offerBlock(1, block, BLOCK_BYTES + 1));
        assertThrows(IllegalStateException.class, () -> pair.writer.offerBlock(1, block + 1, 8));
        assertTrue(pair.writer.offerBlock(1, block, 8));
        assertEquals(
                "ring \"writer/results\": block "
                        + block
                        + " travels already: copy it into another one",
                assertThrows(IllegalStateException.class, () -> pair.writer.offerBlock(1, block, 8))
                        .getMessage());
        pair.writerArena.journal().commit();
    }

    @Test
    void aRingThatNeverWaitsTakesNoBlocks() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        final BlockPool pool = pair.blocks;
        assertThrows(
                IllegalArgumentException.class,
                () -> RingSettings.latest(TestTree.CAPACITY).inBlocks(pool));
    }

    @Test
    void aRingWithoutBlocksRefusesThem() {
        pair = new RingPair(folder, RingSettings.lossless(TestTree.CAPACITY));
        pair.writerArena.journal().begin();
        assertEquals(
                "ring \"writer/results\": sends no blocks, open it inBlocks()",
                assertThrows(IllegalStateException.class, () -> pair.writer.offerBlock(1, 0, 8))
                        .getMessage());
    }

    @Test
    void aRecordThatNamesWhatIsOutsideOfTheArenaIsAnError() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        final Memory memory = pair.writerArena.memory();
        final long payload =
                ArenaDirectory.find(memory, "ring:results").offset()
                        + RingLayout.RECORDS
                        + RingLayout.RECORD_HEADER_BYTES;
        assertTrue(pair.send(1, 300));
        final long place = memory.getLong(payload + RingLayout.BLOCK_OFFSET);
        final long[] hostile = {
            -1, Long.MIN_VALUE, Long.MAX_VALUE, memory.bytes(), memory.bytes() - 299
        };
        for (final long offset : hostile) {
            memory.putLong(payload + RingLayout.BLOCK_OFFSET, offset);
            assertThrows(ArenaException.class, () -> pair.poll(9), "offset " + offset);
        }
        memory.putLong(payload + RingLayout.BLOCK_OFFSET, place);
        memory.putInt(payload + RingLayout.BLOCK_MESSAGE_BYTES, -1);
        assertThrows(ArenaException.class, () -> pair.poll(9));
        memory.putInt(payload + RingLayout.BLOCK_MESSAGE_BYTES, 300);
        assertEquals(List.of(1L), pair.poll(9));
    }

    @Test
    void neitherEndAllocates() {
        open(RingSettings.lossless(TestTree.CAPACITY));
        final MessageHandler handler = (type, buffer, index, length) -> {};
        final long bytes =
                RingPair.allocatedBytes(
                        5_000,
                        round -> {
                            pair.writerArena.journal().begin();
                            pair.writer.offer(1, pair.bytes(), 0, 300);
                            pair.writerArena.journal().commit();
                            pair.reader.poll(handler, 9);
                        });
        assertEquals(0, bytes);
    }

    private void open(final RingSettings settings) {
        pair = new RingPair(TestTree.create(folder, 1, settings).inBlocks(), RingStart.committed());
    }
}
