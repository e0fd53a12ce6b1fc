package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.pool.plan.TreePlan;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolInvariants;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files of a tree of one daemon with one pool. */
final class PoolTree {
    private static final long MEMORY_BYTES = 64 * 1024;
    private static final long JOURNAL_BYTES = 4096;
    private static final long FOREVER_NS = Long.MAX_VALUE / 4;

    final PoolPlan pool;
    final DaemonPlan daemon;
    final Memory arena;
    final BoardWriter board;
    final Bells bells;
    private final MemorySegment raw;
    private final PoolLayout layout;
    private final long place;

    private PoolTree(final Path folder, final PoolPlan pool) throws IOException {
        this.pool = pool;
        this.daemon = daemonOf(pool);
        final OperatingSystem os = OperatingSystem.current();
        final TreePlan tree = new TreePlan("test", 0, 0, List.of(daemon));
        this.arena = ArenaFile.create(os, folder.resolve(daemon.arenaFile()), daemon);
        this.board = BoardWriter.create(os, folder, tree);
        board.publish();
        RootBells.create(os, folder, tree.slots());
        this.bells = Bells.open(os, folder);
        this.raw = map(folder.resolve(daemon.arenaFile()));
        this.layout = PoolLayout.of(pool);
        this.place = ArenaPlan.pool(daemon, pool.name()).offset();
    }

    static PoolTree create(final Path folder) throws IOException {
        return create(folder, 2, FOREVER_NS, FOREVER_NS);
    }

    /** Workers are replaced after so many tasks. */
    static PoolTree createForReuse(final Path folder, final int reuse) throws IOException {
        return create(folder, reuse, FOREVER_NS, FOREVER_NS);
    }

    static PoolTree createWithDeadlines(
            final Path folder, final long queueDeadlineNs, final long deadlineNs)
            throws IOException {
        return create(folder, 2, queueDeadlineNs, deadlineNs);
    }

    private static PoolTree create(
            final Path folder, final int reuse, final long queueDeadlineNs, final long deadlineNs)
            throws IOException {
        return new PoolTree(
                folder,
                new PoolPlan(
                        "pool",
                        "io.coppice.daemon.ScriptTransaction",
                        1,
                        2,
                        2,
                        16,
                        64,
                        JOURNAL_BYTES,
                        6,
                        queueDeadlineNs,
                        deadlineNs,
                        2,
                        reuse,
                        List.of()));
    }

    /** Returns what is wrong with the arena as it lies there. */
    List<String> wrong() {
        final List<String> wrong = new ArrayList<>(ArenaInvariants.check(arena));
        wrong.addAll(PoolInvariants.check(arena, daemon, pool));
        return wrong;
    }

    long count(final PoolCount count) {
        return arena.getLong(place + count.offset());
    }

    long slotWord(final int worker, final int offset) {
        return arena.getLong(place + layout.slot(worker) + offset);
    }

    WorkerState state(final int worker) {
        return WorkerState.of(slotWord(worker, PoolLayout.SLOT_STATE));
    }

    long slotJournalState(final int worker) {
        return arena.getLong(place + layout.journal(worker));
    }

    /** Returns a number of the request that a slot has in hand. */
    int requestInt(final int worker, final int offset) {
        final int task = (int) slotWord(worker, PoolLayout.SLOT_TASK);
        return arena.getInt(place + layout.request(task) + offset);
    }

    byte[] image() {
        return raw.toArray(ValueLayout.JAVA_BYTE);
    }

    boolean isImage(final byte[] image) {
        return image != null && raw.mismatch(MemorySegment.ofArray(image)) < 0;
    }

    void restore(final byte[] image) {
        MemorySegment.copy(image, 0, raw, ValueLayout.JAVA_BYTE, 0, image.length);
    }

    private static DaemonPlan daemonOf(final PoolPlan pool) {
        return new DaemonPlan(
                "daemon",
                1,
                "io.coppice.daemon.ScriptDaemon",
                MEMORY_BYTES,
                JOURNAL_BYTES,
                "",
                List.of(),
                List.of(),
                true,
                OnCrash.RESUME,
                OnRootLoss.CONTINUE,
                new RestartPlan(RestartPolicy.ALWAYS, 1, 1, 1, 1, 1, 1),
                FOREVER_NS,
                FOREVER_NS,
                FOREVER_NS,
                FOREVER_NS,
                0,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(pool),
                0);
    }

    private static MemorySegment map(final Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(
                    MapMode.READ_WRITE, 0, channel.size(), java.lang.foreign.Arena.global());
        }
    }
}
