package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.DoNotRestartException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finishes, or gives up for good, once the file of its setting {@code finish} or {@code giveUp} is
 * there.
 */
public final class EndsOnFileDaemon implements Daemon {
    private DaemonContext context;
    private Path finish;
    private Path giveUp;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        finish = Path.of(context.setting("finish"));
        giveUp = Path.of(context.setting("giveUp"));
        System.out.println("opened in epoch " + context.epoch());
    }

    @Override
    public int doWork() {
        if (Files.exists(giveUp)) {
            throw new DoNotRestartException("it is no use");
        }
        if (Files.exists(finish)) {
            context.finish();
        }
        return 0;
    }
}
