package io.coppice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/** Looks at every process handle and at the doorbell file, every millisecond. */
final class PortableWaitPoint implements WaitPoint {
    private static final long POLL_NS = 1_000_000;

    private final ProcessHandle[] watched;
    private final boolean[] dead;
    private final FileChannel doorbell;
    private final ByteBuffer stamp = ByteBuffer.allocateDirect(Long.BYTES);
    private long lastStamp;

    PortableWaitPoint(final int capacity, final Path doorbell) {
        this.watched = new ProcessHandle[capacity];
        this.dead = new boolean[capacity];
        try {
            this.doorbell =
                    FileChannel.open(
                            doorbell,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    "open " + doorbell + ": " + refused.getMessage(), refused);
        }
        this.lastStamp = readStamp();
    }

    @Override
    public int watch(final long pid) {
        final ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        if (handle == null) {
            return GONE;
        }
        for (int i = 0; i < watched.length; i++) {
            if (watched[i] == null) {
                watched[i] = handle;
                dead[i] = false;
                return i;
            }
        }
        throw new OsException(
                "watch",
                "pid " + pid + ", all " + watched.length + " places",
                Errno.EMFILE.number());
    }

    @Override
    public boolean died(final int token) {
        return dead[token];
    }

    @Override
    public void unwatch(final int token) {
        watched[token] = null;
    }

    @Override
    public void await(final long timeoutNs) {
        final long start = System.nanoTime();
        while (!anyDead() && !rang() && System.nanoTime() - start < timeoutNs) {
            LockSupport.parkNanos(POLL_NS);
        }
    }

    @Override
    public void close() {
        try {
            doorbell.close();
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private boolean anyDead() {
        boolean any = false;
        for (int i = 0; i < watched.length; i++) {
            if (watched[i] != null && !watched[i].isAlive()) {
                dead[i] = true;
                any = true;
            }
        }
        return any;
    }

    private boolean rang() {
        final long now = readStamp();
        final boolean changed = now != lastStamp;
        lastStamp = now;
        return changed;
    }

    private long readStamp() {
        try {
            stamp.clear();
            return doorbell.read(stamp, 0) == Long.BYTES ? stamp.getLong(0) : 0;
        } catch (final IOException gone) {
            return 0;
        }
    }
}
