package io.coppice.ring;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.FileWindow;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.StructureKind;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A run directory with a writer, some readers, and their bells. */
final class TestTree {
    static final String RING = "results";
    static final int CAPACITY = 1024;
    static final int WRITER_SLOT = 1;
    static final int BLOCKS = 4;
    static final int BLOCK_BYTES = 512;
    private static final int JOURNAL_BYTES = 4096;
    private static final long ARENA_BYTES = 32 * 1024;

    private final Path folder;
    private final int readers;
    private final Bells bells;
    private final RingSettings settings;
    private final Map<Path, Memory> mapped = new HashMap<>();
    private boolean isInBlocks;
    private BlockPool blocks;
    private long epoch;

    private TestTree(
            final Path folder, final int readers, final Bells bells, final RingSettings settings) {
        this.folder = folder;
        this.readers = readers;
        this.bells = bells;
        this.settings = settings;
    }

    static TestTree create(final Path folder, final int readers) {
        return create(folder, readers, RingSettings.lossless(CAPACITY));
    }

    static TestTree create(final Path folder, final int readers, final RingSettings settings) {
        final OperatingSystem os = OperatingSystem.current();
        RootBells.create(os, folder, readers + 2);
        final TestTree tree = new TestTree(folder, readers, Bells.open(os, folder), settings);
        ArenaFile.create(os, folder.resolve(writerPlan().arenaFile()), writerPlan());
        for (int i = 0; i < readers; i++) {
            ArenaFile.create(os, folder.resolve(readerPlan(i).arenaFile()), readerPlan(i));
        }
        return tree;
    }

    static TestTree open(final Path folder, final int readers, final RingSettings settings) {
        return new TestTree(
                folder, readers, Bells.open(OperatingSystem.current(), folder), settings);
    }

    Bells bells() {
        return bells;
    }

    Path writerFile() {
        return folder.resolve(writerPlan().arenaFile());
    }

    Path readerFile(final int reader) {
        return folder.resolve(readerPlan(reader).arenaFile());
    }

    static DaemonPlan writerPlan() {
        return plan("writer", WRITER_SLOT);
    }

    static DaemonPlan readerPlan(final int reader) {
        return plan("reader" + reader, WRITER_SLOT + 1 + reader);
    }

    /** Attaches as the next incarnation and recovers. */
    Arena attach(final DaemonPlan plan) {
        final Arena arena =
                Arena.attach(
                        mapped.computeIfAbsent(
                                folder.resolve(plan.arenaFile()), MappedFile::writable),
                        plan,
                        OwnerWord.of(plan.slot(), ++epoch));
        arena.recover();
        return arena;
    }

    /** Has the writers that are opened from now on send long messages in blocks of a pool. */
    TestTree inBlocks() {
        isInBlocks = true;
        return this;
    }

    /** Lays a pool of blocks out in the writer's arena, or finds it. */
    private static BlockPool blocks(final Arena arena) {
        final boolean isLaidOut = arena.isLaidOut();
        final long bytes = BlockPool.bytes(BLOCKS, BLOCK_BYTES, 1, BLOCKS);
        final long offset = arena.structure("blocks", StructureKind.REGION, bytes).offset();
        return isLaidOut
                ? BlockPool.attach(
                        "blocks", arena.journal(), arena.memory(), offset, bytes, BlockPool.DAEMON)
                : BlockPool.layOut(
                        "blocks",
                        arena.journal(),
                        arena.memory(),
                        offset,
                        BLOCKS,
                        BLOCK_BYTES,
                        1,
                        BLOCKS);
    }

    /** Returns the pool of the writer that was opened last. */
    BlockPool blocks() {
        return blocks;
    }

    /**
     * Attaches as the incarnation after the one that the arena names, and recovers: what it leaves
     * depends on nothing but what it finds.
     */
    Arena attachNext(final DaemonPlan plan) {
        final Memory memory = memory(plan);
        final long last = OwnerWord.epoch(memory.getLong(ArenaLayout.OWNER));
        final Arena arena =
                Arena.attach(memory, plan, OwnerWord.of(plan.slot(), Math.max(last, 0) + 1));
        arena.recover();
        return arena;
    }

    /** Returns the incarnation that has an arena: all before it are dead. */
    static long livingEpoch(final Memory arena) {
        return OwnerWord.epoch(arena.getLong(ArenaLayout.OWNER));
    }

    Memory memory(final DaemonPlan plan) {
        return mapped.computeIfAbsent(folder.resolve(plan.arenaFile()), MappedFile::writable);
    }

    Path folder() {
        return folder;
    }

    RingWriter writer(final Arena arena) {
        if (isInBlocks) {
            blocks = blocks(arena);
            return writer(arena, RING, settings.inBlocks(blocks));
        }
        return writer(arena, RING, settings);
    }

    RingWriter writer(final Arena arena, final int capacityBytes) {
        return writer(arena, RING, RingSettings.lossless(capacityBytes));
    }

    RingWriter writer(final Arena arena, final String ring, final RingSettings wanted) {
        final List<DaemonPlan> plans =
                IntStream.range(0, readers).mapToObj(TestTree::readerPlan).toList();
        return RingWriter.open(arena, writerPlan(), ring, wanted, plans, folder, bells);
    }

    RingReader reader(final Arena arena) {
        return RingReader.open(arena, writerPlan(), RING, folder, bells);
    }

    RingReader reader(final Arena arena, final String ring, final RingStart start) {
        return RingReader.open(arena, writerPlan(), ring, folder, bells, start);
    }

    /** Does what root does with an arena that cannot be recovered. */
    void setAside(final DaemonPlan plan) throws IOException {
        final Path file = folder.resolve(plan.arenaFile());
        final Path draft = folder.resolve(plan.arenaFile() + ".new");
        ArenaFile.create(OperatingSystem.current(), draft, plan);
        final FileWindow old = FileWindow.open(file, Integer.BYTES);
        Files.move(file, folder.resolve(plan.arenaFile() + ".quarantined"));
        Files.move(draft, file);
        old.putInt(ArenaLayout.SET_ASIDE, 1);
        old.close();
        mapped.remove(file);
    }

    private static DaemonPlan plan(final String name, final int slot) {
        return new DaemonPlan(
                name,
                slot,
                "Main",
                ARENA_BYTES,
                JOURNAL_BYTES,
                "",
                List.of(),
                List.of(),
                false,
                OnCrash.RESUME,
                OnRootLoss.CONTINUE,
                new RestartPlan(RestartPolicy.ALWAYS, 1, 2, 3, 4, 5, 6),
                1,
                2,
                3,
                4,
                5,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                0);
    }
}
