package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.util.concurrent.locks.LockSupport;

/** Never comes to the end of its opening. */
public final class NeverReadyDaemon implements Daemon {
    @Override
    public void open(final DaemonContext context) {
        while (true) {
            LockSupport.park();
        }
    }

    @Override
    public int doWork() {
        return 0;
    }
}
