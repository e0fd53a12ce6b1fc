package io.coppice.txn;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import java.nio.charset.StandardCharsets;

/**
 * The worker's side of its slot. {@link PoolLayout} and {@link WorkerState} tell whose turn it is
 * when.
 *
 * <p>Ordering.
 *
 * <ul>
 *   <li>STARTING is loaded (acquire) before the pid, which the daemon stored before it, so a worker
 *       that finds both its own is enrolled, and its daemon's successor knows of it.
 *   <li>ASSIGNED is loaded (acquire) before anything the daemon put into the slot and the request.
 *   <li>RUNNING is stored (release) after these are read and before user code and its journal
 *       begin: a death before it cost the task nothing, a death after it is an attempt.
 *   <li>COMMITTED is a deferred store of the worker's journal, the only one, so the daemon sees it
 *       only once everything that the transaction stored stands. A death before the journal says
 *       COMMITTED leaves RUNNING and entries that the daemon rolls back; a death after it leaves a
 *       journal from which the daemon stores the slot's COMMITTED itself, as often as it likes,
 *       since it takes no result before that journal is IDLE.
 *   <li>FAILED is stored (release) after the rollback and the text. A death between the two leaves
 *       RUNNING, and counts as one.
 * </ul>
 */
final class WorkerSlot {
    private final Memory arena;
    private final Journal journal;
    private final PoolLayout layout;
    private final long pool;
    private final long slot;
    private final int worker;
    private final long epoch;

    WorkerSlot(
            final Memory arena,
            final Structure place,
            final PoolPlan plan,
            final int worker,
            final long epoch) {
        this.arena = arena;
        this.layout = PoolLayout.of(plan);
        this.pool = place.offset();
        this.slot = pool + layout.slot(worker);
        this.worker = worker;
        this.epoch = epoch;
        this.journal =
                new Journal(
                        arena,
                        pool + layout.journal(worker),
                        plan.journalBytes(),
                        plan.firstSlot() + worker);
    }

    /** Returns whether the daemon has put this very process into the slot. */
    boolean isMine(final long pid) {
        return arena.getLongAcquire(slot + PoolLayout.SLOT_STATE)
                        == WorkerState.STARTING.word(epoch)
                && arena.getLong(slot + PoolLayout.SLOT_PID) == pid;
    }

    Journal journal() {
        return journal;
    }

    long replyOffset() {
        return pool + layout.reply(worker);
    }

    void idle() {
        arena.putLongRelease(slot + PoolLayout.SLOT_STATE, WorkerState.IDLE.word(epoch));
    }

    boolean isAssigned() {
        return arena.getLongAcquire(slot + PoolLayout.SLOT_STATE)
                == WorkerState.ASSIGNED.word(epoch);
    }

    /** Says that user code is about to run; a death from here on is an attempt. */
    void running(final TransactionContext context) {
        final int task = (int) arena.getLong(slot + PoolLayout.SLOT_TASK);
        context.begin(
                pool + layout.request(task),
                (int) arena.getLong(pool + layout.task(task) + PoolLayout.TASK_REQUEST_BYTES),
                arena.getLong(slot + PoolLayout.SLOT_TASK_ID),
                (int) arena.getLong(slot + PoolLayout.SLOT_ATTEMPT));
        arena.putLongRelease(slot + PoolLayout.SLOT_STATE, WorkerState.RUNNING.word(epoch));
        journal.begin();
    }

    void commit(final int replyLength) {
        arena.putLong(slot + PoolLayout.SLOT_REPLY_BYTES, replyLength);
        arena.putLong(slot + PoolLayout.SLOT_DETAIL_BYTES, 0);
        arena.putLong(
                slot + PoolLayout.SLOT_TASKS_RUN,
                arena.getLong(slot + PoolLayout.SLOT_TASKS_RUN) + 1);
        journal.deferLong(slot + PoolLayout.SLOT_STATE, WorkerState.COMMITTED.word(epoch));
        journal.commit();
    }

    void fail(final String detail) {
        journal.rollback();
        final byte[] text = detail.getBytes(StandardCharsets.UTF_8);
        final int length = Math.min(text.length, PoolLayout.DETAIL_BYTES_MAX);
        arena.putBytes(pool + layout.detail(worker), text, 0, length);
        arena.putLong(slot + PoolLayout.SLOT_REPLY_BYTES, 0);
        arena.putLong(slot + PoolLayout.SLOT_DETAIL_BYTES, length);
        arena.putLong(
                slot + PoolLayout.SLOT_TASKS_RUN,
                arena.getLong(slot + PoolLayout.SLOT_TASKS_RUN) + 1);
        arena.putLongRelease(slot + PoolLayout.SLOT_STATE, WorkerState.FAILED.word(epoch));
    }
}
