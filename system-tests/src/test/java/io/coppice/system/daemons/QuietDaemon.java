package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;

/**
 * Counts duty cycles, each in a transaction, shows the count as its progress, and prints nothing.
 */
public final class QuietDaemon implements Daemon {
    private static final int REGION_BYTES = 4096;
    private static final int WARM_UP_ROUNDS = 100;

    private DaemonContext context;
    private JournaledBuffer count;

    @Override
    public void open(final DaemonContext given) {
        context = given;
        count = context.structures().region("count", REGION_BYTES);
    }

    @Override
    public int doWork() {
        context.journal().begin();
        count.putLong(0, count.getLong(0) + 1);
        context.journal().commit();
        context.progress(count.getLong(0), 0);
        return 0;
    }

    @Override
    public void warmUp(final DaemonContext scratch) {
        open(scratch);
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            doWork();
        }
    }
}
