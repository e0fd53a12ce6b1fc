package io.coppice.root.loop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A leaf below root's own cgroup for each incarnation of a daemon, where the kernel has version 2
 * and whoever started root has delegated its cgroup; elsewhere nothing. Whoever is started in a
 * leaf stays there, and ends when the kernel is asked to kill it.
 *
 * <p>No controller is switched on for the leaves, so that root may stay in the cgroup above them. A
 * leaf is removed when nobody is in it; one that cannot be removed yet is removed by a later root.
 *
 * <p>For root's thread. Allocates.
 */
final class Cgroups {
    private static final String PREFIX = "coppice-";
    private static final String PROCESSES = "cgroup.procs";
    private static final String KILL = "cgroup.kill";
    private static final String SECOND_VERSION = "0::";
    private static final String FILE_SYSTEM = " - cgroup2 ";
    private static final int ROOT_FIELD = 3;
    private static final int PLACE_FIELD = 4;

    /** Null where there is nothing to it. */
    private final Path own;

    private final String prefix;
    private boolean hasTold;

    private Cgroups(final Path own, final Path runDirectory) {
        this.own = own;
        this.prefix = PREFIX + runDirectory.getFileName() + "-";
    }

    /** Finds the cgroup of this process. */
    static Cgroups ofThisProcess(final Path runDirectory) {
        return of(Path.of("/proc/self/cgroup"), Path.of("/proc/self/mountinfo"), runDirectory);
    }

    /**
     * @param membership file in which the kernel names the cgroups of a process
     * @param mounts file in which it says where file systems are mounted
     */
    static Cgroups of(final Path membership, final Path mounts, final Path runDirectory) {
        Path own = null;
        try {
            final String path = path(membership);
            own = path == null ? null : place(mounts, path);
        } catch (final IOException untold) {
            // No Linux, or no /proc: as without cgroups.
        }
        return new Cgroups(isDelegated(own) ? own : null, runDirectory);
    }

    /** Returns one that does nothing. */
    static Cgroups none() {
        return new Cgroups(null, Path.of("none"));
    }

    private static String path(final Path membership) throws IOException {
        for (final String line : Files.readAllLines(membership, StandardCharsets.UTF_8)) {
            if (line.startsWith(SECOND_VERSION)) {
                return line.substring(SECOND_VERSION.length());
            }
        }
        return null;
    }

    private static Path place(final Path mounts, final String path) throws IOException {
        for (final String line : Files.readAllLines(mounts, StandardCharsets.UTF_8)) {
            final String[] fields = line.split(" ", -1);
            if (line.contains(FILE_SYSTEM) && fields.length > PLACE_FIELD) {
                final String root = "/".equals(fields[ROOT_FIELD]) ? "" : fields[ROOT_FIELD];
                if (root.isEmpty() || (path + "/").startsWith(root + "/")) {
                    return Path.of(fields[PLACE_FIELD] + path.substring(root.length()));
                }
            }
        }
        return null;
    }

    /** The root of the hierarchy, which is nobody's to use, has no file to kill it by. */
    private static boolean isDelegated(final Path own) {
        return own != null
                && Files.isWritable(own)
                && Files.isWritable(own.resolve(PROCESSES))
                && Files.isWritable(own.resolve(KILL));
    }

    boolean isDelegated() {
        return own != null;
    }

    /** Puts a process that has started nothing yet into the leaf of an incarnation. */
    void put(final int slot, final long epoch, final long pid) {
        if (own == null) {
            return;
        }
        try {
            final Path leaf = Files.createDirectories(leaf(slot, epoch));
            write(leaf.resolve(PROCESSES), Long.toString(pid));
        } catch (final IOException refused) {
            // The other means are there.
            if (!hasTold) {
                hasTold = true;
                System.err.println(
                        "root: "
                                + leaf(slot, epoch)
                                + ": cannot be used, so processes of daemons are looked for in /proc alone: "
                                + refused);
            }
        }
    }

    /** Kills all in the leaf of an incarnation. */
    void kill(final int slot, final long epoch) {
        if (own != null) {
            kill(leaf(slot, epoch));
        }
    }

    /** Removes the leaf of an incarnation, where nobody is in it. */
    void remove(final int slot, final long epoch) {
        if (own != null) {
            remove(leaf(slot, epoch));
        }
    }

    /**
     * Kills all in the leaves of this tree and removes those that are empty.
     *
     * @param spared slots and epochs that live, as in {@code 2.17}
     */
    void end(final Set<String> spared) {
        if (own == null) {
            return;
        }
        try (DirectoryStream<Path> leaves =
                Files.newDirectoryStream(
                        own, each -> each.getFileName().toString().startsWith(prefix))) {
            for (final Path leaf : leaves) {
                if (!spared.contains(leaf.getFileName().toString().substring(prefix.length()))) {
                    kill(leaf);
                    remove(leaf);
                }
            }
        } catch (final IOException | DirectoryIteratorException refused) {
            System.err.println("root: " + own + ": cannot be read: " + refused.getMessage());
        }
    }

    private Path leaf(final int slot, final long epoch) {
        return own.resolve(prefix + slot + "." + epoch);
    }

    private static void kill(final Path leaf) {
        try {
            write(leaf.resolve(KILL), "1");
        } catch (final IOException none) {
            // There is no such leaf: nobody was put there.
        }
    }

    private static void remove(final Path leaf) {
        try {
            Files.deleteIfExists(leaf);
        } catch (final IOException busy) {
            // Somebody dies still; the end of the tree tries again, and so does the next root.
        }
    }

    private static void write(final Path file, final String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }
}
