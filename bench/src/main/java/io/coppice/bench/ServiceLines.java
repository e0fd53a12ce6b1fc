package io.coppice.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What incarnations of a {@link PeerService} say when they begin, from a fifo of their own. A
 * thread of its own reads it, since a read of a fifo has no end.
 */
final class ServiceLines {
    private static final long MKFIFO_S = 10;

    /**
     * One incarnation.
     *
     * @param pid of the process
     * @param beganNs {@link System#nanoTime()}, as it said, else when the bench heard of it
     */
    record Began(long pid, long beganNs) {
        static Began parse(final String line, final long heardNs) {
            final int blank = line.indexOf(' ');
            return blank < 0
                    ? new Began(Long.parseLong(line), heardNs)
                    : new Began(
                            Long.parseLong(line.substring(0, blank)),
                            Long.parseLong(line.substring(blank + 1)));
        }
    }

    private final BlockingQueue<Began> began = new LinkedBlockingQueue<>();

    private ServiceLines() {}

    /** Makes the fifo and begins to read it. */
    static ServiceLines open(final Scratch scratch, final Path fifo) throws IOException {
        final Process mkfifo =
                scratch.start(
                        new ProcessBuilder("mkfifo", fifo.toString())
                                .redirectInput(Redirect.from(new File("/dev/null")))
                                .redirectErrorStream(true)
                                .redirectOutput(Redirect.DISCARD));
        try {
            if (!mkfifo.waitFor(MKFIFO_S, TimeUnit.SECONDS) || mkfifo.exitValue() != 0) {
                throw new IOException(fifo + ": mkfifo does not make it");
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("the bench was interrupted", interrupted);
        }
        final ServiceLines lines = new ServiceLines();
        // Opened for both, so that it neither waits for a writer nor ends with one.
        final RandomAccessFile both = new RandomAccessFile(fifo.toFile(), "rw");
        final Thread reader = new Thread(() -> lines.read(both), "service-lines");
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    private void read(final RandomAccessFile fifo) {
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                new FileInputStream(fifo.getFD()), StandardCharsets.US_ASCII))) {
            String line = in.readLine();
            while (line != null) {
                began.add(Began.parse(line, System.nanoTime()));
                line = in.readLine();
            }
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Returns the newest incarnation that has not been asked for, null where none came in time. */
    Began next(final long seconds) {
        try {
            Began next = began.poll(seconds, TimeUnit.SECONDS);
            Began later = next;
            while (later != null) {
                next = later;
                later = began.poll();
            }
            return next;
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
