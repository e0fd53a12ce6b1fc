package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a daemon at every store of its layout, its reset and its recovery, and the successor at
 * every store of the recovery from each of these. Whatever is left, the next incarnation finds all
 * of the last commit, or lays everything out over zeroes.
 *
 * <p>A cut that leaves the same bytes as the cut before it (zeroes cleared again) is visited, but
 * not recovered from a second time.
 */
@Tag("cuts")
class ArenaKillTest {
    private static final long ARENA_BYTES = 32 * 1024;
    private static final long MARK = 0x0102030405060708L;

    @TempDir Path folder;

    private final DaemonPlan plan =
            Plans.daemon("scan", 1, ARENA_BYTES, List.of(Plans.pool("extract", 64)));
    private Memory memory;
    private MemorySegment raw;
    private List<Structure> wanted;
    private long firstGeneration;
    private byte[] committed;
    private boolean mustResume;
    private long points;

    @BeforeEach
    void create() throws IOException {
        assertTrue(Cuts.ENABLED);
        final Path file = folder.resolve(plan.arenaFile());
        memory = ArenaFile.create(OperatingSystem.current(), file, plan);
        firstGeneration = memory.getLong(ArenaLayout.GENERATION);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            raw = channel.map(MapMode.READ_WRITE, 0, ARENA_BYTES, java.lang.foreign.Arena.global());
        }
        wanted = new ArrayList<>();
        wanted.add(new Structure("documents", StructureKind.REGION, 0, 100));
        wanted.add(new Structure("ring:results", StructureKind.RING, 0, 64));
        wanted.add(new Structure("log", StructureKind.LOG_LINES, 0, 8));
    }

    @Test
    void survivesADeathAtEveryStoreOfTheLayout() {
        committed = content();
        killEverywhere("layout", () -> live(2));
    }

    @Test
    void survivesADeathAtEveryStoreOfAReset() {
        live(1);
        mark();
        committed = content();
        killEverywhere("reset", this::reset);
    }

    @Test
    void survivesADeathAtEveryStoreOfAResetOfFixedStructuresAlone() {
        wanted.clear();
        live(1);
        mark();
        committed = content();
        killEverywhere("reset without structures", this::reset);
    }

    @Test
    void survivesADeathAtEveryStoreOfATransactionAndItsRecovery() {
        live(1);
        mark();
        committed = content();
        mustResume = true;
        killEverywhere(
                "transaction",
                () -> {
                    final Arena arena = live(2);
                    arena.journal().begin();
                    arena.journal().putLong(ArenaLayout.cursor(2) + ArenaLayout.CURSOR_POSITION, 8);
                    for (final Structure structure : wanted) {
                        final long offset = ArenaDirectory.find(memory, structure.name()).offset();
                        arena.journal().putLong(offset, -1);
                        arena.journal().putInt(offset + 4, -2);
                    }
                    arena.journal().rollback();
                });
    }

    private void killEverywhere(final String what, final Runnable operation) {
        final byte[] start = image();
        points = 0;
        final long stores = stores(start, operation);
        long recoveries = 0;
        long expected = stores;
        byte[] last = null;
        for (long store = 0; store < stores; store++) {
            cut(start, operation, store);
            if (isImage(last)) {
                continue;
            }
            last = image();
            expected += killRecoveryEverywhere(last);
            recoveries++;
        }
        System.out.println(
                "arena "
                        + what
                        + ": "
                        + stores
                        + " stores, "
                        + recoveries
                        + " states to recover from, "
                        + points
                        + " cuts");
        assertEquals(expected, points);
        assertTrue(recoveries > 5, recoveries + " states");
    }

    private long killRecoveryEverywhere(final byte[] start) {
        final long stores = stores(start, () -> live(3));
        verify();
        byte[] last = null;
        for (long store = 0; store < stores; store++) {
            cut(start, () -> live(3), store);
            if (!isImage(last)) {
                last = image();
                live(4);
                verify();
            }
        }
        return stores;
    }

    private long stores(final byte[] start, final Runnable operation) {
        restore(start);
        Cuts.count();
        operation.run();
        return Cuts.disarm();
    }

    private void cut(final byte[] start, final Runnable operation, final long store) {
        restore(start);
        Cuts.arm(store);
        assertThrows(Cuts.Cut.class, operation::run);
        Cuts.disarm();
        points++;
        if (ArenaInvariants.check(memory).size() > 0) {
            throw new AssertionError("after store " + store + ": " + ArenaInvariants.check(memory));
        }
    }

    /** One incarnation, up to where the daemon's own code would begin. */
    private Arena live(final long epoch) {
        final Arena arena = Arena.attach(memory, plan, OwnerWord.of(1, epoch));
        arena.recover();
        return layOut(arena);
    }

    private void reset() {
        final Arena arena = Arena.attach(memory, plan, OwnerWord.of(1, 2));
        assertTrue(arena.recover());
        arena.reset();
        layOut(arena);
    }

    private Arena layOut(final Arena arena) {
        for (final Structure structure : wanted) {
            arena.structure(structure.name(), structure.kind(), structure.bytes());
        }
        arena.seal();
        return arena;
    }

    /** Leaves something in the cursors, the journal, the pool and every structure. */
    private void mark() {
        for (int i = 0; i < 3; i++) {
            final long cursor = ArenaLayout.cursor(i);
            memory.putLong(cursor + ArenaLayout.CURSOR_KEY, i + 1);
            memory.putLong(cursor + ArenaLayout.CURSOR_POSITION, MARK);
        }
        for (final Structure structure : ArenaDirectory.list(memory)) {
            if (structure.kind() != StructureKind.JOURNAL) {
                memory.putLong(structure.offset(), MARK);
                memory.putLong(
                        structure.offset() + (structure.bytes() - Long.BYTES & -Long.BYTES), MARK);
            }
        }
    }

    private void verify() {
        assertEquals(List.of(), ArenaInvariants.check(memory));
        assertEquals(ArenaLayout.PHASE_STATIC, memory.getLong(ArenaLayout.PHASE));
        final List<Structure> there = ArenaDirectory.list(memory);
        final int fixed = (int) memory.getLong(ArenaLayout.FIXED_ENTRY_COUNT);
        assertEquals(ArenaPlan.fixedStructures(plan), there.subList(0, fixed));
        assertEquals(fixed + wanted.size(), there.size());
        for (int i = 0; i < wanted.size(); i++) {
            final Structure structure = there.get(fixed + i);
            assertEquals(wanted.get(i).name(), structure.name());
            assertEquals(wanted.get(i).kind(), structure.kind());
            assertEquals(wanted.get(i).bytes(), structure.bytes());
        }
        final boolean resumed =
                mustResume || memory.getLong(ArenaLayout.GENERATION) == firstGeneration;
        final byte[] content = content();
        final byte[] expected = resumed ? committed : new byte[content.length];
        if (committed.length == content.length || !resumed) {
            assertEquals(-1, java.util.Arrays.mismatch(expected, content));
        } else {
            // The layout had not happened yet when the content was noted; it lies over zeroes.
            assertEquals(-1, java.util.Arrays.mismatch(new byte[content.length], content));
        }
    }

    /** Returns all that a daemon keeps: cursors, pools and structures. */
    private byte[] content() {
        final long pools = ArenaPlan.fixedStructures(plan).get(1).offset();
        final int bytes = (int) (memory.getLong(ArenaLayout.ALLOCATED_BYTES) - pools);
        final byte[] content = new byte[ArenaLayout.CURSORS_BYTES + bytes];
        memory.getBytes(ArenaLayout.CURSORS_OFFSET, content, 0, ArenaLayout.CURSORS_BYTES);
        memory.getBytes(pools, content, ArenaLayout.CURSORS_BYTES, bytes);
        return content;
    }

    private byte[] image() {
        return raw.toArray(ValueLayout.JAVA_BYTE);
    }

    private boolean isImage(final byte[] image) {
        return image != null && raw.mismatch(MemorySegment.ofArray(image)) < 0;
    }

    private void restore(final byte[] image) {
        MemorySegment.copy(image, 0, raw, ValueLayout.JAVA_BYTE, 0, image.length);
    }
}
