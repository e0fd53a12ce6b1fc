package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.SetAside;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import io.coppice.root.loop.QuarantinedArenas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known about a tree at one moment, in plain numbers. Sizes are in bytes, times in
 * milliseconds.
 *
 * @param name of the tree
 * @param state of the tree, LOST where its root is gone
 * @param rootPid 0 where root is gone
 * @param rootEpoch which root of this run directory
 * @param uptimeMs of root
 * @param residentBytes of root
 * @param chaosKills processes that chaos has killed
 * @param allReadyMs from root's start until all daemons were ready, 0 before
 * @param daemons in the order of the manifest
 */
record TreeStatus(
        String name,
        String state,
        long rootPid,
        long rootEpoch,
        long uptimeMs,
        long residentBytes,
        long chaosKills,
        long allReadyMs,
        List<Daemon> daemons) {
    private static final String LOST = "LOST";
    private static final long NS_PER_MS = 1_000_000;

    /** A daemon. */
    record Daemon(
            String name,
            DaemonState state,
            long pid,
            long epoch,
            long restarts,
            long uptimeMs,
            long budgetBytes,
            long usedBytes,
            long progressDone,
            long progressTotal,
            Exit lastExit,
            Recovery recovery,
            List<Pool> pools,
            List<Ring> rings) {}

    /** The last end of a daemon's process; null where there was none. */
    record Exit(ExitClass exitClass, long status, long epoch, long atMs) {}

    /**
     * How the recovery of a daemon's arena goes.
     *
     * @param failed how many failed in a row
     * @param limit how many may before the arena is set aside, 0 for never
     * @param last what became of the last try to set it aside
     * @param kept the files that were set aside, the oldest first
     */
    record Recovery(long failed, int limit, SetAside last, List<Path> kept) {}

    /** A pool of transaction workers. */
    record Pool(
            String name,
            int workers,
            int busy,
            int workersMax,
            long unfinished,
            long submitted,
            long finished,
            long spawned,
            long died,
            long timedOut,
            long outOfMemory,
            long interrupted) {}

    /** A ring that the daemon writes. */
    record Ring(String name, long bytes) {}

    static TreeStatus read(final TreeView view) {
        final Board board = view.board();
        final boolean alive = view.isRootAlive();
        final long now = System.currentTimeMillis();
        final List<Daemon> daemons = new ArrayList<>();
        for (final DaemonPlan daemon : view.plan().daemons()) {
            daemons.add(daemon(view, daemon, now));
        }
        final boolean over = board.treeState().isOver();
        return new TreeStatus(
                view.name(),
                alive || over ? board.treeState().name() : LOST,
                alive ? board.rootPid() : 0,
                board.rootEpoch(),
                alive ? now - board.startedMs() : 0,
                alive ? OperatingSystem.current().residentBytes(board.rootPid()) : 0,
                board.chaosKills(),
                board.allReadyNs() / NS_PER_MS,
                daemons);
    }

    private static Daemon daemon(final TreeView view, final DaemonPlan plan, final long now) {
        final Board board = view.board();
        final int slot = plan.slot();
        final Memory arena = view.arena(plan);
        final long pid = board.word(slot, BoardWord.PID);
        final boolean alive =
                pid != 0
                        && OperatingSystem.current().startTime(pid)
                                == board.word(slot, BoardWord.START_TIME);
        final long exitEpoch = board.word(slot, BoardWord.EXIT_EPOCH);
        final Exit exit =
                exitEpoch == 0
                        ? null
                        : new Exit(
                                ExitClass.of(board.word(slot, BoardWord.EXIT_CLASS)),
                                board.word(slot, BoardWord.EXIT_STATUS),
                                exitEpoch,
                                board.word(slot, BoardWord.EXIT_MS));
        return new Daemon(
                plan.name(),
                board.state(slot),
                alive ? pid : 0,
                board.word(slot, BoardWord.EPOCH),
                board.word(slot, BoardWord.RESTARTS),
                alive ? now - board.word(slot, BoardWord.SPAWNED_MS) : 0,
                plan.memoryBytes(),
                arena == null ? 0 : arena.getLong(ArenaLayout.ALLOCATED_BYTES),
                arena == null ? 0 : arena.getLong(ArenaLayout.PROGRESS_DONE),
                arena == null ? 0 : arena.getLong(ArenaLayout.PROGRESS_TOTAL),
                exit,
                new Recovery(
                        board.word(slot, BoardWord.FAILED_RECOVERIES),
                        plan.restart().recoveryLimit(),
                        SetAside.of(board.word(slot, BoardWord.SET_ASIDE)),
                        QuarantinedArenas.of(plan, view.directory().path())),
                arena == null ? List.of() : pools(plan, arena),
                arena == null ? List.of() : rings(arena));
    }

    private static List<Pool> pools(final DaemonPlan daemon, final Memory arena) {
        final List<Pool> pools = new ArrayList<>();
        for (final PoolPlan plan : daemon.pools()) {
            final long pool = ArenaPlan.pool(daemon, plan.name()).offset();
            final PoolLayout layout = PoolLayout.of(plan);
            int workers = 0;
            int busy = 0;
            for (int i = 0; i < plan.workersMax(); i++) {
                final WorkerState state =
                        WorkerState.of(
                                arena.getLongAcquire(
                                        pool + layout.slot(i) + PoolLayout.SLOT_STATE));
                workers += state == WorkerState.EMPTY ? 0 : 1;
                busy += state == WorkerState.RUNNING || state == WorkerState.ASSIGNED ? 1 : 0;
            }
            final long submitted = count(arena, pool, PoolCount.SUBMITTED);
            final long finished = count(arena, pool, PoolCount.FINISHED);
            pools.add(
                    new Pool(
                            plan.name(),
                            workers,
                            busy,
                            plan.workersMax(),
                            submitted - finished,
                            submitted,
                            finished,
                            count(arena, pool, PoolCount.SPAWNED),
                            count(arena, pool, PoolCount.DIED),
                            count(arena, pool, PoolCount.TIMED_OUT),
                            count(arena, pool, PoolCount.OUT_OF_MEMORY),
                            count(arena, pool, PoolCount.INTERRUPTED)));
        }
        return pools;
    }

    private static List<Ring> rings(final Memory arena) {
        final List<Ring> rings = new ArrayList<>();
        try {
            for (final Structure structure : ArenaDirectory.list(arena)) {
                if (structure.kind() == StructureKind.RING) {
                    rings.add(
                            new Ring(
                                    structure.name().substring(structure.name().indexOf(':') + 1),
                                    structure.bytes()));
                }
            }
        } catch (final ArenaException damaged) {
            // What is shown is what can be read.
            return rings;
        }
        return rings;
    }

    private static long count(final Memory arena, final long pool, final PoolCount count) {
        return arena.getLong(pool + count.offset());
    }
}
