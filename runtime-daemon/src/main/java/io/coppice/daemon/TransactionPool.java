package io.coppice.daemon;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * Hands tasks to worker processes that may die at any instruction, and brings back what became of
 * each, exactly once.
 *
 * <p>{@link #submit} is part of the daemon's transaction; {@link #poll} is to be called in every
 * duty cycle. A worker belongs to one task from the store of ASSIGNED until its result is taken, so
 * its death is that task's and nobody else's. An attempt counts from the store of RUNNING, which
 * comes just before user code.
 *
 * <p>Ordering, beside what {@link WorkerState} says of the turns. Each result is one transaction of
 * the daemon's journal, in which the task leaves its place, the handler changes what it changes,
 * and the slot's next state is deferred; so a death leaves the result to be taken again, or taken.
 *
 * <ul>
 *   <li>A deferred store is made again by whoever recovers a journal that was cut between it and
 *       IDLE. So none may give the turn away: a worker would go on in the meantime, and the replay
 *       would take its COMMITTED back. IDLE and EMPTY are deferred, since nobody but the daemon
 *       moves a slot from there; ASSIGNED is not. {@link #dispatch} commits first and stores it
 *       then (release). A death between the two leaves a RUNNING task in a slot that is IDLE, which
 *       {@link #recover} lets wait again: it costs the task nothing.
 *   <li>For the same reason a result is taken only once the worker's own journal is IDLE: before
 *       that its replay would store COMMITTED over whatever turn came next.
 *   <li>Recovery finishes the daemon's journal first, then those of the workers, then looks at the
 *       states. A slot it empties and the task it lets wait again change in one transaction; the
 *       result of a commit that preceded the death stays in its slot until a handler takes it.
 * </ul>
 *
 * <p>For the daemon's own thread.
 */
public final class TransactionPool {
    /** Returned by {@link #submit} where every place is taken. */
    public static final long FULL = -1;

    /**
     * Workers in a row that die before they are idle; one more and the daemon gives up, for root to
     * decide.
     */
    public static final int START_FAILURES_MAX = 8;

    /** How long the death of a killed process may take, in nanoseconds. */
    private static final long CERTIFY_NS = 10_000_000_000L;

    private static final long WORKER_START_NS = 30_000_000_000L;

    private final PoolPlan plan;
    private final Memory arena;
    private final Journal journal;
    private final Board board;
    private final Bells bells;
    private final long pool;
    private final PoolLayout layout;
    private final TaskTable tasks;
    private final Worker[] workers;
    private final long[] spawnedNs;
    private final WorkerProcesses processes;
    private final int firstProcess;
    private final WorkerDeaths deaths;
    private final NanoClock clock;
    private final SpawnGovernor governor;
    private final TaskResult result = new TaskResult();

    TransactionPool(
            final Arena arena,
            final DaemonPlan daemon,
            final PoolPlan plan,
            final Board board,
            final Bells bells,
            final WorkerProcesses processes,
            final WorkerDeaths deaths,
            final NanoClock clock) {
        this.plan = plan;
        this.arena = arena.memory();
        this.journal = arena.journal();
        this.board = board;
        this.bells = bells;
        this.processes = processes;
        this.deaths = deaths;
        this.clock = clock;
        this.governor = new SpawnGovernor(daemon.name(), plan.name(), clock.nanoTime());
        this.firstProcess = ArenaPlan.process(daemon, plan.name(), 0);
        this.pool = ArenaPlan.pool(daemon, plan.name()).offset();
        this.layout = PoolLayout.of(plan);
        this.tasks = new TaskTable(this.arena, journal, plan, layout, pool);
        this.workers = new Worker[plan.workersMax()];
        this.spawnedNs = new long[plan.workersMax()];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(this.arena, plan, layout, pool, i);
        }
    }

    /**
     * Certifies that no worker of an earlier incarnation lives, so that its memory may be touched.
     */
    void certifyWorkers() {
        for (final Worker worker : workers) {
            processes.certify(worker, CERTIFY_NS);
        }
    }

    /**
     * Brings the arena to the last commits of the dead workers; the daemon's journal is recovered
     * already. Before anyone looks at what the arena holds.
     */
    void recoverWorkers() {
        for (final Worker worker : workers) {
            worker.recover();
        }
    }

    /** Lets the tasks that died with their workers wait again, and empties the slots. */
    void recover() {
        if (arena.getLong(pool + PoolLayout.QUEUE_CAPACITY) == 0) {
            writeGeometry();
        }
        tasks.load();
        for (final Worker worker : workers) {
            final WorkerState state = worker.state();
            if (state == WorkerState.COMMITTED || state == WorkerState.FAILED) {
                continue;
            }
            final int task = tasks.runningIn(worker.number());
            if (task >= 0) {
                journal.begin();
                requeueInterrupted(task, state);
                journal.deferLong(worker.stateOffset(), WorkerState.EMPTY.word(worker.epoch()));
                journal.commit();
            }
            worker.vacate();
        }
        // The oldest first again, whatever slots they were in.
        tasks.load();
    }

    /**
     * Takes a task in, within the caller's transaction: it runs once that is committed. The place
     * of a result that the same transaction takes is free only afterwards.
     *
     * @return the number of the task, or {@link #FULL}
     * @throws IllegalArgumentException where the request is longer than the manifest's {@code
     *     request}
     */
    public long submit(final DirectBuffer request, final int index, final int length) {
        return tasks.submit(request, index, length, clock.nanoTime());
    }

    /** Returns whether a task would be taken in now. */
    public boolean hasRoom() {
        return tasks.hasRoom();
    }

    /** Returns how many tasks have no result yet. */
    public int unfinished() {
        return tasks.unfinished();
    }

    /**
     * Hands tasks to idle workers, kills and replaces workers, and gives results to a handler, each
     * in a transaction of its own.
     *
     * @param limit of results; 0 while the daemon can take none
     * @return how much was done
     */
    public int poll(final ResultHandler handler, final int limit) {
        final long now = clock.nanoTime();
        int work = 0;
        int results = 0;
        int present = 0;
        int idle = 0;
        for (final Worker worker : workers) {
            final int delivered = step(worker, handler, limit - results, now);
            results += delivered;
            work += delivered;
            if (worker.hasProcess()) {
                present++;
            }
            if (worker.state() == WorkerState.IDLE && worker.isServing()) {
                if (tasks.waiting() > 0) {
                    dispatch(worker, now);
                    work++;
                } else {
                    idle++;
                }
            }
        }
        if (results < limit) {
            work += expireOldest(handler, now);
        }
        final boolean more =
                present < plan.workersMin()
                        || tasks.waiting() > 0 && idle == 0 && present < workers.length;
        if (more && governor.mayStart(now)) {
            spawnOne(now);
            work++;
        }
        return work;
    }

    /** Kills all workers; what they run is run again by the next incarnation. */
    void close() {
        for (final Worker worker : workers) {
            if (worker.hasProcess()) {
                processes.kill(worker);
            }
        }
    }

    private int step(
            final Worker worker, final ResultHandler handler, final int limit, final long now) {
        if (worker.isDead()) {
            return limit > 0 ? bury(worker, handler) : 0;
        }
        final WorkerState state = worker.state();
        final boolean replied = state == WorkerState.COMMITTED || state == WorkerState.FAILED;
        // A worker makes the last store of its commit right after COMMITTED, and rings only then.
        if (replied && worker.isJournalIdle()) {
            if (limit == 0) {
                return 0;
            }
            deliverReply(
                    worker,
                    handler,
                    state,
                    worker.hasProcess() ? WorkerState.IDLE : WorkerState.EMPTY,
                    0);
            if (worker.word(PoolLayout.SLOT_TASKS_RUN) >= plan.reuse() && worker.hasProcess()) {
                worker.retire();
                processes.kill(worker);
            }
            return 1;
        }
        if (!worker.hasProcess() || worker.isKilledForDeadline()) {
            return 0;
        }
        final boolean working =
                replied || state == WorkerState.ASSIGNED || state == WorkerState.RUNNING;
        if (working && now - worker.word(PoolLayout.SLOT_DISPATCHED_NS) > plan.deadlineNs()
                || state == WorkerState.STARTING
                        && now - spawnedNs[worker.number()] > WORKER_START_NS) {
            worker.killedForDeadline();
            processes.kill(worker);
        }
        return 0;
    }

    private void dispatch(final Worker worker, final long now) {
        final int task = tasks.oldestWaiting();
        final long slot = pool + layout.slot(worker.number());
        journal.begin();
        tasks.run(worker.number());
        // Nobody reads these words before the state says ASSIGNED, so they need no journal.
        arena.putLong(slot + PoolLayout.SLOT_TASK, task);
        arena.putLong(slot + PoolLayout.SLOT_TASK_ID, tasks.word(task, PoolLayout.TASK_ID));
        arena.putLong(
                slot + PoolLayout.SLOT_ATTEMPT, tasks.word(task, PoolLayout.TASK_ATTEMPTS) + 1);
        arena.putLong(
                slot + PoolLayout.SLOT_INTERRUPTIONS,
                tasks.word(task, PoolLayout.TASK_INTERRUPTIONS));
        arena.putLong(slot + PoolLayout.SLOT_DISPATCHED_NS, now);
        journal.commit();
        worker.assign();
        bells.ring(plan.firstSlot() + worker.number());
    }

    /**
     * Draws the consequences of a certified death. The commit word is looked at once more: a result
     * may precede a death.
     */
    private int bury(final Worker worker, final ResultHandler handler) {
        final int status = worker.exitStatus();
        worker.recover();
        deaths.onWorkerDeath(
                OwnerWord.of(plan.firstSlot() + worker.number(), worker.processEpoch()),
                firstProcess + worker.number());
        final WorkerState state = worker.state();
        final boolean onPurpose =
                worker.isRetired() || board.wasKilledByRoot(worker.pid(), worker.startTime());
        int delivered = 0;
        if (state == WorkerState.COMMITTED || state == WorkerState.FAILED) {
            deliverReply(worker, handler, state, WorkerState.EMPTY, status);
            delivered = 1;
        } else if (state == WorkerState.RUNNING && !onPurpose) {
            delivered = countAttempt(worker, handler, status);
        } else {
            journal.begin();
            if (state == WorkerState.ASSIGNED || state == WorkerState.RUNNING) {
                requeueInterrupted(worker.task(), state);
            }
            journal.deferLong(worker.stateOffset(), WorkerState.EMPTY.word(worker.epoch()));
            countDeath(worker, status);
            journal.commit();
        }
        worker.vacate();
        if (state != WorkerState.STARTING) {
            governor.succeeded();
        } else if (!onPurpose) {
            governor.failed(
                    clock.nanoTime(),
                    "the last died before it was idle, with exit status " + status,
                    null);
        }
        return delivered;
    }

    private int countAttempt(final Worker worker, final ResultHandler handler, final int status) {
        final int task = worker.task();
        final long attempts = tasks.word(task, PoolLayout.TASK_ATTEMPTS) + 1;
        journal.begin();
        try {
            int delivered = 0;
            if (attempts < plan.attempts()) {
                tasks.requeue(
                        task,
                        attempts,
                        tasks.word(task, PoolLayout.TASK_INTERRUPTIONS),
                        clock.nanoTime());
            } else {
                result.set(
                        outcomeOf(worker, status),
                        tasks.word(task, PoolLayout.TASK_ID),
                        (int) attempts,
                        status);
                deliver(task, handler);
                delivered = 1;
            }
            journal.deferLong(worker.stateOffset(), WorkerState.EMPTY.word(worker.epoch()));
            countDeath(worker, status);
            journal.commit();
            return delivered;
        } finally {
            rollbackIfOpen();
        }
    }

    private void deliverReply(
            final Worker worker,
            final ResultHandler handler,
            final WorkerState state,
            final WorkerState next,
            final int status) {
        final int task = worker.task();
        final boolean committed = state == WorkerState.COMMITTED;
        final int attempts = (int) tasks.word(task, PoolLayout.TASK_ATTEMPTS) + 1;
        journal.begin();
        try {
            result.set(
                    committed ? Outcome.OK : Outcome.FAILED,
                    tasks.word(task, PoolLayout.TASK_ID),
                    attempts,
                    status);
            result.reply(
                    worker.replyAddress(),
                    (int) worker.word(PoolLayout.SLOT_REPLY_BYTES),
                    worker.detailAddress(),
                    (int) worker.word(PoolLayout.SLOT_DETAIL_BYTES));
            deliver(task, handler);
            journal.deferLong(worker.stateOffset(), next.word(worker.epoch()));
            if (next == WorkerState.EMPTY && worker.hasProcess()) {
                countDeath(worker, status);
            }
            journal.commit();
            governor.succeeded();
        } finally {
            rollbackIfOpen();
        }
    }

    private int expireOldest(final ResultHandler handler, final long now) {
        final int task = tasks.oldestWaiting();
        if (task < 0
                || now - tasks.word(task, PoolLayout.TASK_QUEUED_NS) <= plan.queueDeadlineNs()) {
            return 0;
        }
        journal.begin();
        try {
            result.set(
                    Outcome.EXPIRED,
                    tasks.word(task, PoolLayout.TASK_ID),
                    (int) tasks.word(task, PoolLayout.TASK_ATTEMPTS),
                    0);
            deliver(task, handler);
            journal.commit();
            return 1;
        } finally {
            rollbackIfOpen();
        }
    }

    private void deliver(final int task, final ResultHandler handler) {
        result.request(
                arena.address() + pool + layout.request(task),
                (int) tasks.word(task, PoolLayout.TASK_REQUEST_BYTES));
        tasks.finish(task);
        handler.onResult(result);
    }

    private void requeueInterrupted(final int task, final WorkerState state) {
        final long interruptions = tasks.word(task, PoolLayout.TASK_INTERRUPTIONS);
        // An assignment whose user code never began cost the task nothing, not even a mention.
        final boolean begun = state == WorkerState.RUNNING;
        tasks.requeue(
                task,
                tasks.word(task, PoolLayout.TASK_ATTEMPTS),
                begun ? interruptions + 1 : interruptions,
                clock.nanoTime());
        if (begun) {
            tasks.count(PoolCount.INTERRUPTED);
        }
    }

    private void countDeath(final Worker worker, final int status) {
        // A worker that this pool retired did not die, nor one that ended by itself after an error
        // that it reported: its slot may say IDLE or even ASSIGNED by now.
        final WorkerState state = worker.state();
        if (worker.isRetired()
                || status == ExitCodes.FINISHED
                        && state != WorkerState.STARTING
                        && state != WorkerState.RUNNING) {
            return;
        }
        tasks.count(PoolCount.DIED);
        if (worker.isKilledForDeadline()) {
            tasks.count(PoolCount.TIMED_OUT);
        } else if (status == ExitCodes.OUT_OF_MEMORY) {
            tasks.count(PoolCount.OUT_OF_MEMORY);
        }
    }

    private static Outcome outcomeOf(final Worker worker, final int status) {
        if (worker.isKilledForDeadline()) {
            return Outcome.TIMED_OUT;
        }
        return status == ExitCodes.OUT_OF_MEMORY ? Outcome.OUT_OF_MEMORY : Outcome.CRASHED;
    }

    private void spawnOne(final long now) {
        for (final Worker worker : workers) {
            if (!worker.hasProcess() && worker.state() == WorkerState.EMPTY) {
                try {
                    processes.spawn(worker);
                    spawnedNs[worker.number()] = now;
                    journal.begin();
                    tasks.count(PoolCount.SPAWNED);
                    journal.commit();
                } catch (final IOException refused) {
                    governor.failed(now, refused.getMessage(), refused);
                }
                return;
            }
        }
    }

    private void rollbackIfOpen() {
        if (journal.isActive()) {
            journal.rollback();
        }
    }

    private void writeGeometry() {
        arena.putLong(pool + PoolLayout.WORKERS, plan.workersMax());
        arena.putLong(pool + PoolLayout.REQUEST_BYTES, plan.requestBytes());
        arena.putLong(pool + PoolLayout.REPLY_BYTES, plan.replyBytes());
        arena.putLong(pool + PoolLayout.JOURNAL_BYTES, plan.journalBytes());
        arena.putLong(pool + PoolLayout.ATTEMPTS, plan.attempts());
        arena.putLongRelease(pool + PoolLayout.QUEUE_CAPACITY, plan.queueCapacity());
    }
}
