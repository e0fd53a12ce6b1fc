package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Takes the file of its setting {@code hang} away as soon as it is there, and hangs. */
public final class HangsDaemon implements Daemon {
    private Path order;

    @Override
    public void open(final DaemonContext context) {
        order = Path.of(context.setting("hang"));
    }

    @Override
    public int doWork() throws IOException {
        if (Files.deleteIfExists(order)) {
            hangForThePurposeOfTheTest();
        }
        return 0;
    }

    private static void hangForThePurposeOfTheTest() {
        while (true) {
            LockSupport.park();
        }
    }
}
