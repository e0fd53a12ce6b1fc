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
    private WorkerProcess process;
    private long processEpoch;
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
        this.journal =
                new Journal(
                        arena,
                        pool + layout.journal(number),
                        plan.journalBytes(),
                        plan.firstSlot() + number);
    }

    int number() {
        return number;
    }

    /** Returns the pid, from memory that workers can write only where no process is known here. */
    long pid() {
        return process == null ? word(PoolLayout.SLOT_PID) : process.pid();
    }

    long startTime() {
        return word(PoolLayout.SLOT_START_TIME);
    }

    long epoch() {
        return WorkerState.epoch(arena.getLongAcquire(slot + PoolLayout.SLOT_STATE));
    }

    /** Returns the epoch of the process, from memory that no worker can write. */
    long processEpoch() {
        return processEpoch;
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

    /**
     * Returns whether the worker has made the last store of its commit or rollback. The store of
     * COMMITTED comes before that one, and whoever recovers the journal makes it again; so nobody
     * may take the result, and begin the next turn, earlier.
     */
    boolean isJournalIdle() {
        return journal.isIdle();
    }

    /**
     * Puts a process into the slot. The state comes last: before it the worker writes nothing. The
     * pid comes after the start time, so that a successor of this daemon that finds the one finds
     * the other.
     */
    void enrol(final WorkerProcess started, final long startTime, final long epoch) {
        process = started;
        processEpoch = epoch;
        killedForDeadline = false;
        retired = false;
        arena.putLong(slot + PoolLayout.SLOT_START_TIME, startTime);
        arena.putLongRelease(slot + PoolLayout.SLOT_PID, started.pid());
        arena.putLong(slot + PoolLayout.SLOT_TASKS_RUN, 0);
        arena.putLongRelease(slot + PoolLayout.SLOT_STATE, WorkerState.STARTING.word(epoch));
    }

    /** Gives the turn to the worker: it may look at everything stored before. */
    void assign() {
        arena.putLongRelease(slot + PoolLayout.SLOT_STATE, WorkerState.ASSIGNED.word(epoch()));
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
        return process.exitStatus();
    }

    /** Returns whether it lives and will go on living as far as this daemon has a say. */
    boolean isServing() {
        return process != null && !retired && !killedForDeadline && process.isAlive();
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
