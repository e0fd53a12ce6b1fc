package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.util.concurrent.locks.LockSupport;

/** Serves, and never comes to the end of its closing. */
public final class IgnoresStopDaemon implements Daemon {
    @Override
    public void open(final DaemonContext context) {}

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public void onClose() {
        while (true) {
            LockSupport.park();
        }
    }
}
