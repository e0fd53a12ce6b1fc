package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.FileWindow;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;

/**
 * Kills a random process of the tree at a fixed period: a ready daemon, or a transaction worker
 * that is idle or at work.
 *
 * <p>It leaves each task all its attempts. A kill is written on the board before it is sent, so
 * that the daemon counts the attempt as interrupted and not as used; and a task that was
 * interrupted before is let run to its end, by sparing its worker and the daemon that the worker
 * would die with. So a task whose run takes longer than the period still ends.
 *
 * <p>It waits while fewer than half of the daemons that have not ended are ready. On a machine so
 * busy that starts take many periods, the few that are ready would otherwise be killed as soon as
 * they are, and nothing would ever be done.
 *
 * <p>Pids of workers come from memory that children write: a pid is only killed where the kernel's
 * start time for it is the one beside it, and where it is neither root nor init.
 */
final class Chaos {
    /** How often a task may be interrupted. */
    private static final long INTERRUPTIONS_MAX = 1;

    private final DaemonSlot[] daemons;
    private final BoardWriter board;
    private final OperatingSystem os;
    private final Randomness randomness;
    private final long periodNs;
    private boolean begun;
    private long nextNs;

    Chaos(
            final DaemonSlot[] daemons,
            final BoardWriter board,
            final OperatingSystem os,
            final long periodNs,
            final long seed) {
        this.daemons = daemons;
        this.board = board;
        this.os = os;
        this.periodNs = periodNs;
        this.randomness = new Randomness(seed);
    }

    /** Returns how long until the next kill, in nanoseconds; for ever before {@link #begin}. */
    long untilNextNs(final long nowNs) {
        return periodNs == 0 || !begun ? Long.MAX_VALUE : Math.max(0, nextNs - nowNs);
    }

    /** Starts the clock: nobody is killed before the tree was ready once. */
    void begin(final long nowNs) {
        begun = true;
        nextNs = nowNs + periodNs;
    }

    /** Kills somebody where it is time. */
    void step(final long nowNs) {
        if (periodNs == 0 || !begun || nowNs - nextNs < 0) {
            return;
        }
        nextNs = nowNs + periodNs;
        int candidates = 0;
        for (final DaemonSlot daemon : daemons) {
            candidates += visit(daemon, Integer.MAX_VALUE);
        }
        if (candidates == 0 || !isHalfReady()) {
            board.countChaosSpared();
            return;
        }
        int victim = randomness.below(candidates);
        for (final DaemonSlot daemon : daemons) {
            final int here = visit(daemon, victim);
            if (victim < here) {
                board.countChaosKill();
                return;
            }
            victim -= here;
        }
        // Somebody ended between the two looks.
        board.countChaosSpared();
    }

    private boolean isHalfReady() {
        int ready = 0;
        int going = 0;
        for (final DaemonSlot daemon : daemons) {
            final DaemonState state = daemon.state();
            ready += state == DaemonState.READY ? 1 : 0;
            going += state == DaemonState.DONE || state == DaemonState.QUARANTINED ? 0 : 1;
        }
        return 2 * ready >= going;
    }

    /**
     * Returns how many processes of a daemon may be killed, its own first, and kills the one of a
     * number.
     */
    private int visit(final DaemonSlot daemon, final int victim) {
        if (daemon.state() != DaemonState.READY || daemon.isEnding()) {
            return 0;
        }
        int count = 0;
        if (isOpenForBusiness(daemon) && !hasSparedTask(daemon)) {
            if (victim == count) {
                daemon.killForChaos();
                return count + 1;
            }
            count++;
        }
        final DaemonPlan plan = daemon.plan();
        for (int i = 0; i < plan.pools().size(); i++) {
            final PoolPlan pool = plan.pools().get(i);
            for (int worker = 0; worker < pool.workersMax(); worker++) {
                final FileWindow slot = load(daemon, pool, worker);
                if (mayKill(slot)) {
                    if (victim == count && kill(slot)) {
                        return count + 1;
                    }
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * A daemon is let live until each of its pools has a worker, or a short period would keep it
     * from ever handing out a task.
     */
    private static boolean isOpenForBusiness(final DaemonSlot daemon) {
        final DaemonPlan plan = daemon.plan();
        for (int i = 0; i < plan.pools().size(); i++) {
            final PoolPlan pool = plan.pools().get(i);
            boolean any = false;
            for (int worker = 0; worker < pool.workersMax(); worker++) {
                final WorkerState state = state(load(daemon, pool, worker));
                any |= state != WorkerState.EMPTY && state != WorkerState.STARTING;
            }
            if (!any) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasSparedTask(final DaemonSlot daemon) {
        final DaemonPlan plan = daemon.plan();
        for (int i = 0; i < plan.pools().size(); i++) {
            final PoolPlan pool = plan.pools().get(i);
            for (int worker = 0; worker < pool.workersMax(); worker++) {
                final FileWindow slot = load(daemon, pool, worker);
                if (isWorking(state(slot)) && isSpared(slot)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean mayKill(final FileWindow slot) {
        final WorkerState state = state(slot);
        return state == WorkerState.IDLE || isWorking(state) && !isSpared(slot);
    }

    private static WorkerState state(final FileWindow slot) {
        return WorkerState.of(slot.getLong(PoolLayout.SLOT_STATE));
    }

    private static boolean isWorking(final WorkerState state) {
        return state == WorkerState.ASSIGNED || state == WorkerState.RUNNING;
    }

    private static boolean isSpared(final FileWindow slot) {
        return slot.getLong(PoolLayout.SLOT_INTERRUPTIONS) >= INTERRUPTIONS_MAX;
    }

    private boolean kill(final FileWindow slot) {
        final long pid = slot.getLong(PoolLayout.SLOT_PID);
        final long startTime = slot.getLong(PoolLayout.SLOT_START_TIME);
        // No process has the start time 0, but a pid that is none is said to have it.
        if (pid <= 1
                || startTime == 0
                || pid == ProcessHandle.current().pid()
                || os.startTime(pid) != startTime) {
            return false;
        }
        board.recordKill(pid, startTime);
        return os.signal(pid, Signals.KILL);
    }

    /** Returns the words of a worker's slot, as they are now. */
    private static FileWindow load(final DaemonSlot daemon, final PoolPlan pool, final int worker) {
        final FileWindow arena = daemon.arena();
        arena.load(
                ArenaPlan.pool(daemon.plan(), pool.name()).offset()
                        + PoolLayout.of(pool).slot(worker));
        return arena;
    }
}
