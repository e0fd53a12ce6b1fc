package io.coppice.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at a file from outside and tells when it got its first bytes and when its last. The same
 * for whoever writes it. Looks every millisecond.
 */
final class GrowthWatch implements AutoCloseable {
    private static final long LOOK_NS = 1_000_000;

    private final File file;
    private final Thread thread;
    private volatile boolean isOver;
    private long firstNs;
    private long lastNs;
    private long length;

    private GrowthWatch(final Path file) {
        this.file = file.toFile();
        this.thread = new Thread(this::watch, "bench-watch");
    }

    /** Begins to watch a file that is not there yet. */
    static GrowthWatch of(final Path file) {
        final GrowthWatch watch = new GrowthWatch(file);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    /** Ends the watch. */
    @Override
    public void close() {
        isOver = true;
        try {
            thread.join();
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns nanoseconds from the first bytes to the last; after {@link #close}. */
    long firstToLastNs() {
        return lastNs - firstNs;
    }

    private void watch() {
        while (!isOver) {
            look();
            LockSupport.parkNanos(LOOK_NS);
        }
        look();
    }

    private void look() {
        final long now = System.nanoTime();
        final long seen = file.length();
        if (seen > length) {
            firstNs = length == 0 ? now : firstNs;
            lastNs = now;
            length = seen;
        }
    }
}
