package io.coppice.daemon;

import io.coppice.daemon.ScriptTransaction.Kind;
import io.coppice.daemon.SimulatedProcesses.SimulatedProcess;
import io.coppice.os.Signals;
import io.coppice.pool.Arena;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One incarnation of a daemon that submits one task of each kind, and one more from within the
 * result of the first, and keeps a journaled tally of what became of each.
 */
final class ScriptDaemon {
    /** The task that the result of task 0 submits. */
    static final int FOLLOWER = Kind.values().length;

    static final int TASKS = FOLLOWER + 1;
    static final int CRASH_STATUS = Signals.EXIT_BASE + Signals.ABRT;
    private static final int TALLY = 8;
    private static final int TALLY_BYTES = 32;
    private static final int DELIVERIES = 0;
    private static final int OUTCOME = 8;
    private static final int ATTEMPTS = 16;
    private static final int REPLY = 24;
    private static final long TURN_NS = 60_000_000_000L;

    final SimulatedProcesses processes;

    /** Workers that were at user code when this incarnation began. */
    int interrupted;

    private final PoolTree tree;
    private final Arena arena;
    private final JournaledBuffer tally;
    private final JournaledBuffer work;
    private final TransactionPool pool;
    private final UnsafeBuffer request = new UnsafeBuffer(new byte[16]);
    private long nowNs = 1;

    /** Recovers and opens, in the order in which DaemonMain does. */
    ScriptDaemon(final PoolTree tree, final long startTime) {
        this.tree = tree;
        this.processes =
                new SimulatedProcesses(
                        tree.daemon, tree.pool, tree.arena, startTime, ScriptTransaction::new);
        this.arena = Arena.attach(tree.arena, tree.daemon, OwnerWord.of(1, 1));
        this.pool =
                new TransactionPool(
                        arena,
                        tree.daemon,
                        tree.pool,
                        tree.board.reader(),
                        tree.bells,
                        processes,
                        (owner, process) -> {},
                        () -> nowNs);
        pool.certifyWorkers();
        arena.recover();
        pool.recoverWorkers();
        for (int worker = 0; worker < tree.pool.workersMax(); worker++) {
            interrupted += tree.state(worker) == WorkerState.RUNNING ? 1 : 0;
        }
        pool.recover();
        this.tally = region("tally", TALLY + TASKS * TALLY_BYTES);
        this.work = region(ScriptTransaction.REGION, TASKS * Long.BYTES);
        arena.seal();
    }

    /** One duty cycle. */
    void doWork() {
        nowNs += TURN_NS;
        int submitted = tally.getInt(0);
        while (submitted < FOLLOWER && pool.hasRoom()) {
            arena.journal().begin();
            submit(submitted, Kind.values()[submitted]);
            submitted++;
            tally.putInt(0, submitted);
            arena.journal().commit();
        }
        pool.poll(this::onResult, 1);
    }

    /** Lets a worker's process do what it would do next. */
    void stepWorker(final int number) {
        final SimulatedProcess process = processes.process(number);
        if (process == null || !process.runs()) {
            return;
        }
        if (!process.enrolled) {
            process.worker.begin(process.pid());
            process.enrolled = true;
        } else if (tree.state(number) == WorkerState.ASSIGNED && isDeadly(number)) {
            stepHalf(process);
            process.die(CRASH_STATUS, 0);
        } else if (!process.worker.step()) {
            process.die(0, 0);
        }
    }

    /** Lets a worker's process run what it has in hand, but not to the end. */
    static void stepHalf(final SimulatedProcess process) {
        try {
            process.worker.stepHalf();
        } catch (final Exception failure) {
            // What the task throws comes too late: the process dies here.
            if (failure instanceof RuntimeException unexpected) {
                throw unexpected;
            }
        }
    }

    private boolean isDeadly(final int worker) {
        return ScriptTransaction.isDeadly(
                tree.requestInt(worker, ScriptTransaction.KIND),
                tree.slotWord(worker, PoolLayout.SLOT_ATTEMPT));
    }

    boolean isDone() {
        for (int number = 0; number < TASKS; number++) {
            if (deliveries(number) == 0) {
                return false;
            }
        }
        return true;
    }

    long deliveries(final int number) {
        return tally.getLong(TALLY + number * TALLY_BYTES + DELIVERIES);
    }

    Outcome outcome(final int number) {
        return Outcome.values()[(int) tally.getLong(TALLY + number * TALLY_BYTES + OUTCOME)];
    }

    long attempts(final int number) {
        return tally.getLong(TALLY + number * TALLY_BYTES + ATTEMPTS);
    }

    long reply(final int number) {
        return tally.getLong(TALLY + number * TALLY_BYTES + REPLY);
    }

    long runs(final int number) {
        return work.getLong(number * Long.BYTES);
    }

    int unfinished() {
        return pool.unfinished();
    }

    private void onResult(final TaskResult result) {
        final int number = result.request().getInt(ScriptTransaction.NUMBER);
        if (number == 0) {
            submit(FOLLOWER, Kind.COMMITS);
        }
        final int at = TALLY + number * TALLY_BYTES;
        tally.putLong(at + DELIVERIES, tally.getLong(at + DELIVERIES) + 1);
        tally.putLong(at + OUTCOME, result.outcome().ordinal());
        tally.putLong(at + ATTEMPTS, result.attempts());
        tally.putLong(
                at + REPLY, result.outcome() == Outcome.OK ? result.reply().getInt(0) : number);
        // The request is still the one that was submitted, though another task came in meanwhile.
        if (result.request().getInt(ScriptTransaction.NUMBER) != number) {
            throw new AssertionError("the request of task " + number + " was overwritten");
        }
    }

    private void submit(final int number, final Kind kind) {
        request.putInt(ScriptTransaction.NUMBER, number);
        request.putInt(ScriptTransaction.KIND, kind.ordinal());
        if (pool.submit(request, 0, ScriptTransaction.REQUEST_BYTES) == TransactionPool.FULL) {
            throw new AssertionError("there is no room for task " + number);
        }
    }

    private JournaledBuffer region(final String name, final int bytes) {
        final Structure place = arena.structure(name, StructureKind.REGION, bytes);
        return new JournaledBuffer(arena.journal(), arena.memory(), place.offset(), bytes);
    }
}
