package io.coppice.root.loop;

import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the logs of daemons and workers small while they write: one that has grown beyond its bound
 * is cut to nothing, and its last lines are kept in a file beside it, {@code NAME.log.old}. Their
 * writers append, so they go on at the beginning. What is written between two looks comes on top of
 * the bound, and lines that are written while it is cut may be lost.
 *
 * <p>A file that is a fifo or a link by now is left alone: it takes no room. It is opened for
 * reading and writing, which waits for nobody at the other end of a fifo either.
 *
 * <p>For root's thread. Allocates only where a log is cut.
 */
final class LogFiles {
    /** How long a log may become before it is cut, in bytes. */
    static final long BYTES_MAX = 4 << 20;

    /** How much of its end is kept, in bytes. */
    static final int KEPT_BYTES = 64 * 1024;

    static final String OLD_SUFFIX = ".old";

    private static final long LOOK_NS = 1_000_000_000L;

    private final Path folder;
    private final Set<String> names = new HashSet<>();
    private final List<File> files = new ArrayList<>();
    private final Set<File> told = new HashSet<>();
    private boolean flooded;
    private long lookedNs;

    LogFiles(final Path folder) {
        this.folder = folder;
    }

    /** Looks after the logs of a daemon and of all its workers from now on. */
    void keep(final DaemonPlan plan) {
        keep(plan.name());
        for (final PoolPlan pool : plan.pools()) {
            for (int worker = 0; worker < pool.workersMax(); worker++) {
                keep(plan.name() + "-" + pool.name() + "-" + worker);
            }
        }
    }

    private void keep(final String name) {
        if (names.add(name)) {
            files.add(folder.resolve(name + ".log").toFile());
        }
    }

    /** Looks at every log once in a second, and in each turn while one grows too fast for that. */
    void step(final long nowNs) {
        if (!flooded && nowNs - lookedNs < LOOK_NS) {
            return;
        }
        lookedNs = nowNs;
        flooded = false;
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).length() > BYTES_MAX) {
                flooded |= cut(files.get(i));
            }
        }
    }

    /** Returns whether there was a log to cut. */
    private boolean cut(final File file) {
        final Path path = file.toPath();
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel log = open(path)) {
            keepEnd(log, path);
            log.truncate(0);
        } catch (final IOException refused) {
            tell(file, "cannot be cut: " + refused);
            return false;
        }
        tell(file, "is flooded; it begins anew whenever it has " + BYTES_MAX + " bytes");
        return true;
    }

    /**
     * Cuts a log to nothing, for whoever writes there already too.
     *
     * @throws IOException where it is no plain file, or the system refuses
     */
    static void empty(final Path path) throws IOException {
        try (FileChannel log = open(path)) {
            log.truncate(0);
        }
    }

    private static FileChannel open(final Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** A disk that is full costs the copy and not the cut. */
    private static void keepEnd(final FileChannel log, final Path path) {
        final Path old = path.resolveSibling(path.getFileName() + OLD_SUFFIX);
        try {
            final ByteBuffer end = ByteBuffer.allocate(KEPT_BYTES);
            log.read(end, Math.max(0, log.size() - KEPT_BYTES));
            end.flip();
            // Made anew: a child may have put a fifo there.
            Files.deleteIfExists(old);
            try (FileChannel copy =
                    FileChannel.open(
                            old, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                while (end.hasRemaining()) {
                    copy.write(end);
                }
            }
        } catch (final IOException refused) {
            System.err.println("root: " + old + " cannot be written: " + refused);
        }
    }

    private void tell(final File file, final String what) {
        if (told.add(file)) {
            System.err.println("root: log " + file + " " + what);
        }
    }
}
