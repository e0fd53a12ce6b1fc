package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArenaTest {
    private static final long BYTES = 32 * 1024;

    @TempDir Path folder;

    private final DaemonPlan plan =
            Plans.daemon("scan", 1, BYTES, List.of(Plans.pool("extract", 64)));
    private Memory memory;

    @BeforeEach
    void create() {
        memory = ArenaFile.create(OperatingSystem.current(), folder.resolve("scan.arena"), plan);
    }

    @Test
    void findsWhatAnEarlierIncarnationLaidOut() {
        final Arena first = attach(1);
        assertFalse(first.recover());
        final Structure a = first.structure("a", StructureKind.REGION, 100);
        final Structure b = first.structure("b", StructureKind.RING, 64);
        assertEquals(ArenaLayout.align(a.offset() + 100), b.offset());
        first.seal();
        memory.putLong(a.offset(), 42);

        final Arena second = attach(2);
        assertTrue(second.recover());
        assertEquals(b, second.structure("b", StructureKind.RING, 64));
        assertEquals(a, second.structure("a", StructureKind.REGION, 100));
        assertEquals(42, memory.getLong(a.offset()));
        assertEquals(OwnerWord.of(1, 2), memory.getLong(ArenaLayout.OWNER));
        assertEquals(1, memory.getLong(ArenaLayout.RECOVERIES));
        assertEquals(List.of(), ArenaInvariants.check(memory));
    }

    @Test
    void startsFromZeroesWhereTheLayoutWasNotSealed() {
        final Arena first = attach(1);
        first.recover();
        final Structure a = first.structure("a", StructureKind.REGION, 100);
        memory.putLong(a.offset(), 42);
        final long generation = first.generation();
        final Arena second = attach(2);
        assertFalse(second.recover());
        assertEquals(generation + 1, second.generation());
        assertEquals(
                0, memory.getLong(second.structure("other", StructureKind.REGION, 100).offset()));
    }

    @Test
    void overBudgetSaysByHowMuchAndWhatTakesIt() {
        final Arena arena = attach(1);
        arena.recover();
        arena.structure("documents", StructureKind.REGION, 1000);
        final long used = memory.getLong(ArenaLayout.ALLOCATED_BYTES);
        assertEquals(
                List.of(
                        "scan: the arena would hold, in bytes",
                        "           16384  head",
                        "            4096  journal",
                        "            1792  pool:extract",
                        "            1000  documents",
                        "           20000  ring:results",
                        "           " + (used + 20000) + "  in all, with what alignment takes",
                        "\"memory\" of 32768 bytes is too small by "
                                + (used + 20000 - BYTES)
                                + ": raise it to "
                                + (used + 20000)
                                + " or more in the manifest"),
                refusalLines(() -> arena.structure("ring:results", StructureKind.RING, 20000)));
        arena.structure("rest", StructureKind.REGION, BYTES - used);
        assertTrue(
                refusal(() -> arena.structure("x", StructureKind.REGION, 1))
                        .contains(" is too small by 1: raise it to "));
    }

    private static List<String> refusalLines(final Runnable call) {
        return refusal(call).lines().toList();
    }

    @Test
    void refusesAnotherSizeKindOrSetOfStructures() {
        final Arena first = attach(1);
        first.recover();
        first.structure("a", StructureKind.REGION, 100);
        first.seal();
        final Arena second = attach(2);
        second.recover();
        assertEquals(
                "scan: structure \"a\" is REGION of 100 bytes, this build wants REGION of 101; onCrash=reset, migrate(...) or the old build",
                refusal(() -> second.structure("a", StructureKind.REGION, 101)));
        assertEquals(
                "scan: structure \"a\" is REGION of 100 bytes, this build wants RING of 100; onCrash=reset, migrate(...) or the old build",
                refusal(() -> second.structure("a", StructureKind.RING, 100)));
        assertEquals(
                "scan: the arena has no structure \"b\": this build lays out another set; onCrash=reset, migrate(...) or the old build",
                refusal(() -> second.structure("b", StructureKind.REGION, 100)));
    }

    @Test
    void refusesANameTwiceOnEveryIncarnation() {
        for (int epoch = 1; epoch <= 2; epoch++) {
            final Arena arena = attach(epoch);
            arena.recover();
            arena.structure("a", StructureKind.REGION, 100);
            assertEquals(
                    "scan: structure \"a\" was laid out already",
                    refusal(() -> arena.structure("a", StructureKind.REGION, 100)));
            arena.seal();
        }
        final Arena reset = attach(3);
        reset.recover();
        reset.reset();
        assertEquals(
                "scan: structure \"journal\" was laid out already",
                refusal(() -> reset.structure("journal", StructureKind.JOURNAL, 4096)));
    }

    @Test
    void refusesBadNamesAndSizesBeforeAnythingIsLaidOut() {
        final Arena arena = attach(1);
        arena.recover();
        final String longName = "n".repeat(97);
        assertEquals(
                "structure \"" + longName + "\": a name has 1 to 96 bytes",
                refusal(() -> arena.structure(longName, StructureKind.REGION, 1)));
        assertEquals(
                "structure \"\": a name has 1 to 96 bytes",
                refusal(() -> arena.structure("", StructureKind.REGION, 1)));
        assertEquals(
                "scan: structure \"a\" of 0 bytes",
                refusal(() -> arena.structure("a", StructureKind.REGION, 0)));
        assertEquals(
                memory.getLong(ArenaLayout.STRUCTURES_OFFSET),
                memory.getLong(ArenaLayout.ALLOCATED_BYTES));
        arena.structure("n".repeat(96), StructureKind.REGION, 1);
    }

    @Test
    void refusesAStructureAfterTheSeal() {
        final Arena arena = attach(1);
        arena.recover();
        assertTrue(arena.isOpen());
        arena.seal();
        assertFalse(arena.isOpen());
        assertEquals(
                "scan: structure \"a\" was asked for after open(): lay everything out there",
                refusal(() -> arena.structure("a", StructureKind.REGION, 1)));
    }

    @Test
    void refusesMoreStructuresThanTheDirectoryHolds() {
        final Arena arena = attach(1);
        arena.recover();
        for (int i = 2; i < ArenaLayout.DIRECTORY_ENTRIES; i++) {
            arena.structure("s" + i, StructureKind.REGION, 1);
        }
        assertEquals(
                "scan: more than 64 structures",
                refusal(() -> arena.structure("one", StructureKind.REGION, 1)));
    }

    @Test
    void refusesAnArenaOfAnotherPlan() {
        assertEquals(
                "scan.arena: has 32768 bytes, the manifest says 65536",
                refusalToAttach(Plans.daemon("scan", 1, 65536)));
        assertEquals(
                "scan.arena: has 1 pools, the manifest 0",
                refusalToAttach(Plans.daemon("scan", 1, BYTES)));
        assertEquals(
                "scan.arena: has pool:extract of 1792 bytes, the manifest asks for pool:other of 1792 bytes",
                refusalToAttach(Plans.daemon("scan", 1, BYTES, List.of(Plans.pool("other", 64)))));
        memory.putInt(ArenaLayout.VERSION_OFFSET, 9);
        assertEquals("scan.arena: is of format 9, this program knows 5", refusalToAttach(plan));
        memory.putLong(ArenaLayout.MAGIC_OFFSET, 0);
        assertEquals("scan.arena: is not an arena, or its creation was cut", refusalToAttach(plan));
    }

    @Test
    void invariantsNameWhatIsWrong() {
        final Arena arena = attach(1);
        arena.recover();
        arena.structure("a", StructureKind.REGION, 100);
        arena.seal();
        final long a = ArenaLayout.entry(2);
        wrong(ArenaLayout.PHASE, 3, "head: phase 3 is none of 0, 1, 2");
        wrong(ArenaLayout.GENERATION, 0, "head: generation 0");
        wrong(ArenaLayout.ARENA_BYTES, 1, "head: says 1 bytes, the file has 32768");
        wrong(ArenaLayout.ENTRY_COUNT, 65, "directory: 65 entries, 2 of them fixed");
        wrong(ArenaLayout.FIXED_ENTRY_COUNT, 4, "directory: 3 entries, 4 of them fixed");
        wrong(
                a + ArenaLayout.ENTRY_OFFSET,
                BYTES,
                "directory: directory entry 2 at offset " + a + " is damaged");
        wrong(a + ArenaLayout.ENTRY_OFFSET, 22272 + 8, "structure \"a\" at 22280: is not aligned");
        wrong(
                a + ArenaLayout.ENTRY_OFFSET,
                16384,
                "structure \"a\" at 16384: overlaps what ends at 20480");
        wrong(16384, 3, "journal \"journal\": state 3");
        wrong(16384 + 8, 7, "journal \"journal\": 7 bytes used of 4032");
        wrong(16384 + 16, 253, "journal \"journal\": 253 deferred stores in 4032 bytes");
        wrong(ArenaLayout.cursor(0) + ArenaLayout.CURSOR_POSITION, -1, "cursor 0: position -1");
        assertEquals(List.of(), ArenaInvariants.check(memory));
        memory.putLong(ArenaLayout.MAGIC_OFFSET, 1);
        assertEquals(
                List.of("head: is not an arena, or its creation was cut"),
                ArenaInvariants.check(memory));
    }

    private void wrong(final long offset, final long value, final String expected) {
        final long before = memory.getLong(offset);
        memory.putLong(offset, value);
        final List<String> wrong = ArenaInvariants.check(memory);
        memory.putLong(offset, before);
        assertTrue(wrong.contains(expected), expected + " is not in " + wrong);
    }

    private Arena attach(final long epoch) {
        return Arena.attach(memory, plan, OwnerWord.of(1, epoch));
    }

    private static String refusal(final Runnable action) {
        return assertThrows(ArenaException.class, action::run).getMessage();
    }

    private String refusalToAttach(final DaemonPlan other) {
        return refusal(() -> Arena.attach(memory, other, OwnerWord.of(1, 1)));
    }
}
