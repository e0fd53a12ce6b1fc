package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.FileWindow;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.ChaosKind;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;

/**
 * Does something to a random process of the tree at a fixed period. It kills, or stops for a time,
 * a ready daemon or a transaction worker that is idle or at work; or it kills root itself, where a
 * guard starts another one. What it does is on the board, where the next root goes on with it.
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
 * <p>A stop takes no longer than half of what the watchdog, or the deadline of a run, would wait
 * for: it is to find out what waits too briefly, and not to be taken for a hang.
 *
 * <p>Pids of workers come from memory that children write: a pid is only killed where the kernel's
 * start time for it is the one beside it, and where it is neither root nor init.
 */
final class Chaos {
    /** How often a task may be interrupted. */
    private static final long INTERRUPTIONS_MAX = 1;

    private static final long DURATION_NS_MIN = 1_000_000L;
    private static final long DURATION_NS_MAX = 30L * 24 * 3600 * 1_000_000_000L;
    private static final ChaosKind[] KINDS = ChaosKind.values();

    private final DaemonSlot[] daemons;
    private final BoardWriter board;
    private final OperatingSystem os;
    private final long guardPid;
    private final ChaosStops stops;
    private Randomness randomness;
    private long periodNs;
    private long kinds;
    private long stopForNs;
    private boolean begun;
    private long nextNs;

    /** What is done to the victim of this period. */
    private ChaosKind kind = ChaosKind.KILL;

    /** Whether the victim was there still, and not stopped already. */
    private boolean struck;

    private long stepNs;

    /**
     * @param guardPid of root's parent where it starts root again, else 0
     */
    Chaos(
            final DaemonSlot[] daemons,
            final BoardWriter board,
            final OperatingSystem os,
            final long guardPid) {
        this.daemons = daemons;
        this.board = board;
        this.os = os;
        this.guardPid = guardPid;
        this.stops = new ChaosStops(board, os);
        restore();
    }

    /** Goes on with what the board says, which on a fresh one is nothing. */
    private void restore() {
        periodNs = board.reader().chaosPeriodNs();
        kinds = board.reader().chaosKinds();
        stopForNs = board.reader().chaosStopForNs();
        randomness = new Randomness(board.reader().chaosRandom());
    }

    /** Does from now on what a plan says. */
    void configure(final TreePlan plan) {
        set(plan.chaosPeriodNs(), plan.chaosKinds(), plan.chaosStopForNs(), plan.chaosSeed());
    }

    private void set(final long period, final long mask, final long stopFor, final long seed) {
        board.chaos(period, mask, stopFor, seed);
        restore();
        if (period == 0) {
            stops.letAllGo();
        }
    }

    /**
     * Begins or ends on request; the numbers are anybody's.
     *
     * @param period 0 to end it
     */
    Answer ask(
            final long period,
            final long mask,
            final long stopFor,
            final long seed,
            final long nowNs) {
        if (period != 0
                && (isNoDuration(period)
                        || isNoDuration(stopFor)
                        || mask < 1
                        || mask > ChaosKind.ALL)) {
            return Answer.UNKNOWN;
        }
        if ((period == 0) == (periodNs == 0)
                || period != 0 && ChaosKind.ROOT.isIn(mask) && !isGuarded()) {
            return Answer.WRONG_STATE;
        }
        set(period, mask, stopFor, seed);
        nextNs = nowNs + period;
        return Answer.ACCEPTED;
    }

    private static boolean isNoDuration(final long durationNs) {
        return durationNs < DURATION_NS_MIN || durationNs > DURATION_NS_MAX;
    }

    private boolean isGuarded() {
        return guardPid > 1 && os.parentPid() == guardPid;
    }

    /** Returns how long until it does something, in nanoseconds. */
    long untilNextNs(final long nowNs) {
        final long untilNs = periodNs == 0 || !begun ? Long.MAX_VALUE : Math.max(0, nextNs - nowNs);
        return Math.min(untilNs, stops.untilNextNs(nowNs));
    }

    /** Starts the clock: nothing is done to anybody before the tree was ready once. */
    void begin(final long nowNs) {
        begun = true;
        nextNs = nowNs + periodNs;
    }

    /** Lets everybody go: the tree is about to be stopped, in which who is stopped cannot help. */
    void end() {
        stops.letAllGo();
    }

    /** Does something to somebody where it is time. */
    void step(final long nowNs) {
        stops.step(nowNs);
        if (periodNs == 0 || !begun || nowNs - nextNs < 0) {
            return;
        }
        nextNs = nowNs + periodNs;
        stepNs = nowNs;
        kind = choose();
        final boolean done =
                isHalfReady() && (kind == ChaosKind.ROOT ? killRoot() : strikeSomebody());
        board.chaosRandom(randomness.state());
        if (!done) {
            board.countChaosSpared();
        } else if (kind == ChaosKind.KILL) {
            board.countChaosKill();
        }
    }

    /** Where there is one kind no number is drawn. */
    private ChaosKind choose() {
        final int many = Long.bitCount(kinds & ChaosKind.ALL);
        int left = many > 1 ? randomness.below(many) : 0;
        for (final ChaosKind each : KINDS) {
            if (each.isIn(kinds) && left-- == 0) {
                return each;
            }
        }
        return ChaosKind.KILL;
    }

    private boolean strikeSomebody() {
        int candidates = 0;
        for (final DaemonSlot daemon : daemons) {
            candidates += visit(daemon, Integer.MAX_VALUE);
        }
        if (candidates == 0) {
            return false;
        }
        struck = false;
        int victim = randomness.below(candidates);
        for (final DaemonSlot daemon : daemons) {
            final int here = visit(daemon, victim);
            if (victim < here) {
                return struck;
            }
            victim -= here;
        }
        // Somebody ended between the two looks.
        return false;
    }

    /** Without a guard, or when it has ended meanwhile, nobody would start another one. */
    private boolean killRoot() {
        if (!isGuarded()) {
            return false;
        }
        final long pid = ProcessHandle.current().pid();
        board.recordKill(pid, board.reader().rootStartTime());
        board.chaosRandom(randomness.state());
        board.countChaosKill();
        return os.signal(pid, Signals.KILL);
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
     * Returns how many processes of a daemon may be struck, its own first, and strikes the one of a
     * number.
     */
    private int visit(final DaemonSlot daemon, final int victim) {
        if (daemon.state() != DaemonState.READY || daemon.isEnding()) {
            return 0;
        }
        int count = 0;
        if (isOpenForBusiness(daemon) && !hasSparedTask(daemon)) {
            if (victim == count) {
                struck = strike(daemon);
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
                    if (victim == count) {
                        struck = strike(slot, pool);
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

    private boolean strike(final DaemonSlot daemon) {
        if (kind == ChaosKind.STOP) {
            return stops.stop(
                    daemon.pid(), daemon.startTime(), untilNs(daemon.plan().dumpAfterNs()));
        }
        daemon.killForChaos();
        return true;
    }

    private long untilNs(final long patienceNs) {
        return stepNs + Math.min(stopForNs, patienceNs / 2);
    }

    private boolean strike(final FileWindow slot, final PoolPlan pool) {
        final long pid = slot.getLong(PoolLayout.SLOT_PID);
        final long startTime = slot.getLong(PoolLayout.SLOT_START_TIME);
        // No process has the start time 0, but a pid that is none is said to have it.
        if (pid <= 1
                || startTime == 0
                || pid == ProcessHandle.current().pid()
                || os.startTime(pid) != startTime) {
            return false;
        }
        if (kind == ChaosKind.STOP) {
            return stops.stop(pid, startTime, untilNs(pool.deadlineNs()));
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
