package io.coppice.bench;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.request.Replier;
import org.agrona.DirectBuffer;

/** The service of a tree whose root is killed: counts requests, and answers each with its count. */
public final class AnswerDaemon implements Daemon {
    /** What both ends call it. */
    static final String NAME = "counted";

    private static final int AT_ONCE = 16;

    private Replier replier;
    private JournaledBuffer state;

    /** Made by the runtime. */
    public AnswerDaemon() {}

    @Override
    public void open(final DaemonContext context) {
        replier = context.replier(NAME, AskDaemon.SETTINGS, AskDaemon.DAEMON);
        state = context.structures().region("count", Long.BYTES);
    }

    @Override
    public int doWork() {
        return replier.poll(this::onRequest, AT_ONCE);
    }

    private void onRequest(
            final long ticket,
            final int type,
            final DirectBuffer buffer,
            final int index,
            final int length) {
        state.putLong(0, state.getLong(0) + 1);
        if (replier.tryReply(ticket, type, buffer, index, length) == Replier.NO_SPACE) {
            throw new IllegalStateException("one request at a time, and no space for its reply");
        }
    }
}
