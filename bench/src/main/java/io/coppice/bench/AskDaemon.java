package io.coppice.bench;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.ring.request.ReplyHandler;
import io.coppice.ring.request.RequestSettings;
import io.coppice.ring.request.Requester;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client of {@link AnswerDaemon}, in a process of its own: asks again half a millisecond after
 * each answer, and writes down when it had each.
 *
 * <p>Setting: {@code times}, a file of {@link AnswerTimes}.
 */
public final class AskDaemon implements Daemon, ReplyHandler {
    /** What the manifest calls it. */
    static final String DAEMON = "asking";

    /** What the manifest calls the other. */
    static final String SERVICE = "answering";

    /** Of both ends. */
    static final RequestSettings SETTINGS = RequestSettings.of(8, 4096);

    private static final long PACE_NS = TimeUnit.MICROSECONDS.toNanos(500);

    /** An answer that takes longer ends the client, and with it the bench. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final UnsafeBuffer request = new UnsafeBuffer(new byte[Long.BYTES]);
    private DaemonContext context;
    private Requester requester;
    private Memory times;
    private long asked;

    /** Made by the runtime. */
    public AskDaemon() {}

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        requester = context.requester(SERVICE, AnswerDaemon.NAME, SETTINGS);
        times = MappedFile.writable(Path.of(context.setting("times")));
    }

    @Override
    public int doWork() {
        final int work = requester.poll(this, 1);
        if (requester.pending() > 0) {
            return work;
        }
        LockSupport.parkNanos(PACE_NS);
        context.journal().begin();
        request.putLong(0, ++asked);
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        if (requester.tryAsk(1, request, 0, Long.BYTES, deadlineNs) < 0) {
            throw new IllegalStateException("one request at a time, and no space for it");
        }
        context.journal().commit();
        return work;
    }

    @Override
    public void onReply(
            final long id,
            final int type,
            final DirectBuffer buffer,
            final int index,
            final int length) {
        if (buffer.getLong(index) != asked) {
            throw new IllegalStateException(asked + " has reply " + buffer.getLong(index));
        }
        AnswerTimes.add(times, System.nanoTime());
    }

    @Override
    public void onExpired(final long id) {
        throw new IllegalStateException("no answer in 30 s");
    }

    @Override
    public void onCancelled(final long id) {
        // Of an earlier incarnation of this one; the bench ends when there is one.
        asked = 0;
    }
}
