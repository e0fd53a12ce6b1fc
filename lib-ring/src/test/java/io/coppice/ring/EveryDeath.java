package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Cuts;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Kills what two daemons do at every store, the recovery from each of these deaths at those stores
 * that {@link RecoveryCuts} names, and the recovery from those at every store. Deaths that leave
 * the same arenas, but for counts of recoveries and a journal that is not in use, are recovered
 * from once.
 */
final class EveryDeath {
    /** How many recoveries in a row are killed. */
    static final int RECOVERIES_KILLED = 2;

    private static final byte[] ZEROES = new byte[1 << 16];

    private final Path[] files;
    private final MemorySegment[] raw;
    private final Memory[] memories;
    private final Structure[] journals;
    private final Runnable recovery;
    private final Runnable verify;
    private final List<Set<Long>> seen = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
    private long points;

    EveryDeath(final Runnable recovery, final Runnable verify, final Path... files)
            throws IOException {
        this.recovery = recovery;
        this.verify = verify;
        this.files = files.clone();
        this.raw = new MemorySegment[files.length];
        this.memories = new Memory[files.length];
        this.journals = new Structure[files.length];
        for (int i = 0; i < files.length; i++) {
            memories[i] = MappedFile.readOnly(files[i]);
            journals[i] = journalOf(memories[i]);
            try (FileChannel channel =
                    FileChannel.open(files[i], StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                raw[i] = channel.map(MapMode.READ_WRITE, 0, channel.size(), Arena.global());
            }
        }
    }

    private static Structure journalOf(final Memory memory) {
        for (final Structure each : ArenaDirectory.list(memory)) {
            if (each.kind() == StructureKind.JOURNAL) {
                return each;
            }
        }
        throw new AssertionError("an arena without a journal");
    }

    /** How many deaths there were. */
    long points() {
        return points;
    }

    byte[][] image() {
        final byte[][] image = new byte[files.length][];
        for (int i = 0; i < files.length; i++) {
            image[i] = raw[i].toArray(ValueLayout.JAVA_BYTE);
        }
        return image;
    }

    void restore(final byte[][] image) {
        for (int i = 0; i < files.length; i++) {
            MemorySegment.copy(image[i], 0, raw[i], ValueLayout.JAVA_BYTE, 0, image[i].length);
        }
    }

    /**
     * Kills an operation that begins where the arenas are now, and leaves them there.
     *
     * @param depth how many recoveries in a row are killed, at most {@link #RECOVERIES_KILLED}
     */
    void of(final Runnable operation, final int depth) {
        if (!Cuts.ENABLED) {
            throw new AssertionError("these tests need -Dcoppice.cuts=true");
        }
        seen.forEach(Set::clear);
        final byte[][] start = image();
        final long stores = stores(start, operation);
        for (long store = 0; store < stores; store++) {
            cut(start, operation, store);
            recover(depth, RecoveryCuts.first(store), RecoveryCuts.EVERY);
        }
        restore(start);
    }

    /** Recovers from what is there; while {@code depth} is left, with deaths on the way. */
    private void recover(final int depth, final long first, final long every) {
        if (!seen.get(depth).add(signature())) {
            return;
        }
        final byte[][] dead = image();
        final long stores = stores(dead, recovery);
        verify.run();
        for (long store = first; depth > 0 && store < stores; store += every) {
            cut(dead, recovery, store);
            recover(depth - 1, 0, 1);
        }
    }

    private long stores(final byte[][] start, final Runnable run) {
        restore(start);
        Cuts.count();
        run.run();
        return Cuts.disarm();
    }

    private void cut(final byte[][] start, final Runnable run, final long store) {
        restore(start);
        Cuts.arm(store);
        assertThrows(Cuts.Cut.class, run::run);
        Cuts.disarm();
        points++;
    }

    private long signature() {
        long sum = 0;
        for (int i = 0; i < files.length; i++) {
            final CRC32C crc = new CRC32C();
            final ByteBuffer all = raw[i].asByteBuffer();
            // Which incarnation it is, and how many recoveries there were, changes nothing.
            crc.update(all.slice(0, ArenaLayout.ROLLBACKS));
            final int from = (int) journals[i].offset();
            final int bytes = (int) journals[i].bytes();
            final int head = ArenaLayout.RECOVERIES + Long.BYTES;
            crc.update(all.slice(head, from - head));
            if (memories[i].getLong(journals[i].offset()) == 0) {
                crc.update(ZEROES, 0, 1);
            } else {
                crc.update(all.slice(from, bytes));
            }
            crc.update(all.slice(from + bytes, all.capacity() - from - bytes));
            sum = sum << Integer.SIZE | crc.getValue();
        }
        return sum;
    }
}
