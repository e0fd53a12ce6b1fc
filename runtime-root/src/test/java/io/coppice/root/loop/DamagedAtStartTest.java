package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a root that starts does with arenas that are damaged, and what a dead one has left. */
class DamagedAtStartTest {
    private static final int STATE = ArenaLayout.FIXED_OFFSET + 8192;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private Path arena;
    private Path aside;

    @BeforeEach
    void used() {
        arena = folder.resolve("daemon1.arena");
        aside = folder.resolve("daemon1.arena.quarantined");
        lay();
        map().putLong(ArenaLayout.OWNER, 4711);
        map().putLong(STATE, 42);
    }

    @Test
    void anArenaWithoutItsMagicIsKeptUnderAnotherName() {
        for (final long magic : new long[] {0, 1, -1}) {
            map().putLong(ArenaLayout.OWNER, 4711);
            map().putLong(ArenaLayout.MAGIC_OFFSET, magic);
            lay();
            assertTrue(ArenaFile.isComplete(map()), "magic " + magic);
            assertEquals(0, map().getLong(STATE));
        }
        assertEquals(42, MappedFile.readOnly(aside).getLong(STATE));

        map().putLong(ArenaLayout.MAGIC_OFFSET, -1);
        assertEquals(
                arena
                        + ": is damaged, and 3 arenas of this daemon are set aside already; move"
                        + " or remove one",
                assertThrows(StartException.class, this::lay).getMessage());
        assertEquals(-1, map().getLong(ArenaLayout.MAGIC_OFFSET), "left as it is");
    }

    @Test
    void aCreationThatWasCutIsNobodysState() {
        map().putLong(ArenaLayout.OWNER, 0);
        map().putLong(ArenaLayout.MAGIC_OFFSET, 0);
        lay();
        assertTrue(ArenaFile.isComplete(map()));
        assertFalse(Files.exists(aside));
    }

    @Test
    void aDamagedDirectoryIsRefusedInOneLineAndLeft() {
        map().putInt(8192 + 4, 77);
        assertEquals(
                arena
                        + ": directory entry 0 at offset 8192 is damaged; look at it with \"coppice"
                        + " state verify "
                        + arena
                        + "\", then move it away, or drop it by \"coppice clean\"",
                assertThrows(StartException.class, this::lay).getMessage());
        assertEquals(42, map().getLong(STATE));
    }

    @Test
    void aDraftOfARootThatDiedIsRemovedAndAnArenaThatItHadRenamedIsMadeAgain() throws IOException {
        final Path draft = folder.resolve("daemon1.arena.new");
        Files.copy(arena, draft);
        Files.move(arena, aside);
        lay();
        assertFalse(Files.exists(draft));
        assertEquals(0, map().getLong(STATE));
        assertEquals(42, MappedFile.readOnly(aside).getLong(STATE));
    }

    @Test
    void theFolderOfAFinishedTreeKeepsWhatWasSetAside() throws IOException {
        final RunDirectory directory = RunDirectory.of(folder, "tree");
        directory.create();
        directory.tryLock().acquiredBy().close();
        Files.createFile(directory.path().resolve("a.arena"));
        final Path kept = Files.createFile(directory.path().resolve("a.arena.quarantined.2"));
        assertTrue(directory.removeButQuarantined());
        assertEquals(List.of(kept), QuarantinedArenas.in(directory.path()));
        assertFalse(Files.exists(directory.path().resolve("a.arena")));
        assertEquals(List.of("tree"), RunDirectory.trees(folder), "clean finds it");

        Files.delete(kept);
        assertFalse(directory.removeButQuarantined());
        assertFalse(Files.exists(directory.path()));
    }

    private void lay() {
        new Foundation(os, folder)
                .lay(new TreePlan("t", 0, 0, List.of(LoopTree.daemon(1, true, List.of()))));
    }

    private Memory map() {
        return MappedFile.writable(arena);
    }
}
