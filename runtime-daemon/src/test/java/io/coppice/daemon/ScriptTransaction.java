package io.coppice.daemon;

import io.coppice.pool.JournaledBuffer;
import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;
import io.coppice.txn.TransactionFailedException;

/**
 * A task that counts its own runs in the arena. The request names the task and what becomes of it.
 */
final class ScriptTransaction implements Transaction {
    static final String REGION = "work";
    static final int NUMBER = 0;
    static final int KIND = 4;
    static final int REQUEST_BYTES = 8;

    /** What becomes of a task. */
    enum Kind {
        COMMITS,
        THROWS,
        DIES_ONCE,
        DIES
    }

    /** Returns whether the process is to die of the task before its commit. */
    static boolean isDeadly(final int kind, final long attempt) {
        return kind == Kind.DIES.ordinal() || kind == Kind.DIES_ONCE.ordinal() && attempt == 1;
    }

    private JournaledBuffer work;

    @Override
    public void run(final TransactionContext context) throws Exception {
        if (work == null) {
            work = context.structures().region(REGION);
        }
        final int number = context.request().getInt(NUMBER);
        final Kind kind = Kind.values()[context.request().getInt(KIND)];
        final int place = number * Long.BYTES;
        work.putLong(place, work.getLong(place) + 1);
        context.reply().putInt(0, number);
        context.reply().putInt(4, context.attempt());
        context.replyLength(8);
        if (kind == Kind.THROWS) {
            throw new TransactionFailedException("no", null);
        }
    }
}
