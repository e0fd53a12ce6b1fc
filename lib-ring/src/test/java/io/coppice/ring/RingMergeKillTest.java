package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.StructureKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills both ends of two rings, one lossless and one that never waits, that are read as one, at
 * every store; and their successors at every store of the recovery. Every message counts exactly
 * once, or is told to be lost exactly once.
 */
@Tag("cuts")
class RingMergeKillTest {
    private static final int CYCLES_BEFORE_MAX = 12;
    private static final int RINGS = 2;
    private static final int LATEST = 1;

    /** Of which the ring that never waits keeps four. */
    private static final int[] LENGTHS = {40, 200};

    private static final long STATE_BYTES = 64;

    @TempDir Path folder;

    private TestTree tree;

    /** The writing incarnation: sends the same number into each ring in one transaction. */
    private static final class Sender {
        private final Arena arena;
        private final RingWriter[] rings = new RingWriter[RINGS];
        private final long state;

        Sender(final TestTree tree) {
            arena = tree.attach(TestTree.writerPlan());
            for (int i = 0; i < RINGS; i++) {
                rings[i] =
                        tree.writer(
                                arena,
                                "r" + i,
                                i == LATEST
                                        ? RingSettings.latest(TestTree.CAPACITY)
                                        : RingSettings.lossless(TestTree.CAPACITY));
            }
            state = arena.structure("state", StructureKind.REGION, STATE_BYTES).offset();
            arena.seal();
        }

        long sent() {
            return arena.memory().getLong(state);
        }

        boolean send() {
            final Journal journal = arena.journal();
            journal.begin();
            final long number = sent() + 1;
            for (int i = 0; i < RINGS; i++) {
                final long payload = rings[i].tryClaim(1, LENGTHS[i]);
                if (payload == RingWriter.NO_SPACE) {
                    journal.rollback();
                    return false;
                }
                arena.memory().putLong(payload, number);
            }
            journal.putLong(state, number);
            journal.commit();
            return true;
        }
    }

    /** The reading incarnation: counts what comes and what is lost, for each ring. */
    private static final class Receiver {
        private final Arena arena;
        private final RingReader[] rings = new RingReader[RINGS];
        private final RingMerge merge;
        private final long state;

        Receiver(final TestTree tree) {
            arena = tree.attach(TestTree.readerPlan(0));
            for (int i = 0; i < RINGS; i++) {
                rings[i] = tree.reader(arena, "r" + i, RingStart.committed());
            }
            state = arena.structure("state", StructureKind.REGION, STATE_BYTES).offset();
            arena.seal();
            rings[LATEST].onLoss(lost -> add(RINGS, lost));
            merge = new RingMerge(rings);
        }

        private void add(final int word, final long delta) {
            final long at = state + (long) word * Long.BYTES;
            arena.journal().putLong(at, arena.memory().getLong(at) + delta);
        }

        /** Messages of a ring; behind those, how many the latest ring has lost. */
        long count(final int word) {
            return arena.memory().getLong(state + (long) word * Long.BYTES);
        }

        int receive(final int limit) {
            return merge.poll(
                    (source, type, buffer, index, length) -> {
                        final long lost = source == LATEST ? count(RINGS) : 0;
                        assertEquals(count(source) + lost + 1, buffer.getLong(index));
                        assertEquals(LENGTHS[source], length);
                        add(source, 1);
                    },
                    limit);
        }
    }

    @Test
    void everyMessageOfEveryRingCountsOnceWhereverADeathCuts() throws IOException {
        assertTrue(Cuts.ENABLED);
        tree = TestTree.create(folder, 1);
        final TwoArenas arenas = new TwoArenas(tree);
        long expected = 0;
        for (int before = 0; before <= CYCLES_BEFORE_MAX; before++) {
            final byte[][] start = arenas.image();
            cycle();
            final long most = new Sender(tree).sent();
            arenas.restore(start);
            expected +=
                    arenas.killEverywhere(start, this::cycle, this::recover, () -> verify(most));
            arenas.restore(start);
            new Sender(tree).send();
            if (before % 6 == 0) {
                new Receiver(tree).receive(Integer.MAX_VALUE);
            }
        }
        System.out.println(
                "ring merge: "
                        + arenas.points()
                        + " cuts in "
                        + (CYCLES_BEFORE_MAX + 1)
                        + " cycles and their recoveries");
        assertEquals(expected, arenas.points());
        assertTrue(new Receiver(tree).count(RINGS) > 0, "the one has overtaken the reader");
    }

    private void cycle() {
        final Sender sender = new Sender(tree);
        final Receiver receiver = new Receiver(tree);
        sender.send();
        receiver.receive(3);
    }

    private void recover() {
        new Sender(tree);
        new Receiver(tree).receive(Integer.MAX_VALUE);
    }

    private void verify(final long sentMost) {
        final Sender sender = new Sender(tree);
        final Receiver receiver = new Receiver(tree);
        assertEquals(0, receiver.receive(Integer.MAX_VALUE));
        final long sent = sender.sent();
        assertTrue(sent == sentMost || sent == sentMost - 1, sent + " sent of " + sentMost);
        assertEquals(sent, receiver.count(0));
        assertEquals(sent, receiver.count(LATEST) + receiver.count(RINGS));
        assertTrue(sender.send());
        assertEquals(RINGS, receiver.receive(Integer.MAX_VALUE));
    }
}
