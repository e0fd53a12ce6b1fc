package io.coppice.system.daemons;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.TaskResult;
import io.coppice.daemon.TransactionPool;
import io.coppice.pool.JournaledBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Submits the commands of its setting {@code tasks}, separated by commas, to its pool {@code work},
 * and finishes when all have a result. Where it is, and a line for each result, is state; the lines
 * are its summary. The region {@code marks} is for the transactions to write into.
 */
public final class PoolDaemon implements Daemon {
    /** Size of the region that transactions write into. */
    public static final int MARKS = 64;

    private static final int REGION_BYTES = 32 * 1024;
    private static final int SUBMITTED = 0;
    private static final int LENGTH = Long.BYTES;
    private static final int TEXT = 2 * Long.BYTES;
    private static final int RESULTS_PER_CYCLE = 16;

    private DaemonContext context;
    private TransactionPool pool;
    private String[] tasks;
    private JournaledBuffer state;
    private JournaledBuffer marks;
    private boolean wasFull;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        pool = context.pool("work");
        tasks = context.setting("tasks").split(",", -1);
        state = context.structures().region("state", REGION_BYTES);
        marks = context.structures().region("marks", MARKS * Long.BYTES);
    }

    @Override
    public int doWork() {
        int work = 0;
        while (state.getLong(SUBMITTED) < tasks.length && submitNext()) {
            work++;
        }
        work += pool.poll(this::onResult, RESULTS_PER_CYCLE);
        if (state.getLong(SUBMITTED) == tasks.length && pool.unfinished() == 0) {
            context.summary(summary());
            context.finish();
        }
        return work;
    }

    private boolean submitNext() {
        final long next = state.getLong(SUBMITTED);
        final DirectBuffer request = new UnsafeBuffer(tasks[(int) next].getBytes(UTF_8));
        context.journal().begin();
        if (pool.submit(request, 0, request.capacity()) == TransactionPool.FULL) {
            context.journal().rollback();
            wasFull = true;
            return false;
        }
        state.putLong(SUBMITTED, next + 1);
        context.journal().commit();
        return true;
    }

    private void onResult(final TaskResult result) {
        final DirectBuffer words = result.reply().capacity() > 0 ? result.reply() : result.detail();
        final String line =
                text(result.request())
                        + " -> "
                        + result.outcome()
                        + " attempts "
                        + result.attempts()
                        + " exit "
                        + result.exitStatus()
                        + " "
                        + text(words)
                        + "\n";
        final byte[] bytes = line.getBytes(UTF_8);
        final int length = (int) state.getLong(LENGTH);
        state.putBytes(TEXT + length, bytes);
        state.putLong(LENGTH, length + bytes.length);
    }

    private String summary() {
        final StringBuilder text = new StringBuilder();
        text.append(state.getStringWithoutLengthUtf8(TEXT, (int) state.getLong(LENGTH)));
        for (int i = 0; i < MARKS; i++) {
            if (marks.getLong(i * Long.BYTES) != 0) {
                text.append("mark ").append(i).append(" stands\n");
            }
        }
        return text.append(wasFull ? "the queue was full\n" : "the queue had room\n").toString();
    }

    private static String text(final DirectBuffer buffer) {
        return buffer.getStringWithoutLengthUtf8(0, buffer.capacity());
    }
}
