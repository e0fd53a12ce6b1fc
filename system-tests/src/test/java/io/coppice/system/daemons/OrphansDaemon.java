package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.io.IOException;

/**
 * Leaves three processes whose parent has ended; they live as long as the file of the setting
 * {@code while} does, whose name they carry.
 */
public final class OrphansDaemon implements Daemon {
    private static final int ORPHANS = 3;

    @Override
    public void open(final DaemonContext context) throws IOException, InterruptedException {
        for (int orphan = 0; orphan < ORPHANS; orphan++) {
            final Process parent =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "sh -c 'while [ -e \"$0\" ]; do sleep 0.05; done' \"$0\" &",
                                    context.setting("while", ""))
                            .inheritIO()
                            .start();
            if (parent.waitFor() != 0) {
                throw new IOException("sh ended with " + parent.exitValue());
            }
        }
    }

    @Override
    public int doWork() {
        return 0;
    }
}
