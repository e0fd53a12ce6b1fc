package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts a shell with the setting {@code script} before it is ready, and serves beside it. Closes
 * never where the setting {@code closes} is {@code never}.
 */
public final class ScriptDaemon implements Daemon {
    private boolean closes;

    @Override
    public void open(final DaemonContext context) {
        closes = !"never".equals(context.setting("closes", "always"));
        try {
            new ProcessBuilder("sh", context.setting("script", "")).inheritIO().start();
        } catch (final IOException refused) {
            throw new IllegalStateException("no shell", refused);
        }
    }

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public void onClose() {
        while (!closes) {
            LockSupport.park();
        }
    }
}
