package io.coppice.daemon;

import io.coppice.os.Signals;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.txn.SimulatedWorker;
import java.util.function.Supplier;

/** Workers that are run by the thread of a test and die when it says so. */
final class SimulatedProcesses implements WorkerProcesses {
    private final DaemonPlan daemon;
    private final PoolPlan pool;
    private final Memory arena;
    private final long startTime;
    private final Supplier<io.coppice.txn.Transaction> transactions;
    private final SimulatedProcess[] processes;
    int spawned;

    SimulatedProcesses(
            final DaemonPlan daemon,
            final PoolPlan pool,
            final Memory arena,
            final long startTime,
            final Supplier<io.coppice.txn.Transaction> transactions) {
        this.daemon = daemon;
        this.pool = pool;
        this.arena = arena;
        this.startTime = startTime;
        this.transactions = transactions;
        this.processes = new SimulatedProcess[pool.workersMax()];
    }

    /** One process; it may be dead for a while before its daemon can know. */
    static final class SimulatedProcess implements WorkerProcess {
        final SimulatedWorker worker;
        private final long pid;
        boolean enrolled;
        private boolean dead;
        private int status;
        private int noticedAfter;

        SimulatedProcess(final long pid, final SimulatedWorker worker) {
            this.pid = pid;
            this.worker = worker;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean isAlive() {
            return !dead || noticedAfter-- > 0;
        }

        @Override
        public int exitStatus() {
            return status;
        }

        boolean runs() {
            return !dead;
        }

        void die(final int exitStatus, final int looksBeforeNotice) {
            dead = true;
            status = exitStatus;
            noticedAfter = looksBeforeNotice;
        }
    }

    @Override
    public void spawn(final Worker worker) {
        final long epoch = worker.epoch() + 1;
        final SimulatedProcess process =
                new SimulatedProcess(
                        1000 + 10 * epoch + worker.number(),
                        new SimulatedWorker(
                                daemon, pool, arena, worker.number(), epoch, transactions.get()));
        processes[worker.number()] = process;
        spawned++;
        worker.enrol(process, startTime, epoch);
    }

    @Override
    public void kill(final Worker worker) {
        if (processes[worker.number()].runs()) {
            processes[worker.number()].die(Signals.EXIT_BASE + Signals.KILL, 0);
        }
    }

    /** Workers of earlier incarnations are dead before a test begins another. */
    @Override
    public void certify(final Worker worker, final long timeoutNs) {}

    /** Returns the process in a slot, or null where there never was one. */
    SimulatedProcess process(final int worker) {
        return processes[worker];
    }
}
