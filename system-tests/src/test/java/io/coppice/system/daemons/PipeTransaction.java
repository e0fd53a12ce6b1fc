package io.coppice.system.daemons;

import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.pipe.Pipe;
import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;
import io.coppice.txn.TransactionFailedException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Polls a few numbers from one pipe, counts each and offers it to the other; fails in between. */
public final class PipeTransaction implements Transaction {
    private static final long MESSAGE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long ROOM_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int FAILS_EVERY = 7;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[PipeLayouts.MESSAGE_BYTES]);
    private JournaledBuffer polled;
    private Pipe jobs;
    private Pipe answers;

    @Override
    public void open(final TransactionContext context) {
        polled = context.structures().region(PipeLayouts.POLLED);
        jobs = context.structures().pipe("jobs");
        answers = context.structures().pipe("answers");
    }

    @Override
    public void run(final TransactionContext context) throws TransactionFailedException {
        for (int i = 0; i < PipeLayouts.MESSAGES_PER_TASK; i++) {
            if (jobs.poll(message, 0, MESSAGE_NS) == Pipe.EMPTY) {
                break;
            }
            final int at = (int) message.getLong(0) * Long.BYTES;
            polled.putLong(at, polled.getLong(at) + 1);
            if (!answers.offer(message, 0, Long.BYTES, ROOM_NS)) {
                throw new TransactionFailedException("the pipe was full for too long", null);
            }
        }
        if (context.taskId() % FAILS_EVERY == 0) {
            throw new TransactionFailedException("what it polled comes back", null);
        }
    }
}
