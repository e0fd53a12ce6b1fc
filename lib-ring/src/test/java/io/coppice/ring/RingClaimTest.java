package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are claimed, filled in place, and published together or given up. */
class RingClaimTest {
    @TempDir Path folder;

    private RingPair pair;

    @BeforeEach
    void open() {
        pair = new RingPair(folder, RingSettings.lossless(TestTree.CAPACITY));
    }

    @Test
    void aBatchIsSeenAllAtOnce() {
        pair.writerArena.journal().begin();
        final List<Long> expected = new ArrayList<>();
        for (int type = 0; type < 20; type++) {
            assertTrue(pair.offer(type, type % 3));
            expected.add((long) type);
            assertEquals(List.of(), pair.poll(9));
        }
        pair.writerArena.journal().commit();
        assertEquals(expected, pair.poll(RingPair.NO_LIMIT));
    }

    @Test
    void aClaimIsFilledInPlace() {
        pair.writerArena.journal().begin();
        final long payload = pair.writer.tryClaim(4, Long.BYTES);
        pair.writerArena.memory().putLong(payload, 4711);
        pair.writerArena.journal().commit();
        final int count =
                pair.reader.poll(
                        (type, buffer, index, length) -> {
                            assertEquals(Long.BYTES, length);
                            assertEquals(4711, buffer.getLong(index));
                        },
                        9);
        assertEquals(1, count);
    }

    @Test
    void whatIsGivenUpIsShownToNobody() {
        for (int round = 0; round < 100; round++) {
            pair.writerArena.journal().begin();
            final long first = pair.writer.tryClaim(1, 50);
            assertTrue(pair.offer(2, 10));
            final long last = pair.writer.tryClaim(3, 0);
            pair.writer.abort(first);
            pair.writer.abort(last);
            pair.writerArena.journal().commit();
            pair.sound();
            assertEquals(List.of(2L), pair.poll(9));
            assertEquals(List.of(), pair.poll(9));
            assertTrue(pair.writer.isDrained());
        }
        assertEquals(0, pair.reader.lost());
    }

    @Test
    void onlyAClaimOfThisTransactionCanBeGivenUp() {
        pair.writerArena.journal().begin();
        final long payload = pair.writer.tryClaim(1, 50);
        pair.writerArena.journal().commit();
        for (final long wrong : new long[] {payload, payload + 1, 0, -1, Long.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> pair.writer.abort(wrong));
        }
        assertEquals(1, pair.reader.poll((type, buffer, index, length) -> {}, 9));
    }

    @Test
    void emptyMessagesCount() {
        pair.writerArena.journal().begin();
        int sent = 0;
        while (pair.offer(sent, 0)) {
            sent++;
        }
        pair.writerArena.journal().commit();
        assertEquals(TestTree.CAPACITY / RingLayout.RECORD_HEADER_BYTES, sent);
        assertEquals(sent, pair.poll(RingPair.NO_LIMIT).size());
    }

    @Test
    void aSavepointGivesUpWhatCameAfterIt() {
        pair.writerArena.journal().begin();
        assertTrue(pair.offer(1, 20));
        final int savepoint = pair.writerArena.journal().savepoint();
        assertTrue(pair.offer(2, 20));
        pair.writerArena.journal().rollbackTo(savepoint);
        assertTrue(pair.offer(3, 20));
        pair.writerArena.journal().commit();
        assertEquals(List.of(1L, 3L), pair.poll(9));
        assertEquals(0, pair.reader.lost());
        pair.sound();
    }
}
