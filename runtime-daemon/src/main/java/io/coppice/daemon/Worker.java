package io.coppice.daemon;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;

/** A worker's slot as its daemon sees it, and the process in it. */
final class Worker {
    private final Memory arena;
    private final PoolLayout layout;
    private final long pool;
    private final long slot;
    private final int number;
    private final Journal journal;
    private Process process;
    private boolean killedForDeadline;
    private boolean retired;

    Worker(
            final Memory arena,
            final PoolPlan plan,
            final PoolLayout layout,
            final long pool,
            final int number) {
        this.arena = arena;
        this.layout = layout;
        this.pool = pool;
        this.number = number;
        this.slot = pool + layout.slot(number);
        this.journal = new Journal(arena, pool + layout.journal(number), plan.journalBytes());
    }

    int number() {
        return number;
    }

    long pid() {
        return word(PoolLayout.SLOT_PID);
    }

    long startTime() {
        return word(PoolLayout.SLOT_START_TIME);
    }

    long epoch() {
        return WorkerState.epoch(arena.getLongAcquire(slot + PoolLayout.SLOT_STATE));
    }

    WorkerState state() {
        return WorkerState.of(arena.getLongAcquire(slot + PoolLayout.SLOT_STATE));
    }

    long stateOffset() {
        return slot + PoolLayout.SLOT_STATE;
    }

    long word(final int offset) {
        return arena.getLong(slot + offset);
    }

    int task() {
        return (int) word(PoolLayout.SLOT_TASK);
    }

    long replyAddress() {
        return arena.address() + pool + layout.reply(number);
    }

    long detailAddress() {
        return arena.address() + pool + layout.detail(number);
    }

    /**
     * Brings the dead worker's changes back to its last commit, or finishes a commit that was cut.
     */
    void recover() {
        journal.recover();
    }

    /** Puts a process into the slot. The state comes last: before it the worker writes nothing. */
    void enrol(final Process started, final long startTime, final long epoch) {
        process = started;
        killedForDeadline = false;
        retired = false;
        arena.putLong(slot + PoolLayout.SLOT_PID, started.pid());
        arena.putLong(slot + PoolLayout.SLOT_START_TIME, startTime);
        arena.putLong(slot + PoolLayout.SLOT_TASKS_RUN, 0);
        arena.putLongRelease(slot + PoolLayout.SLOT_STATE, WorkerState.STARTING.word(epoch));
    }

    /** Says that nobody is in the slot any more. */
    void vacate() {
        process = null;
        arena.putLong(slot + PoolLayout.SLOT_PID, 0);
        arena.putLongRelease(slot + PoolLayout.SLOT_STATE, WorkerState.EMPTY.word(epoch()));
    }

    boolean hasProcess() {
        return process != null;
    }

    boolean isDead() {
        return process != null && !process.isAlive();
    }

    int exitStatus() {
        return process.exitValue();
    }

    boolean isKilledForDeadline() {
        return killedForDeadline;
    }

    void killedForDeadline() {
        killedForDeadline = true;
    }

    boolean isRetired() {
        return retired;
    }

    void retire() {
        retired = true;
    }
}
