package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.DaemonStructures;
import io.coppice.daemon.Outcome;
import io.coppice.daemon.TaskResult;
import io.coppice.daemon.TransactionPool;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.pipe.Pipe;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Offers numbers to its workers through one pipe, polls what they say of them from another, and
 * says at the end how often each number arrived.
 */
public final class PipeDaemon implements Daemon {
    private static final int RESULTS_PER_CYCLE = 16;
    private static final int OFFERS_PER_COMMIT = 7;
    private static final int TASKS_MOST = 4;
    private static final int OFFERED = 0;
    private static final int RECEIVED = Long.BYTES;
    private static final int FAILED = 2 * Long.BYTES;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[PipeLayouts.MESSAGE_BYTES]);
    private DaemonContext context;
    private TransactionPool pool;
    private JournaledBuffer progress;
    private JournaledBuffer polled;
    private JournaledBuffer received;
    private Pipe jobs;
    private Pipe answers;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        pool = context.pool("work");
        final DaemonStructures structures = context.structures();
        final int words = (PipeLayouts.MESSAGES + 1) * Long.BYTES;
        progress = structures.region("progress", 3 * Long.BYTES);
        polled = structures.region(PipeLayouts.POLLED, words);
        received = structures.region("received", words);
        jobs = structures.pipe("jobs", PipeLayouts.MESSAGE_BYTES);
        answers = structures.pipe("answers", PipeLayouts.MESSAGE_BYTES);
    }

    @Override
    public int doWork() {
        int work = pool.poll(this::onResult, RESULTS_PER_CYCLE) + offer() + receive();
        final boolean done = progress.getLong(RECEIVED) >= PipeLayouts.MESSAGES;
        while (!done && pool.unfinished() < TASKS_MOST && pool.hasRoom()) {
            context.journal().begin();
            pool.submit(message, 0, Long.BYTES);
            context.journal().commit();
            work++;
        }
        if (done && pool.unfinished() == 0) {
            context.summary(summary());
            context.finish();
        }
        return work;
    }

    private int offer() {
        if (progress.getLong(OFFERED) == PipeLayouts.MESSAGES || !jobs.hasSpace()) {
            return 0;
        }
        context.journal().begin();
        for (int i = 0; i < OFFERS_PER_COMMIT; i++) {
            final long number = progress.getLong(OFFERED) + 1;
            message.putLong(0, number);
            if (number > PipeLayouts.MESSAGES || !jobs.tryOffer(message, 0, Long.BYTES)) {
                break;
            }
            progress.putLong(OFFERED, number);
        }
        context.journal().commit();
        return 1;
    }

    private int receive() {
        if (!answers.hasMessage()) {
            return 0;
        }
        context.journal().begin();
        while (answers.tryPoll(message, 0) != Pipe.EMPTY) {
            final int at = (int) message.getLong(0) * Long.BYTES;
            received.putLong(at, received.getLong(at) + 1);
            progress.putLong(RECEIVED, progress.getLong(RECEIVED) + 1);
        }
        context.journal().commit();
        return 1;
    }

    private void onResult(final TaskResult result) {
        if (result.outcome() == Outcome.FAILED) {
            progress.putLong(FAILED, progress.getLong(FAILED) + 1);
        } else if (result.outcome() != Outcome.OK) {
            throw new IllegalStateException(
                    result.outcome()
                            + " "
                            + result.detail()
                                    .getStringWithoutLengthUtf8(0, result.detail().capacity()));
        }
    }

    private String summary() {
        int once = 0;
        for (int number = 1; number <= PipeLayouts.MESSAGES; number++) {
            final int at = number * Long.BYTES;
            once += polled.getLong(at) == 1 && received.getLong(at) == 1 ? 1 : 0;
        }
        return String.format(
                "offered %d, received %d, each once %d, jobs left %s, transactions failed %s%n",
                progress.getLong(OFFERED),
                progress.getLong(RECEIVED),
                once,
                jobs.hasMessage(),
                progress.getLong(FAILED) > 0);
    }
}
