package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.Board;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The folder of one tree, below a base that is {@code $COPPICE_RUN} or {@code
 * /dev/shm/coppice-<uid>}.
 *
 * <pre>
 *   lock                held by root as long as it lives; the kernel gives it back
 *   plan-PID            the frozen configuration on its way to root
 *   board bells mailbox doorbell
 *   NAME.arena          one for each daemon
 *   NAME.arena.quarantined, .2, .3   of arenas that were set aside
 *   NAME.summary        what a daemon leaves for people
 *   log/                stdout and stderr of every process
 *   crash/              reports of deaths, and what a crashing JVM writes
 *   tmp/                temporary files of the workers
 * </pre>
 */
public final class RunDirectory {
    /** Environment variable that names the base. */
    public static final String BASE_VARIABLE = "COPPICE_RUN";

    /** What the file of a plan on its way to root is called, before the pid of who wrote it. */
    public static final String PLAN = "plan";

    /** What a daemon's summary for people is called, behind the daemon's name. */
    public static final String SUMMARY_SUFFIX = ".summary";

    /** Name of the fifo that wakes root. */
    public static final String DOORBELL = "doorbell";

    /** Name of root's log below the log folder. */
    public static final String ROOT_LOG = "root.log";

    /** How long others may look at the lock while root takes it again, in nanoseconds. */
    private static final long LOCK_AGAIN_NS = 10_000_000_000L;

    private static final long LOCK_POLL_NS = 1_000_000;

    private static final String LOCK = "lock";
    private static final String CRASH_FOLDER = "crash";

    private final Path path;

    private RunDirectory(final Path path) {
        this.path = path;
    }

    /** Returns a tree's folder by its own path. */
    public static RunDirectory at(final Path path) {
        return new RunDirectory(path);
    }

    /** Returns the folder of a tree, there or not. */
    public static RunDirectory of(final Path base, final String tree) {
        return new RunDirectory(canonical(base).resolve(tree).normalize());
    }

    /** Returns the base for this user. */
    public static Path base() {
        final String configured = System.getenv(BASE_VARIABLE);
        if (configured != null && !configured.isEmpty()) {
            return canonical(Path.of(configured));
        }
        final Path shared = Path.of("/dev/shm");
        final Path parent =
                Files.isDirectory(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
        return canonical(parent.resolve("coppice-" + userId()));
    }

    /**
     * Returns the one spelling of a folder, whichever links lead to it: processes are known by what
     * root has called the run directory when it started them. The part that is not there yet has no
     * links in it.
     */
    private static Path canonical(final Path folder) {
        final Path normal = folder.toAbsolutePath().normalize();
        for (Path there = normal; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(there.relativize(normal)).normalize();
            } catch (final IOException missing) {
                // The folder above it may be there.
            }
        }
        return normal;
    }

    /**
     * Returns the names of the trees below a base, sorted: of the folders in which a root has run,
     * which its lock tells, or its board where the lock was removed.
     */
    public static List<String> trees(final Path base) {
        final List<String> names = new ArrayList<>();
        if (Files.isDirectory(base)) {
            try (DirectoryStream<Path> folders =
                    Files.newDirectoryStream(
                            base,
                            folder ->
                                    Files.isRegularFile(folder.resolve(LOCK))
                                            || Files.isRegularFile(folder.resolve(Board.FILE)))) {
                folders.forEach(folder -> names.add(folder.getFileName().toString()));
            } catch (final IOException refused) {
                throw new UncheckedIOException(base + ": " + refused.getMessage(), refused);
            }
        }
        Collections.sort(names);
        return names;
    }

    /** Returns the folder. */
    public Path path() {
        return path;
    }

    /** Returns the file of root's output. */
    public Path rootLog() {
        return path.resolve(Spawner.LOG_FOLDER).resolve(ROOT_LOG);
    }

    /**
     * Keeps what an earlier root has said, as {@code root.log.old}: the next one begins the log
     * anew. Root says each thing once, so it is not long. Where it cannot be kept it is gone.
     */
    public void keepRootLog() {
        final Path log = rootLog();
        try {
            if (Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS) && Files.size(log) > 0) {
                Files.copy(
                        log,
                        log.resolveSibling(ROOT_LOG + LogFiles.OLD_SUFFIX),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (final IOException refused) {
            // No reason not to start.
            return;
        }
    }

    /** Returns the folder of the logs. */
    public Path logs() {
        return path.resolve(Spawner.LOG_FOLDER);
    }

    /** Returns the folder into which crashing JVMs write. */
    public Path crashes() {
        return path.resolve(CRASH_FOLDER);
    }

    /** Makes the folders, open to their owner alone. */
    public void create() throws IOException {
        final var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(path, ownerOnly);
        Files.createDirectories(logs());
        Files.createDirectories(crashes());
    }

    /**
     * Takes the lock of the living root. The kernel gives a lock back with its holder's death, so a
     * file that was left behind means nothing; and one that was removed under a living root lets
     * nobody in, since the board names that root.
     *
     * @return null where another process has it; else the lock, held until this process ends
     */
    public FileLock tryLock() throws IOException {
        final FileChannel channel =
                FileChannel.open(
                        path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        final FileLock lock = channel.tryLock();
        if (lock == null || EarlierTree.find(path).hasLivingRoot(OperatingSystem.current())) {
            channel.close();
            return null;
        }
        return lock;
    }

    /**
     * Takes the lock anew for a root that has begun anew, and whose descriptors were closed. The
     * board names it all the while, so nobody else keeps the lock; who looks whether a root lives
     * has it for a moment.
     *
     * @return null where another process keeps it all the same
     */
    FileLock lockAgain() throws IOException {
        final long start = System.nanoTime();
        FileLock lock = tryLock();
        while (lock == null && System.nanoTime() - start < LOCK_AGAIN_NS) {
            LockSupport.parkNanos(LOCK_POLL_NS);
            lock = tryLock();
        }
        return lock;
    }

    /** Returns the place of a plan on its way to root, of a process that writes it. */
    public Path planOf(final long writer) {
        return path.resolve(PLAN + "-" + writer);
    }

    /** Removes plans whose root died before it read them: whose writer is gone. */
    void removeStalePlans(final OperatingSystem os) throws IOException {
        try (DirectoryStream<Path> plans = Files.newDirectoryStream(path, PLAN + "-[0-9]*")) {
            for (final Path plan : plans) {
                if (os.startTime(writer(plan)) == 0) {
                    Files.deleteIfExists(plan);
                }
            }
        }
    }

    /** Returns the pid in a plan's name, 0 where it is none. */
    private static long writer(final Path plan) {
        try {
            return Long.parseLong(plan.getFileName().toString().substring(PLAN.length() + 1));
        } catch (final NumberFormatException notOurs) {
            return 0;
        }
    }

    /** Returns whether a root lives here. */
    public boolean isLocked() throws IOException {
        if (!Files.exists(path.resolve(LOCK))) {
            return EarlierTree.find(path).hasLivingRoot(OperatingSystem.current());
        }
        final FileLock lock = tryLock();
        if (lock == null) {
            return true;
        }
        lock.acquiredBy().close();
        return false;
    }

    /** Removes the folder and all that is in it. */
    public void remove() throws IOException {
        remove(path);
    }

    /**
     * Removes all that is in the folder but arenas that were set aside and the lock, by which
     * {@code coppice clean} finds the folder; without such arenas the folder too.
     *
     * @return whether there are such arenas
     */
    public boolean removeButQuarantined() throws IOException {
        final Set<Path> keep = new HashSet<>(QuarantinedArenas.in(path));
        if (keep.isEmpty()) {
            remove(path);
            return false;
        }
        keep.add(path.resolve(LOCK));
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(path, entry -> !keep.contains(entry))) {
            for (final Path entry : entries) {
                remove(entry);
            }
        }
        return true;
    }

    private static void remove(final Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(file)) {
                for (final Path entry : entries) {
                    remove(entry);
                }
            }
        }
        Files.deleteIfExists(file);
    }

    private static Object userId() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (final IOException
                | UnsupportedOperationException
                | IllegalArgumentException notUnix) {
            return System.getProperty("user.name");
        }
    }
}
