package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.request.Replier;
import io.coppice.ring.request.RequestSettings;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers an {@link AskingDaemon} called {@code asking}: odd numbers at once, even ones in a later
 * transaction, of a later incarnation where this one is killed in between.
 */
public final class AnsweringDaemon implements Daemon {
    private static final int PER_CYCLE = 4;

    private DaemonContext context;
    private Line mortal;
    private Line durable;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        mortal = new Line(AskingDaemon.MORTAL);
        durable = new Line(AskingDaemon.DURABLE);
    }

    @Override
    public int doWork() {
        return mortal.work() + durable.work();
    }

    /** One line of requests, with the number of each that is open. */
    private final class Line {
        private final Replier replier;
        private final JournaledBuffer open;
        private final UnsafeBuffer reply = new UnsafeBuffer(new byte[Long.BYTES]);

        Line(final String name) {
            final RequestSettings settings =
                    RequestSettings.of(AskingDaemon.AT_ONCE, AskingDaemon.RING_BYTES);
            replier = context.replier(name, settings, "asking");
            open = context.structures().region(name, AskingDaemon.AT_ONCE * 2 * Long.BYTES);
        }

        int work() {
            int work = 0;
            for (int i = 0; i < AskingDaemon.AT_ONCE; i++) {
                final int place = i * 2 * Long.BYTES;
                if (open.getLong(place) != 0) {
                    context.journal().begin();
                    if (answer(open.getLong(place), open.getLong(place + Long.BYTES))) {
                        open.putLong(place, 0);
                        work++;
                    }
                    context.journal().commit();
                }
            }
            return work + replier.poll(this::onRequest, PER_CYCLE);
        }

        private void onRequest(
                final long ticket,
                final int type,
                final DirectBuffer buffer,
                final int index,
                final int length) {
            final long number = buffer.getLong(index);
            if (number % 2 == 1 && answer(ticket, number)) {
                return;
            }
            for (int i = 0; i < AskingDaemon.AT_ONCE; i++) {
                final int place = i * 2 * Long.BYTES;
                if (open.getLong(place) == 0 || !replier.isOpen(open.getLong(place))) {
                    open.putLong(place, ticket);
                    open.putLong(place + Long.BYTES, number);
                    return;
                }
            }
            throw new IllegalStateException("more requests are open than may be");
        }

        private boolean answer(final long ticket, final long number) {
            reply.putLong(0, 2 * number);
            return replier.tryReply(ticket, 1, reply, 0, Long.BYTES) != Replier.NO_SPACE;
        }
    }
}
