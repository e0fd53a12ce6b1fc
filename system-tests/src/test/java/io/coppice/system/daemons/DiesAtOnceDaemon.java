package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.nio.file.Files;
import java.nio.file.Path;

/** Throws in its opening until the file of its setting {@code cure} is there. */
public final class DiesAtOnceDaemon implements Daemon {
    @Override
    public void open(final DaemonContext context) {
        if (!Files.exists(Path.of(context.setting("cure")))) {
            throw new IllegalStateException("cannot open in epoch " + context.epoch());
        }
    }

    @Override
    public int doWork() {
        return 0;
    }
}
