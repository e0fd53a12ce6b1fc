package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.ring.RingSettings;
import io.coppice.ring.RingWriter;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Feeds two rings without end: {@code orders} waits for its readers, {@code prices} waits for
 * nobody.
 */
public final class FeedDaemon implements Daemon {
    private static final int RING_BYTES = 4096;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[Long.BYTES]);
    private DaemonContext context;
    private RingWriter orders;
    private RingWriter prices;

    @Override
    public void open(final DaemonContext given) {
        context = given;
        orders = context.ringWriter("orders", RING_BYTES);
        prices = context.ringWriter("prices", RingSettings.latest(RING_BYTES));
    }

    @Override
    public int doWork() {
        context.journal().begin();
        message.putLong(0, prices.number());
        prices.offer(1, message, 0, Long.BYTES);
        message.putLong(0, orders.number());
        final boolean room = orders.offer(1, message, 0, Long.BYTES);
        context.journal().commit();
        return room ? 1 : 0;
    }
}
