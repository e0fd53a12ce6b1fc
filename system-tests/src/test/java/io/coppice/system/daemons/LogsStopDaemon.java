package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends its opening and its closing to the file of its setting {@code book}. */
public final class LogsStopDaemon implements Daemon {
    private DaemonContext context;

    @Override
    public void open(final DaemonContext daemonContext) throws IOException {
        context = daemonContext;
        note("opens ");
    }

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public void onClose() throws IOException {
        note("closes ");
    }

    private void note(final String what) throws IOException {
        Files.writeString(
                Path.of(context.setting("book")),
                what + context.name() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
