package io.coppice.root.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the thread dump of a silent daemon in the crash folder. A HotSpot JVM prints it on its
 * stdout, which is its log; what the log has got since it was asked for is copied once it should be
 * there, and again when the daemon dies, into {@code <name>-<epoch>.threads.txt}. Bytes are copied
 * and never read; a log that is no plain file any more is left alone.
 *
 * <p>For root's thread. Allocates only where there is a dump to keep.
 */
final class ThreadDumps {
    /** How long a JVM has to print its stacks before they are copied, in nanoseconds. */
    static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(1);

    /** How much of a log is kept at most. */
    static final int BYTES_MAX = 256 * 1024;

    private static final String SUFFIX = ".threads.txt";
    private static final String PART_SUFFIX = ".part";
    private static final String NOTHING =
            "It printed nothing: it is stopped, gets no processor, or is no HotSpot JVM.\n";

    private final String daemon;
    private final Path log;
    private final Path folder;
    private boolean asked;
    private boolean settled;
    private long epoch;
    private long askedNs;
    private long askedMs;
    private long from;

    ThreadDumps(final String daemon, final Path log, final Path folder) {
        this.daemon = daemon;
        this.log = log;
        this.folder = folder;
    }

    /** Takes note that an incarnation is about to be asked for its stacks. */
    void ask(final long askedEpoch, final long nowNs) {
        asked = true;
        settled = false;
        epoch = askedEpoch;
        askedNs = nowNs;
        askedMs = WallClock.nowMs();
        from = log.toFile().length();
    }

    /** Keeps the dump when it has had its time. */
    void step(final long nowNs) {
        if (asked && !settled && nowNs - askedNs >= SETTLE_NS) {
            settled = true;
            keep();
        }
    }

    /** Keeps what there is: the daemon is dead. */
    void end() {
        if (asked) {
            asked = false;
            keep();
        }
    }

    private void keep() {
        if (DeathNotes.isGone(folder)) {
            return;
        }
        final Path file = folder.resolve(daemon + "-" + epoch + SUFFIX);
        try {
            Files.createDirectories(folder);
            final Path part = folder.resolve(file.getFileName() + PART_SUFFIX);
            // Made anew: what a child has put there may be a fifo.
            Files.deleteIfExists(part);
            try (FileChannel to =
                    FileChannel.open(
                            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                write(to, head());
                if (copy(to) == 0) {
                    write(to, NOTHING);
                }
            }
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException refused) {
            System.err.println(
                    "root: no thread dump of " + daemon + " in " + file + ": " + refused);
        }
    }

    private String head() {
        return "process   "
                + daemon
                + "\nepoch     "
                + epoch
                + "\nasked     "
                + Instant.ofEpochMilli(askedMs)
                + ", since it made no duty cycle for \"watchdog\".\"dumpAfter\"\n\nIts log since then:\n";
    }

    /** Copies the log from where it ended; returns how many bytes. */
    private long copy(final FileChannel to) throws IOException {
        // Opening a fifo would wait for its writer, and root must not.
        if (!Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        try (FileChannel source =
                FileChannel.open(log, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            if (source.size() < from) {
                // It was cut meanwhile.
                from = 0;
            }
            final long bytes = Math.min(BYTES_MAX, source.size() - from);
            long copied = 0;
            while (copied < bytes) {
                final long some = source.transferTo(from + copied, bytes - copied, to);
                if (some <= 0) {
                    break;
                }
                copied += some;
            }
            return copied;
        }
    }

    private static void write(final FileChannel to, final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
