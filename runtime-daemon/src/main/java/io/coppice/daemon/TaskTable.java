package io.coppice.daemon;

import io.coppice.pool.Journal;
import io.coppice.pool.JournalListener;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolLayout;
import org.agrona.DirectBuffer;

/**
 * The tasks of a pool. What counts lies in the arena and changes only under the journal; which
 * places are free and which tasks wait, in which order, is kept beside it on the heap and made anew
 * from the arena after a restart or a rollback.
 *
 * <p>Requests are not journaled, so a request may only be overwritten while its place is free at
 * the last commit: a place that a transaction frees is given out again after that transaction only.
 */
final class TaskTable implements JournalListener {
    private final Memory arena;
    private final Journal journal;
    private final PoolPlan plan;
    private final PoolLayout layout;
    private final long pool;
    private final int[] free;
    private final int[] waiting;
    private int freeCount;

    /** Places behind the free ones that the transaction under way has freed. */
    private int freedCount;

    private int waitingHead;
    private int waitingCount;

    TaskTable(
            final Memory arena,
            final Journal journal,
            final PoolPlan plan,
            final PoolLayout layout,
            final long pool) {
        this.arena = arena;
        this.journal = journal;
        this.plan = plan;
        this.layout = layout;
        this.pool = pool;
        this.free = new int[plan.queueCapacity()];
        this.waiting = new int[plan.queueCapacity()];
        journal.addListener(this);
    }

    /** Makes the heap's side anew. */
    void load() {
        freeCount = 0;
        freedCount = 0;
        waitingHead = 0;
        waitingCount = 0;
        for (int index = plan.queueCapacity() - 1; index >= 0; index--) {
            final long state = word(index, PoolLayout.TASK_STATE);
            if (state == PoolLayout.TASK_FREE) {
                free[freeCount++] = index;
            } else if (state == PoolLayout.TASK_QUEUED) {
                insertByAge(index);
            }
        }
    }

    boolean hasRoom() {
        return freeCount > 0;
    }

    int unfinished() {
        return plan.queueCapacity() - freeCount - freedCount;
    }

    /**
     * Takes a task in, within the caller's transaction. Only the control words are journaled:
     * nobody reads a free request.
     */
    long submit(final DirectBuffer request, final int index, final int length, final long nowNs) {
        if (freeCount == 0) {
            return TransactionPool.FULL;
        }
        if (length < 0 || length > plan.requestBytes()) {
            throw new IllegalArgumentException(
                    "a request of "
                            + length
                            + " bytes: pool \""
                            + plan.name()
                            + "\" takes "
                            + plan.requestBytes()
                            + " (\"request\" in the manifest)");
        }
        final int place = free[freeCount - 1];
        final long taskId = arena.getLong(pool + PoolLayout.NEXT_TASK_ID) + 1;
        journal.putLong(pool + PoolLayout.NEXT_TASK_ID, taskId);
        count(PoolCount.SUBMITTED);
        arena.putBytes(pool + layout.request(place), request, index, length);
        put(place, PoolLayout.TASK_ID, taskId);
        put(place, PoolLayout.TASK_ATTEMPTS, 0);
        put(place, PoolLayout.TASK_INTERRUPTIONS, 0);
        put(place, PoolLayout.TASK_QUEUED_NS, nowNs);
        put(place, PoolLayout.TASK_REQUEST_BYTES, length);
        put(place, PoolLayout.TASK_STATE, PoolLayout.TASK_QUEUED);
        freeCount--;
        // The places freed behind the one that is taken move up.
        free[freeCount] = free[freeCount + freedCount];
        append(place);
        return taskId;
    }

    /** Returns the task that has waited longest, or -1. */
    int oldestWaiting() {
        return waitingCount == 0 ? -1 : waiting[waitingHead];
    }

    int waiting() {
        return waitingCount;
    }

    /** Puts the oldest waiting task into a worker's hands, within the caller's transaction. */
    void run(final int worker) {
        final int place = oldestWaiting();
        waitingHead = (waitingHead + 1) % waiting.length;
        waitingCount--;
        put(place, PoolLayout.TASK_STATE, PoolLayout.TASK_RUNNING);
        put(place, PoolLayout.TASK_WORKER, worker);
    }

    /** Lets a task wait again, before all others: it has waited longest. */
    void requeue(final int place, final long attempts, final long interruptions, final long nowNs) {
        put(place, PoolLayout.TASK_ATTEMPTS, attempts);
        put(place, PoolLayout.TASK_INTERRUPTIONS, interruptions);
        put(place, PoolLayout.TASK_QUEUED_NS, nowNs);
        put(place, PoolLayout.TASK_STATE, PoolLayout.TASK_QUEUED);
        waitingHead = (waitingHead + waiting.length - 1) % waiting.length;
        waiting[waitingHead] = place;
        waitingCount++;
    }

    /** Takes a task out, within the caller's transaction. */
    void finish(final int place) {
        if (place == oldestWaiting()) {
            waitingHead = (waitingHead + 1) % waiting.length;
            waitingCount--;
        }
        put(place, PoolLayout.TASK_STATE, PoolLayout.TASK_FREE);
        count(PoolCount.FINISHED);
        free[freeCount + freedCount++] = place;
    }

    /** Returns the task that is in a worker's hands, or -1. */
    int runningIn(final int worker) {
        for (int place = 0; place < plan.queueCapacity(); place++) {
            if (word(place, PoolLayout.TASK_STATE) == PoolLayout.TASK_RUNNING
                    && word(place, PoolLayout.TASK_WORKER) == worker) {
                return place;
            }
        }
        return -1;
    }

    long word(final int place, final int offset) {
        return arena.getLong(pool + layout.task(place) + offset);
    }

    /** Counts, within the caller's transaction. */
    void count(final PoolCount count) {
        journal.putLong(pool + count.offset(), arena.getLong(pool + count.offset()) + 1);
    }

    @Override
    public void onCommit() {
        freeCount += freedCount;
        freedCount = 0;
    }

    @Override
    public void onRollback() {
        load();
    }

    /**
     * Which places were free before the transaction is not known any more, and one that it freed
     * must not be written before its end: none is given out until then.
     */
    @Override
    public void onRollbackToSavepoint() {
        load();
        freedCount = freeCount;
        freeCount = 0;
    }

    private void put(final int place, final int offset, final long value) {
        journal.putLong(pool + layout.task(place) + offset, value);
    }

    private void append(final int place) {
        waiting[(waitingHead + waitingCount) % waiting.length] = place;
        waitingCount++;
    }

    private void insertByAge(final int place) {
        int at = waitingCount++;
        while (at > 0
                && word(waiting[at - 1], PoolLayout.TASK_ID) > word(place, PoolLayout.TASK_ID)) {
            waiting[at] = waiting[at - 1];
            at--;
        }
        waiting[at] = place;
    }
}
