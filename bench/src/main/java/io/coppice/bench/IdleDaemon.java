package io.coppice.bench;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;

/** The smallest daemon that has state: it lays out one region and waits. */
public final class IdleDaemon implements Daemon {
    private static final int STATE_BYTES = 4096;

    /** Made by the runtime. */
    public IdleDaemon() {}

    @Override
    public void open(final DaemonContext context) {
        final JournaledBuffer state = context.structures().region("state", STATE_BYTES);
        context.journal().begin();
        state.putLong(0, context.epoch());
        context.journal().commit();
    }

    @Override
    public int doWork() {
        return 0;
    }
}
