package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;

/** Lays out a region whose size is its setting {@code bytes}, and counts its openings in it. */
public final class RegionDaemon implements Daemon {
    @Override
    public void open(final DaemonContext context) {
        final JournaledBuffer region =
                context.structures().region("state", Integer.parseInt(context.setting("bytes")));
        context.journal().begin();
        region.putLong(0, region.getLong(0) + 1);
        context.journal().commit();
        System.out.println("opening " + region.getLong(0));
    }

    @Override
    public int doWork() {
        return 0;
    }
}
