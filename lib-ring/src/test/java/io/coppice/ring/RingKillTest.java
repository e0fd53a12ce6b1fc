package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.ring.Exchange.Receiver;
import io.coppice.ring.Exchange.Sender;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills both ends of a ring at every store of a cycle (the writer changes its state and sends two
 * messages, the reader adds them to its own), and their successors at every store of the recovery
 * from each of these. Every message counts exactly once, or is told to be lost exactly once where
 * the ring may lose it.
 */
@Tag("cuts")
class RingKillTest {
    private static final int CYCLES_BEFORE_MAX = 14;

    /** Of long messages fewer fill the ring. */
    private static final int LONG_CYCLES_BEFORE_MAX = 6;

    @TempDir Path folder;

    private TestTree tree;

    private boolean isLossless;

    private boolean isInBlocks;

    @Test
    void everyMessageCountsOnceWhereverADeathCuts() throws IOException {
        isLossless = true;
        killEverywhere("ring", RingSettings.lossless(TestTree.CAPACITY));
    }

    @Test
    void everyMessageCountsOnceOrIsToldToBeLostWhereTheWriterNeverWaits() throws IOException {
        killEverywhere("latest ring", RingSettings.latest(TestTree.CAPACITY));
    }

    @Test
    void everyMessageCountsOnceOrIsToldToBeLostWhereAReaderIsDropped() throws IOException {
        killEverywhere(
                "dropping ring",
                RingSettings.lossless(TestTree.CAPACITY)
                        .reader("reader0", ReaderPolicy.droppingAtOnce()));
    }

    @Test
    void everyLongMessageCountsOnceAsAChain() throws IOException {
        isLossless = true;
        killEverywhere("ring with chains", RingSettings.lossless(TestTree.CAPACITY).chained());
    }

    @Test
    void everyLongMessageCountsOnceAsAChainOrIsToldToBeLost() throws IOException {
        killEverywhere("latest ring with chains", RingSettings.latest(TestTree.CAPACITY).chained());
    }

    @Test
    void everyLongMessageCountsOnceInABlockAndNoBlockIsLeaked() throws IOException {
        isLossless = true;
        isInBlocks = true;
        killEverywhere("ring with blocks", RingSettings.lossless(TestTree.CAPACITY));
    }

    private void killEverywhere(final String name, final RingSettings settings) throws IOException {
        assertTrue(Cuts.ENABLED);
        TestTree.create(folder, 1, settings);
        tree = TestTree.open(folder, 1, settings);
        if (isInBlocks) {
            tree.inBlocks();
        }
        final TwoArenas arenas = new TwoArenas(tree);
        long expected = 0;
        // From the first layout on; later cycles pad the end of the ring and have to wait for the
        // reader.
        for (int before = 0; before <= cyclesBefore(settings); before++) {
            final byte[][] start = arenas.image();
            cycle();
            final long most = new Sender(tree).sent();
            expected +=
                    arenas.killEverywhere(start, this::cycle, this::recover, () -> verify(most));
            arenas.restore(start);
            new Sender(tree).send(2);
            // Where the writer does not wait, the reader takes part and is overtaken from then on.
            if (isLossless ? before % 4 == 3 : before == 0) {
                new Receiver(tree).receive(Integer.MAX_VALUE);
            }
        }
        System.out.println(
                name
                        + ": "
                        + arenas.points()
                        + " cuts in "
                        + (cyclesBefore(settings) + 1)
                        + " cycles and their recoveries");
        assertEquals(expected, arenas.points());
    }

    private int cyclesBefore(final RingSettings settings) {
        return settings.isChained() || isInBlocks ? LONG_CYCLES_BEFORE_MAX : CYCLES_BEFORE_MAX;
    }

    private void cycle() {
        final Sender sender = new Sender(tree);
        final Receiver receiver = new Receiver(tree);
        sender.send(2);
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
        // Both messages were sent or neither.
        assertTrue(
                sent == sentMost || sent == Math.max(0, sentMost - 2),
                sent + " sent of " + sentMost);
        assertEquals(sent, receiver.received());
        assertEquals(sent, receiver.messages() + receiver.lost());
        if (isLossless) {
            assertEquals(0, receiver.lost());
            assertEquals(sent * (sent + 1) / 2, receiver.sum());
        }
        if (isInBlocks) {
            assertEquals(0, sender.blocksInUse(), "a block was leaked");
        }
        assertTrue(sender.send(2));
        assertEquals(2, receiver.receive(Integer.MAX_VALUE));
    }
}
