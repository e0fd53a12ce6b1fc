package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.Cuts;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.ring.Exchange.Receiver;
import io.coppice.ring.Exchange.Sender;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills both ends of a ring at every store of a cycle (the writer changes its state and sends two
 * messages, the reader adds them to its own), and their successors at every store of the recovery
 * from each of these. Every message counts exactly once, or is told to be lost exactly once where
 * the ring may lose it. A cut that leaves the same bytes as the cut before it is visited, but not
 * recovered from a second time.
 */
@Tag("cuts")
class RingKillTest {
    private static final int CYCLES_BEFORE_MAX = 14;

    @TempDir Path folder;

    private MemorySegment writerRaw;
    private MemorySegment readerRaw;
    private Memory writerSeen;
    private Memory readerSeen;
    private TestTree tree;
    private long points;

    private boolean isLossless;

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

    private void killEverywhere(final String name, final RingSettings settings) throws IOException {
        assertTrue(Cuts.ENABLED);
        TestTree.create(folder, 1, settings);
        tree = TestTree.open(folder, 1, settings);
        writerRaw = raw(tree.writerFile());
        readerRaw = raw(tree.readerFile(0));
        writerSeen = MappedFile.readOnly(tree.writerFile());
        readerSeen = MappedFile.readOnly(tree.readerFile(0));
        long expected = 0;
        // From the first layout on; later cycles pad the end of the ring and have to wait for the
        // reader.
        for (int before = 0; before <= CYCLES_BEFORE_MAX; before++) {
            final byte[][] start = image();
            expected += killEverywhere(start);
            restore(start);
            new Sender(tree).send(2);
            // Where the writer does not wait, the reader takes part and is overtaken from then on.
            if (isLossless ? before % 4 == 3 : before == 0) {
                new Receiver(tree).receive(Integer.MAX_VALUE);
            }
        }
        System.out.println(
                name
                        + ": "
                        + points
                        + " cuts in "
                        + (CYCLES_BEFORE_MAX + 1)
                        + " cycles and their recoveries");
        assertEquals(expected, points);
    }

    private long killEverywhere(final byte[][] start) {
        final long stores = stores(start, this::cycle);
        final long sentMost = new Sender(tree).sent();
        long expected = stores;
        byte[][] last = null;
        for (long store = 0; store < stores; store++) {
            cut(start, this::cycle, store);
            if (isImage(last)) {
                continue;
            }
            last = image();
            sound();
            final long recoveryStores = stores(last, this::recover);
            verify(sentMost);
            expected += recoveryStores;
            byte[][] lastRecovery = null;
            for (long recoveryStore = 0; recoveryStore < recoveryStores; recoveryStore++) {
                cut(last, this::recover, recoveryStore);
                if (!isImage(lastRecovery)) {
                    lastRecovery = image();
                    sound();
                    recover();
                    verify(sentMost);
                }
            }
        }
        return expected;
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
        sound();
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
        assertTrue(sender.send(2));
        assertEquals(2, receiver.receive(Integer.MAX_VALUE));
    }

    private void sound() {
        assertEquals(List.of(), ArenaInvariants.check(writerSeen));
        assertEquals(List.of(), ArenaInvariants.check(readerSeen));
        final Structure ring =
                ArenaDirectory.find(writerSeen, RingLayout.structureName(TestTree.RING));
        if (ring != null) {
            assertEquals(List.of(), RingInvariants.check(writerSeen, ring));
        }
    }

    private long stores(final byte[][] start, final Runnable operation) {
        restore(start);
        Cuts.count();
        operation.run();
        return Cuts.disarm();
    }

    private void cut(final byte[][] start, final Runnable operation, final long store) {
        restore(start);
        Cuts.arm(store);
        assertThrows(Cuts.Cut.class, operation::run);
        Cuts.disarm();
        points++;
    }

    private byte[][] image() {
        return new byte[][] {
            writerRaw.toArray(ValueLayout.JAVA_BYTE), readerRaw.toArray(ValueLayout.JAVA_BYTE)
        };
    }

    private boolean isImage(final byte[][] image) {
        return image != null
                && writerRaw.mismatch(MemorySegment.ofArray(image[0])) < 0
                && readerRaw.mismatch(MemorySegment.ofArray(image[1])) < 0;
    }

    private void restore(final byte[][] image) {
        MemorySegment.copy(image[0], 0, writerRaw, ValueLayout.JAVA_BYTE, 0, image[0].length);
        MemorySegment.copy(image[1], 0, readerRaw, ValueLayout.JAVA_BYTE, 0, image[1].length);
    }

    private static MemorySegment raw(final Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, channel.size(), Arena.global());
        }
    }
}
