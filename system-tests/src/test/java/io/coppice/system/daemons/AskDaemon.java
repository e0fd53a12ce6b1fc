package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;

/**
 * Counts its duty cycles; asked whether the count can be gone on with, it looks at it and says so
 * below its setting {@code acceptBelow}.
 */
public final class AskDaemon implements Daemon {
    private static final int REGION_BYTES = 64;

    private DaemonContext context;
    private JournaledBuffer count;

    @Override
    public boolean recover(final DaemonContext asked) {
        final long found = asked.structures().region("count", REGION_BYTES).getLong(0);
        System.out.println("asked about " + found);
        return found < Long.parseLong(asked.setting("acceptBelow"));
    }

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        count = context.structures().region("count", REGION_BYTES);
        System.out.println(
                "begins at "
                        + count.getLong(0)
                        + (context.isRecovered() ? ", recovered" : ", afresh"));
    }

    @Override
    public int doWork() {
        context.journal().begin();
        count.putLong(0, count.getLong(0) + 1);
        context.journal().commit();
        context.progress(count.getLong(0), 0);
        return 0;
    }
}
