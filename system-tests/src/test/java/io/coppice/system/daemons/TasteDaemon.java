package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.ring.RingReader;

/** Takes three messages of each ring of a {@link FeedDaemon} called {@code feed}, and no more. */
public final class TasteDaemon implements Daemon {
    /** How many messages of each ring are taken. */
    public static final int MESSAGES = 3;

    private RingReader orders;
    private RingReader prices;
    private int fromOrders;
    private int fromPrices;

    @Override
    public void open(final DaemonContext context) {
        orders = context.ringReader("feed", "orders");
        prices = context.ringReader("feed", "prices");
    }

    @Override
    public int doWork() {
        if (fromOrders < MESSAGES) {
            fromOrders += orders.poll((type, buffer, index, length) -> {}, 1);
        }
        if (fromPrices < MESSAGES) {
            fromPrices += prices.poll((type, buffer, index, length) -> {}, 1);
        }
        return fromOrders < MESSAGES || fromPrices < MESSAGES ? 1 : 0;
    }
}
