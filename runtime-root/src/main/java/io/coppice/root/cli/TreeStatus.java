package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.SetAside;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.board.UpgradeWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.GroupPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import io.coppice.root.loop.QuarantinedArenas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
 * @param chaos what chaos does, and has done
 * @param upgrade the one that is under way, else null
 * @param allReadyMs from root's start until all daemons were ready, 0 before
 * @param daemons in the order of the manifest
 * @param groups of daemons that are started anew together
 */
record TreeStatus(
        String name,
        String state,
        long rootPid,
        long rootEpoch,
        long uptimeMs,
        long residentBytes,
        Chaos chaos,
        Upgrade upgrade,
        long allReadyMs,
        List<Daemon> daemons,
        List<Group> groups) {
    private static final String LOST = "LOST";
    private static final long NS_PER_MS = 1_000_000;

    /**
     * Chaos.
     *
     * @param settings what it does now, null where it does nothing
     * @param kills processes that it has killed
     * @param stops processes that it has stopped for a time
     */
    record Chaos(ChaosSettings settings, long kills, long stops) {
        private static Chaos of(final Board board) {
            return new Chaos(
                    board.chaosPeriodNs() == 0 ? null : ChaosSettings.on(board),
                    board.chaosKills(),
                    board.chaosStops());
        }
    }

    /** How far an upgrade of a daemon is. */
    record Upgrade(String daemon, UpgradeState state) {
        private static Upgrade of(final TreeView view) {
            final long word = view.board().upgrade();
            for (final DaemonPlan daemon : view.plan().daemons()) {
                if (view.board().isUpgrading() && daemon.slot() == UpgradeWord.slot(word)) {
                    return new Upgrade(daemon.name(), UpgradeWord.state(word));
                }
            }
            return null;
        }
    }

    /** The standby of a daemon that declares one; pid 0 while there is none. */
    record Standby(long pid, StandbyState state, long takeovers, long deaths) {}

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
            DeathsStatus deaths,
            Standby standby,
            List<Pool> pools,
            List<RingStatus> rings) {
        private Daemon withRings(final List<RingStatus> others) {
            return new Daemon(
                    name,
                    state,
                    pid,
                    epoch,
                    restarts,
                    uptimeMs,
                    budgetBytes,
                    usedBytes,
                    progressDone,
                    progressTotal,
                    lastExit,
                    recovery,
                    deaths,
                    standby,
                    pools,
                    others);
        }
    }

    /** A group, its daemons in their order. */
    record Group(String name, String with, List<String> daemons) {
        static Group of(final GroupPlan group, final TreePlan plan) {
            return new Group(
                    group.name(),
                    group.with().toString(),
                    group.members().stream().map(slot -> plan.daemon(slot).name()).toList());
        }
    }

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

    static TreeStatus read(final TreeView view) {
        final Board board = view.board();
        final boolean alive = view.isRootAlive();
        final long now = System.currentTimeMillis();
        final List<Memory> arenas = new ArrayList<>();
        for (final DaemonPlan daemon : view.plan().daemons()) {
            arenas.add(view.arena(daemon));
        }
        final List<Daemon> daemons = new ArrayList<>();
        for (final DaemonPlan daemon : view.plan().daemons()) {
            daemons.add(daemon(view, daemon, arenas, now));
        }
        final boolean over = board.treeState().isOver();
        return new TreeStatus(
                view.name(),
                alive || over ? board.treeState().name() : LOST,
                alive ? board.rootPid() : 0,
                board.rootEpoch(),
                alive ? now - board.startedMs() : 0,
                alive ? OperatingSystem.current().residentBytes(board.rootPid()) : 0,
                Chaos.of(board),
                Upgrade.of(view),
                board.allReadyNs() / NS_PER_MS,
                daemons,
                view.plan().groups().stream().map(group -> Group.of(group, view.plan())).toList());
    }

    /**
     * Returns looks at trees with the rates of their rings since earlier looks at the same ones.
     * Looks at a ring that was not there before, or was laid out anew, stay as they are.
     */
    static List<TreeStatus> since(final List<TreeStatus> earlier, final List<TreeStatus> now) {
        final Map<String, RingStatus> before = new HashMap<>();
        for (final TreeStatus status : earlier) {
            for (final Daemon daemon : status.daemons) {
                for (final RingStatus ring : daemon.rings()) {
                    before.put(status.name + "/" + daemon.name() + "/" + ring.name(), ring);
                }
            }
        }
        final List<TreeStatus> rated = new ArrayList<>();
        for (final TreeStatus status : now) {
            final List<Daemon> daemons = new ArrayList<>();
            for (final Daemon daemon : status.daemons) {
                final String path = status.name + "/" + daemon.name() + "/";
                final List<RingStatus> rings = new ArrayList<>();
                for (final RingStatus ring : daemon.rings()) {
                    final RingStatus there = before.get(path + ring.name());
                    rings.add(there == null ? ring : ring.since(there));
                }
                daemons.add(daemon.withRings(rings));
            }
            rated.add(status.withDaemons(daemons));
        }
        return rated;
    }

    /** Returns whether a ring of a tree that runs shows, so that a second look tells its rate. */
    boolean hasRates() {
        return rootPid != 0 && daemons.stream().anyMatch(daemon -> !daemon.rings().isEmpty());
    }

    private TreeStatus withDaemons(final List<Daemon> others) {
        return new TreeStatus(
                name,
                state,
                rootPid,
                rootEpoch,
                uptimeMs,
                residentBytes,
                chaos,
                upgrade,
                allReadyMs,
                others,
                groups);
    }

    private static Daemon daemon(
            final TreeView view, final DaemonPlan plan, final List<Memory> arenas, final long now) {
        final Board board = view.board();
        final int slot = plan.slot();
        final Memory arena = arenas.get(view.plan().daemons().indexOf(plan));
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
                        Math.max(0, board.word(slot, BoardWord.FAILED_RECOVERIES)),
                        plan.restart().recoveryLimit(),
                        SetAside.of(board.word(slot, BoardWord.SET_ASIDE)),
                        QuarantinedArenas.of(plan, view.directory().path())),
                DeathsStatus.read(board, plan),
                standby(view, plan),
                arena == null ? List.of() : pools(plan, arena),
                RingStatus.of(view.plan(), plan, arenas));
    }

    private static Standby standby(final TreeView view, final DaemonPlan plan) {
        if (plan.standby() == 0) {
            return null;
        }
        final Board board = view.board();
        final int slot = plan.slot();
        final long pid = board.word(slot, BoardWord.STANDBY_PID);
        final boolean alive =
                pid != 0
                        && OperatingSystem.current().startTime(pid)
                                == board.word(slot, BoardWord.STANDBY_START_TIME);
        return new Standby(
                alive ? pid : 0,
                StandbyState.of(board.word(slot, BoardWord.STANDBY_STATE)),
                board.word(slot, BoardWord.TAKEOVERS),
                board.word(slot, BoardWord.STANDBY_DEATHS));
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

    private static long count(final Memory arena, final long pool, final PoolCount count) {
        return arena.getLong(pool + count.offset());
    }
}
