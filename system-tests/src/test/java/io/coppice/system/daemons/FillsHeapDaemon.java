package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the file of its setting {@code fill} away as soon as it is there, and keeps more than its
 * heap holds.
 */
public final class FillsHeapDaemon implements Daemon {
    private static final int PIECE_BYTES = 64 * 1024;

    private final List<byte[]> kept = new ArrayList<>();
    private Path order;

    @Override
    public void open(final DaemonContext context) {
        order = Path.of(context.setting("fill"));
    }

    @Override
    public int doWork() throws IOException {
        if (Files.deleteIfExists(order)) {
            while (true) {
                kept.add(new byte[PIECE_BYTES]);
            }
        }
        return 0;
    }
}
