package io.coppice.bench;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.Outcome;
import io.coppice.daemon.TaskResult;
import io.coppice.daemon.TransactionPool;
import io.coppice.pool.Journal;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Measures the round trip of its own transactions, one at a time: from before the request is
 * submitted until the result is taken and that is committed.
 *
 * <p>Setting: {@code batches}, the folder of a {@link BatchFolder}.
 */
public final class RoundTripDaemon implements Daemon {
    /** What the pool is called. */
    static final String POOL = "echo";

    private final UnsafeBuffer request = new UnsafeBuffer(new byte[RoundTrips.MESSAGE_BYTES]);
    private BatchFolder batches;
    private Journal journal;
    private TransactionPool pool;
    private long[] timesNs;
    private int batch;
    private int done;
    private boolean isUnderWay;
    private boolean isAnswered;
    private long startNs;

    /** Made by the runtime. */
    public RoundTripDaemon() {}

    @Override
    public void open(final DaemonContext context) {
        batches = new BatchFolder(Path.of(context.setting("batches")));
        journal = context.journal();
        pool = context.pool(POOL);
    }

    @Override
    public int doWork() throws IOException {
        if (timesNs == null) {
            begin();
        } else if (!isUnderWay) {
            submit();
        }
        final int work = pool.poll(this::onResult, 1);
        if (isAnswered) {
            timesNs[done++] = System.nanoTime() - startNs;
            isAnswered = false;
            isUnderWay = false;
            if (done == timesNs.length) {
                batches.answer(batch++, timesNs);
                timesNs = null;
            }
        }
        return timesNs != null && !isUnderWay ? work + 1 : work;
    }

    private void begin() throws IOException {
        final int rounds = batches.asked(batch);
        if (rounds > 0) {
            timesNs = new long[rounds];
            done = 0;
        }
    }

    private void submit() {
        startNs = System.nanoTime();
        journal.begin();
        request.putLong(0, startNs);
        pool.submit(request, 0, request.capacity());
        journal.commit();
        isUnderWay = true;
    }

    private void onResult(final TaskResult result) {
        if (result.outcome() != Outcome.OK
                || result.reply().capacity() != request.capacity()
                || result.reply().getLong(0) != startNs) {
            throw new IllegalStateException("the echo of a request is another one");
        }
        isAnswered = true;
    }
}
