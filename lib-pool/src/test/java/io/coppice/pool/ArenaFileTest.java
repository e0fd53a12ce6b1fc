package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.plan.PoolPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ArenaFileTest {
    private static final long BYTES = 1 << 20;
    private static final int STAT_BLOCK_BYTES = 512;

    @TempDir Path folder;

    private final DaemonPlan plan = Plans.daemon("scan", 1, BYTES);

    @Test
    @EnabledOnOs(OS.LINUX)
    void everyPageIsReallyAllocated() throws IOException, InterruptedException {
        final Path file = folder.resolve("scan.arena");
        ArenaFile.create(OperatingSystem.current(), file, plan);
        assertEquals(BYTES, Files.size(file));
        final Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        final String blocks =
                new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, stat.waitFor());
        assertTrue(Long.parseLong(blocks) * STAT_BLOCK_BYTES >= BYTES, blocks + " blocks");
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(file)));
    }

    @Test
    void aCutCreationIsRecognisedAndMadeAgainOverZeroes() {
        final Path file = folder.resolve("scan.arena");
        final Memory cut = ArenaFile.create(OperatingSystem.current(), file, plan);
        assertTrue(ArenaFile.isComplete(cut));
        assertNull(ArenaFile.difference(cut, plan));
        cut.putLong(ArenaLayout.MAGIC_OFFSET, 0);
        cut.putLong(ArenaLayout.FIXED_OFFSET, 1);
        cut.putLong(BYTES - 8, 1);
        assertFalse(ArenaFile.isComplete(MappedFile.readOnly(file)));

        final Memory again = ArenaFile.create(OperatingSystem.current(), file, plan);
        assertNotSame(cut, again);
        assertTrue(ArenaFile.isComplete(MappedFile.readOnly(file)));
        assertEquals(0, again.getLong(ArenaLayout.FIXED_OFFSET));
        assertEquals(0, again.getLong(BYTES - 8));
        assertEquals(List.of(), ArenaInvariants.check(again));
    }

    @Test
    void aFileTooShortForAHeadIsNoArena() throws IOException {
        final Path file = Files.write(folder.resolve("short"), new byte[100]);
        assertFalse(ArenaFile.isComplete(MappedFile.readOnly(file)));
    }

    @Test
    void refusesABudgetBelowTheFixedStructuresAndMakesNoFile() {
        final DaemonPlan small = Plans.daemon("scan", 1, 20_000);
        final Path file = folder.resolve("scan.arena");
        final ArenaException refused =
                assertThrows(
                        ArenaException.class,
                        () -> ArenaFile.create(OperatingSystem.current(), file, small));
        assertEquals(
                "scan: \"memory\" of 20000 bytes is too small by 480 for the head, the journal and the pools; raise it in the manifest",
                refused.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void refusesMorePoolsThanTheDirectoryHolds() {
        final List<PoolPlan> pools = new ArrayList<>();
        for (int i = 0; i < ArenaLayout.DIRECTORY_ENTRIES; i++) {
            pools.add(Plans.pool("p" + i, 64));
        }
        final DaemonPlan many = Plans.daemon("scan", 1, BYTES, pools);
        assertThrows(
                ArenaException.class,
                () ->
                        ArenaFile.create(
                                OperatingSystem.current(), folder.resolve("scan.arena"), many));
    }

    @Test
    void mapsAFileOnceHoweverOftenItIsAskedFor() {
        final Path file = folder.resolve("scan.arena");
        final Memory writable = ArenaFile.create(OperatingSystem.current(), file, plan);
        assertSame(writable, MappedFile.writable(file));
        assertSame(MappedFile.readOnly(file), MappedFile.readOnly(file));
        assertNotSame(MappedFile.readOnly(file), MappedFile.readOnly(file, 4096, 4096));
        assertEquals(4096, MappedFile.readOnly(file, BYTES - 4096, BYTES).bytes());
    }

    @Test
    void saysWhichFileIsMissingOrEmpty() throws IOException {
        final Path missing = folder.resolve("missing");
        assertEquals(
                missing + ": does not exist",
                assertThrows(ArenaException.class, () -> MappedFile.readOnly(missing))
                        .getMessage());
        final Path empty = Files.createFile(folder.resolve("empty"));
        assertEquals(
                empty + ": is empty or shorter than 0 bytes",
                assertThrows(ArenaException.class, () -> MappedFile.readOnly(empty)).getMessage());
    }

    @Test
    void growsWithItsPlanAndKeepsWhatItHolds() {
        final OperatingSystem os = OperatingSystem.current();
        final Path file = folder.resolve("scan.arena");
        final Memory small = ArenaFile.create(os, file, plan);
        small.fill(ArenaLayout.FIXED_OFFSET, BYTES - ArenaLayout.FIXED_OFFSET, (byte) 3);
        assertEquals(small, ArenaFile.grow(os, file, small, plan));
        final DaemonPlan larger = Plans.daemon("scan", 1, 2 * BYTES);
        final Memory grown = ArenaFile.grow(os, file, small, larger);
        assertEquals(2 * BYTES, grown.bytes());
        assertNull(ArenaFile.difference(grown, larger));
        for (long at = ArenaLayout.FIXED_OFFSET; at < 2 * BYTES; at++) {
            assertEquals(at < BYTES ? 3 : 0, grown.getByte(at));
        }
        // A death before the head says so is completed by the next start.
        grown.putLong(ArenaLayout.ARENA_BYTES, BYTES);
        assertEquals(
                2 * BYTES,
                ArenaFile.grow(os, file, grown, larger).getLong(ArenaLayout.ARENA_BYTES));
        assertEquals(grown, ArenaFile.grow(os, file, grown, plan));
        assertEquals(
                "has " + 2 * BYTES + " bytes, the manifest says " + BYTES,
                ArenaFile.difference(grown, plan));
    }

    @Test
    void isCutToItsPlanWhereItsStructuresLeaveTheEndFree() throws IOException {
        final OperatingSystem os = OperatingSystem.current();
        final Path file = folder.resolve("scan.arena");
        final DaemonPlan larger = Plans.daemon("scan", 1, 2 * BYTES);
        final Memory large = ArenaFile.create(os, file, larger);
        large.putLong(ArenaLayout.ALLOCATED_BYTES, BYTES + 1);
        assertSame(large, ArenaFile.fit(os, file, large, plan), "a structure lies there");
        assertEquals(2 * BYTES, Files.size(file));

        large.putLong(ArenaLayout.ALLOCATED_BYTES, BYTES);
        // A death behind the store leaves a file longer than its head says: the next call cuts it.
        large.putLong(ArenaLayout.ARENA_BYTES, BYTES);
        final byte[] before = new byte[(int) BYTES];
        large.getBytes(0, before, 0, before.length);
        final Memory cut = ArenaFile.fit(os, file, large, plan);
        assertEquals(BYTES, Files.size(file));
        assertEquals(BYTES, cut.bytes());
        assertNull(ArenaFile.difference(cut, plan));
        final byte[] after = new byte[(int) BYTES];
        cut.getBytes(0, after, 0, after.length);
        assertArrayEquals(before, after);
        final Memory grown = ArenaFile.fit(os, file, cut, larger);
        assertEquals(2 * BYTES, grown.getLong(ArenaLayout.ARENA_BYTES));
        assertEquals(0, grown.getByte(2 * BYTES - 1));
    }
}
