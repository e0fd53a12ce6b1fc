package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.Cuts;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The arenas of a writer and a reader, put back byte by byte before each run of what is to be
 * killed at every store. A cut that leaves what another one of the same kind has left, as {@link
 * ArenaSignature} sees it, is visited, but not recovered from a second time.
 */
final class TwoArenas {
    /**
     * A recovery of more stores clears, byte by byte, what a layout that was not ready has left. Of
     * its stores, each of which leaves one more zero, {@link CutSample} chooses some.
     */
    private static final int CLEARING = 256;

    private final MemorySegment writerRaw;
    private final MemorySegment readerRaw;
    private final Memory writerSeen;
    private final Memory readerSeen;
    private final ArenaSignature signature;
    private final Set<Long> dead = new HashSet<>();
    private final Set<Long> deadInRecovery = new HashSet<>();
    private final CutSample sample = new CutSample();
    private long points;

    TwoArenas(final TestTree tree) throws IOException {
        writerRaw = raw(tree.writerFile());
        readerRaw = raw(tree.readerFile(0));
        writerSeen = MappedFile.readOnly(tree.writerFile());
        readerSeen = MappedFile.readOnly(tree.readerFile(0));
        signature = new ArenaSignature(tree.writerFile(), tree.readerFile(0));
    }

    /** How many cuts there were. */
    long points() {
        return points;
    }

    /**
     * Kills an operation at every store, and the recovery from each of these deaths at every store,
     * but for recoveries that clear.
     *
     * @param verify looks at what an uncut recovery has left
     * @return how many stores there are to be cut at
     */
    long killEverywhere(
            final byte[][] start,
            final Runnable operation,
            final Runnable recovery,
            final Runnable verify) {
        final long stores = stores(start, operation);
        long expected = stores;
        dead.clear();
        deadInRecovery.clear();
        for (long store = 0; store < stores; store++) {
            cut(start, operation, store);
            if (!dead.add(signature.now())) {
                continue;
            }
            final byte[][] last = image();
            sound();
            final long recoveryStores = stores(last, recovery);
            sound();
            verify.run();
            expected += recoveryStores;
            for (long recoveryStore = 0; recoveryStore < recoveryStores; recoveryStore++) {
                if (recoveryStores > CLEARING && !sample.isChosen(recoveryStore, recoveryStores)) {
                    expected--;
                    continue;
                }
                cut(last, recovery, recoveryStore);
                if (deadInRecovery.add(signature.now())) {
                    sound();
                    recovery.run();
                    sound();
                    verify.run();
                }
            }
        }
        return expected;
    }

    /** Checks both arenas and every ring. */
    void sound() {
        assertEquals(List.of(), ArenaInvariants.check(writerSeen));
        assertEquals(List.of(), ArenaInvariants.check(readerSeen));
        for (final Structure each : ArenaDirectory.list(writerSeen)) {
            if (each.kind() == StructureKind.RING) {
                assertEquals(List.of(), RingInvariants.check(writerSeen, each));
            }
        }
    }

    byte[][] image() {
        return new byte[][] {
            writerRaw.toArray(ValueLayout.JAVA_BYTE), readerRaw.toArray(ValueLayout.JAVA_BYTE)
        };
    }

    void restore(final byte[][] image) {
        MemorySegment.copy(image[0], 0, writerRaw, ValueLayout.JAVA_BYTE, 0, image[0].length);
        MemorySegment.copy(image[1], 0, readerRaw, ValueLayout.JAVA_BYTE, 0, image[1].length);
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

    private static MemorySegment raw(final Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, channel.size(), Arena.global());
        }
    }
}
