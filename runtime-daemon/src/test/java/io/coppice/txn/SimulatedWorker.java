package io.coppice.txn;

import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;

/**
 * What a worker's process does in its arena, done by the thread of a test instead: the same slot,
 * the same context, the same treatment of what the transaction throws.
 */
public final class SimulatedWorker {
    private final WorkerSlot slot;
    private final TransactionContext context;
    private final Transaction transaction;

    /** Attaches to a slot and stores nothing. */
    public SimulatedWorker(
            final DaemonPlan daemon,
            final PoolPlan pool,
            final Memory arena,
            final int worker,
            final long epoch,
            final Transaction transaction) {
        this.slot = new WorkerSlot(arena, ArenaPlan.pool(daemon, pool.name()), pool, worker, epoch);
        this.context =
                new TransactionContext(
                        daemon,
                        arena,
                        new TransactionStructures(
                                daemon.name(),
                                arena,
                                slot.journal(),
                                ArenaPlan.process(daemon, pool.name(), worker),
                                OwnerWord.of(pool.firstSlot() + worker, epoch)),
                        slot.replyOffset(),
                        pool.replyBytes());
        this.transaction = transaction;
    }

    /** Says that it is idle, where the daemon has put this process into the slot. */
    public void begin(final long pid) {
        if (slot.isMine(pid)) {
            slot.idle();
        }
    }

    /** Runs what is assigned, if anything is; returns false where the process ends afterwards. */
    public boolean step() {
        return !slot.isAssigned() || TransactionMain.run(transaction, context, slot);
    }

    /** Runs what is assigned, if anything is, as far as to its commit, and stops there. */
    public void stepHalf() throws Exception {
        if (slot.isAssigned()) {
            slot.running(context);
            transaction.run(context);
        }
    }

    /** Commits what {@link #stepHalf} has begun. */
    public void commitHalf() {
        slot.commit(context.replyLength());
    }
}
