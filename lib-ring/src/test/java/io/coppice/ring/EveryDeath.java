package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.pool.Cuts;
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
 * Kills what two daemons do at every store, the recovery from each of these deaths at every store,
 * and the recovery from those at some, as {@link CutSample} has it. Deaths that leave the same
 * arenas, as {@link ArenaSignature} sees them, are recovered from once.
 */
final class EveryDeath {
    /** How many recoveries in a row are killed. */
    static final int RECOVERIES_KILLED = 2;

    private final Path[] files;
    private final MemorySegment[] raw;
    private final ArenaSignature signature;
    private final Runnable recovery;
    private final Runnable verify;
    private final List<Set<Long>> seen = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
    private final CutSample sample = new CutSample();
    private long points;

    EveryDeath(final Runnable recovery, final Runnable verify, final Path... files)
            throws IOException {
        this.recovery = recovery;
        this.verify = verify;
        this.files = files.clone();
        this.raw = new MemorySegment[files.length];
        this.signature = new ArenaSignature(files);
        for (int i = 0; i < files.length; i++) {
            try (FileChannel channel =
                    FileChannel.open(files[i], StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                raw[i] = channel.map(MapMode.READ_WRITE, 0, channel.size(), Arena.global());
            }
        }
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
            recover(depth);
        }
        restore(start);
    }

    /** Recovers from what is there; while {@code depth} is left, with every death on the way. */
    private void recover(final int depth) {
        if (!seen.get(depth).add(signature.now())) {
            return;
        }
        final byte[][] dead = image();
        final long stores = stores(dead, recovery);
        verify.run();
        for (long store = 0; depth > 0 && store < stores; store++) {
            // The last recovery in a row is killed at some of its stores, the others at all.
            if (depth > 1 || sample.isChosen(store, stores)) {
                cut(dead, recovery, store);
                recover(depth - 1);
            }
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
}
