package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Does what its setting {@code does} says until the file of its setting {@code end} is there. */
public final class HostileDaemon implements Daemon {
    private static final int LINE_BYTES = 64 * 1024;
    private static final int BELL_BYTES = 128;

    private DaemonContext context;
    private String does;
    private Path end;
    private byte[] line;
    private long written;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        does = context.setting("does", "");
        end = Path.of(context.setting("end", "/nowhere"));
        line = new byte[LINE_BYTES];
        Arrays.fill(line, (byte) 'x');
        line[LINE_BYTES - 1] = '\n';
        if ("exits at once".equals(does)) {
            Runtime.getRuntime().halt(7);
        }
    }

    @Override
    public int doWork() throws IOException {
        if (Files.exists(end)) {
            return 0;
        }
        switch (does) {
            case "exits 0":
                Runtime.getRuntime().halt(0);
                return 0;
            case "floods stderr":
                System.err.write(line);
                written += line.length;
                context.progress(written, 0);
                return 1;
            case "closes its bell":
                closeBell();
                return 0;
            default:
                return 0;
        }
    }

    /** Says that nobody sleeps there, and that it was never rung. */
    private void closeBell() throws IOException {
        try (RandomAccessFile bells =
                new RandomAccessFile(context.setting("bells", "/nowhere"), "rw")) {
            bells.seek((long) Integer.parseInt(context.setting("slot", "0")) * BELL_BYTES);
            bells.write(new byte[BELL_BYTES]);
        }
        context.progress(++written, 0);
    }
}
