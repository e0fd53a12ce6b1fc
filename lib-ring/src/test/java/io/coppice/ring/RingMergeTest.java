package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.StructureKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many rings that are read as one. */
class RingMergeTest {
    private static final int RINGS = 3;

    @TempDir Path folder;

    private final RingWriter[] writers = new RingWriter[RINGS];
    private TestTree tree;
    private Arena writerArena;
    private Arena readerArena;
    private RingReader[] readers;
    private RingMerge merge;

    @BeforeEach
    void open() {
        tree = TestTree.create(folder, 1);
        writerArena = tree.attach(TestTree.writerPlan());
        for (int i = 0; i < RINGS; i++) {
            // One of them never waits: what each ring is, its reader finds out.
            writers[i] =
                    tree.writer(
                            writerArena,
                            "r" + i,
                            i == 2
                                    ? RingSettings.latest(TestTree.CAPACITY)
                                    : RingSettings.lossless(TestTree.CAPACITY));
        }
        writerArena.seal();
        openMerge();
    }

    @Test
    void takesAMessageOfEachInTurn() {
        send(0, 4);
        send(1, 2);
        send(2, 3);
        assertEquals(
                List.of("0:0", "1:0", "2:0", "0:1", "1:1", "2:1", "0:2", "2:2", "0:3"), poll(99));
        assertEquals(List.of(), poll(99));
    }

    @Test
    void aBusyRingDoesNotKeepTheOthersWaiting() {
        send(0, 20);
        send(2, 2);
        assertEquals(List.of("0:0", "2:0"), poll(2));
        assertEquals(List.of("0:1"), poll(1));
        send(1, 1);
        assertEquals(List.of("1:0", "2:1", "0:2"), poll(3));
        assertEquals(List.of("0:3"), poll(1));
    }

    @Test
    void aRollbackIsOneOfAllRings() {
        send(0, 2);
        send(1, 2);
        final int[] calls = {0};
        assertThrows(
                IllegalStateException.class,
                () ->
                        merge.poll(
                                (source, type, buffer, index, length) -> {
                                    if (++calls[0] == 3) {
                                        throw new IllegalStateException("no");
                                    }
                                },
                                99));
        final List<String> again = poll(99);
        assertEquals(4, again.size());
        assertTrue(again.containsAll(List.of("0:0", "0:1", "1:0", "1:1")));
    }

    @Test
    void goesOnWhereTheLastIncarnationCommitted() {
        send(0, 3);
        send(1, 3);
        poll(3);
        openMerge();
        final List<String> rest = poll(99);
        assertEquals(3, rest.size());
        assertTrue(rest.containsAll(List.of("0:2", "1:1", "1:2")), rest.toString());
    }

    @Test
    void aRingThatDropsSaysSoAndTheOthersGoOn() {
        send(2, 1);
        poll(9);
        final long[] lost = {0};
        readers[2].onLoss(messages -> lost[0] += messages);
        send(2, 60);
        send(0, 1);
        final List<String> told = poll(99);
        assertEquals(60, told.size() - 1 + lost[0]);
        assertEquals(lost[0], readers[2].lost());
    }

    @Test
    void readersOfDifferentDaemonsAreRefused(@TempDir final Path elsewhere) {
        final TestTree other = TestTree.create(elsewhere, 2);
        final RingReader stranger = other.reader(other.attach(TestTree.readerPlan(1)));
        assertThrows(IllegalArgumentException.class, () -> new RingMerge(readers[0], stranger));
        assertThrows(IllegalArgumentException.class, RingMerge::new);
    }

    @Test
    void mergingAllocatesNothing() {
        final long word = readerArena.structure("sum", StructureKind.REGION, Long.BYTES).offset();
        readerArena.seal();
        final MergeHandler handler =
                (source, type, buffer, index, length) ->
                        readerArena.journal().putLong(word, source);
        final long bytes =
                RingPair.allocatedBytes(
                        20_000,
                        round -> {
                            send(round % RINGS, 2);
                            merge.poll(handler, 9);
                        });
        assertEquals(0, bytes);
    }

    private void openMerge() {
        readerArena = tree.attach(TestTree.readerPlan(0));
        readers = new RingReader[RINGS];
        for (int i = 0; i < RINGS; i++) {
            readers[i] = tree.reader(readerArena, "r" + i, RingStart.committed());
        }
        merge = new RingMerge(readers);
    }

    private void send(final int ring, final int count) {
        for (int type = 0; type < count; type++) {
            writerArena.journal().begin();
            assertTrue(writers[ring].tryClaim(type, 20) != RingWriter.NO_SPACE);
            writerArena.journal().commit();
        }
    }

    private List<String> poll(final int limit) {
        final List<String> messages = new ArrayList<>();
        final int count =
                merge.poll(
                        (source, type, buffer, index, length) -> messages.add(source + ":" + type),
                        limit);
        assertEquals(messages.size(), count);
        return messages;
    }
}
