package io.coppice.pool.task;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.plan.PoolPlan;

/**
 * A pool in its daemon's arena; all offsets are from the start of the pool.
 *
 * <pre>
 *      0  geometry and counts     256 bytes
 *    256  tasks[queueCapacity]    64 bytes each
 *         slots[workersMax]       each: control 256, detail 1024, reply, journal
 *         requests[queueCapacity]
 * </pre>
 *
 * <pre>
 *  task:   0  state          FREE, QUEUED or RUNNING
 *          8  taskId         counts from 1, never given out twice
 *         16  attempts       that counted against the task
 *         24  interruptions  that did not: its daemon died, or root killed the worker on purpose
 *         32  queuedNs       System.nanoTime() of the submission
 *         40  requestBytes
 *         48  worker         slot that runs it, while it is RUNNING
 *
 *  slot:   0  state          {epoch, WorkerState}
 *          8  pid            of the worker
 *         16  startTime      of the worker, as the kernel names it
 *         24  task           index of the task in hand
 *         32  taskId         of the task in hand
 *         40  attempt        of that task, from 1
 *         48  interruptions  of that task
 *         56  dispatchedNs   System.nanoTime() of the hand-over
 *         64  replyBytes     written by the worker before COMMITTED or FAILED
 *         72  detailBytes    the same
 *         80  tasksRun       by this worker
 * </pre>
 *
 * The word {@code state} of a slot says whose turn it is; only that side writes the slot. It is
 * stored last (release) and loaded first (acquire), and every turn names the epoch of the worker,
 * so a worker that is gone has no turn. A store that gives the turn away is never made again by a
 * recovery once the other side may have gone on; {@link WorkerState} says how.
 *
 * <p>Tasks, counts and {@code nextTaskId} change under the daemon's journal alone. A task is
 * RUNNING from the commit that takes it out of the queue, one store before its slot is ASSIGNED,
 * until the transaction that takes its result or lets it wait again.
 */
public final class PoolLayout {
    /** A task's place is free. */
    public static final long TASK_FREE = 0;

    /** A task waits for a worker. */
    public static final long TASK_QUEUED = 1;

    /** A task is in the hands of a worker. */
    public static final long TASK_RUNNING = 2;

    public static final int WORKERS = 0;
    public static final int QUEUE_CAPACITY = 8;
    public static final int REQUEST_BYTES = 16;
    public static final int REPLY_BYTES = 24;
    public static final int JOURNAL_BYTES = 32;
    public static final int ATTEMPTS = 40;

    /** The last number given out; the next task gets one more. */
    public static final int NEXT_TASK_ID = 64;

    public static final int COUNTS = 72;

    public static final int TASK_STATE = 0;
    public static final int TASK_ID = 8;
    public static final int TASK_ATTEMPTS = 16;
    public static final int TASK_INTERRUPTIONS = 24;
    public static final int TASK_QUEUED_NS = 32;
    public static final int TASK_REQUEST_BYTES = 40;
    public static final int TASK_WORKER = 48;

    public static final int SLOT_STATE = 0;
    public static final int SLOT_PID = 8;
    public static final int SLOT_START_TIME = 16;
    public static final int SLOT_TASK = 24;
    public static final int SLOT_TASK_ID = 32;
    public static final int SLOT_ATTEMPT = 40;
    public static final int SLOT_INTERRUPTIONS = 48;
    public static final int SLOT_DISPATCHED_NS = 56;
    public static final int SLOT_REPLY_BYTES = 64;
    public static final int SLOT_DETAIL_BYTES = 72;
    public static final int SLOT_TASKS_RUN = 80;

    /** Size of the words of a slot. */
    public static final int SLOT_WORDS_BYTES = 88;

    /** Room for what a failed transaction says, in bytes of UTF-8. */
    public static final int DETAIL_BYTES_MAX = 1024;

    static final int HEAD_BYTES = 256;
    static final int TASK_BYTES = 64;
    static final int SLOT_CONTROL_BYTES = 256;

    private final int workers;
    private final int queueCapacity;
    private final int requestStride;
    private final long replyBytes;
    private final long journalBytes;

    private PoolLayout(final PoolPlan pool) {
        this.workers = pool.workersMax();
        this.queueCapacity = pool.queueCapacity();
        this.requestStride = (int) ArenaLayout.align(pool.requestBytes());
        this.replyBytes = ArenaLayout.align(pool.replyBytes());
        this.journalBytes = ArenaLayout.align(pool.journalBytes());
    }

    /** Returns the layout of a pool. */
    public static PoolLayout of(final PoolPlan pool) {
        return new PoolLayout(pool);
    }

    /** Returns what the whole pool takes. */
    public long bytes() {
        return request(queueCapacity);
    }

    /** Returns where a task's control words begin. */
    public long task(final int index) {
        return HEAD_BYTES + (long) index * TASK_BYTES;
    }

    /** Returns where a worker's slot begins. */
    public long slot(final int worker) {
        return task(queueCapacity)
                + worker * (SLOT_CONTROL_BYTES + DETAIL_BYTES_MAX + replyBytes + journalBytes);
    }

    /** Returns where the detail text of a slot begins. */
    public long detail(final int worker) {
        return slot(worker) + SLOT_CONTROL_BYTES;
    }

    /** Returns where the reply of a slot begins. */
    public long reply(final int worker) {
        return detail(worker) + DETAIL_BYTES_MAX;
    }

    /** Returns where the journal of a slot begins. */
    public long journal(final int worker) {
        return reply(worker) + replyBytes;
    }

    /** Returns where the request of a task begins. */
    public long request(final int index) {
        return slot(workers) + (long) index * requestStride;
    }
}
