package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.FileWindow;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reload does to the arenas: those of new daemons are made while all others serve; those of
 * changed ones are made as large as the new plan says when their daemons are down; those of removed
 * ones are left. All but the sizes is found out beforehand, since a root that has begun anew has no
 * way back.
 *
 * <p>For root's thread.
 */
final class ArenaChanges {
    private final OperatingSystem os;
    private final Path runDirectory;
    private final TreePlan before;
    private final TreePlan after;
    private final PlanDifference difference;
    private final List<Path> made = new ArrayList<>();

    /** Changed daemons whose state is thrown away, since it does not fit and they want none. */
    private final List<DaemonPlan> dropped = new ArrayList<>();

    private final List<DaemonPlan> fitted = new ArrayList<>();

    ArenaChanges(
            final OperatingSystem os,
            final Path runDirectory,
            final TreePlan before,
            final TreePlan after,
            final PlanDifference difference) {
        this.os = os;
        this.runDirectory = runDirectory;
        this.before = before;
        this.after = after;
        this.difference = difference;
    }

    /**
     * Makes what is new, and looks at what is to be changed.
     *
     * @throws StartException where something cannot be; nothing is changed then
     */
    void make() {
        try {
            long growth = 0;
            for (final DaemonPlan daemon : after.daemons()) {
                if (!difference.keeps(daemon.name())) {
                    growth += prepare(daemon);
                }
            }
            requireSpace(growth);
        } catch (final RuntimeException refused) {
            undo();
            throw refused;
        }
    }

    /** Returns how many bytes are to be added to an arena that is there. */
    private long prepare(final DaemonPlan daemon) {
        final DiskArena disk = daemon.isOnDisk() ? new DiskArena(os, daemon) : null;
        final Path file = file(daemon);
        if (disk != null) {
            disk.makeFolder();
        }
        final Memory arena = existing(file);
        if (arena == null) {
            if (before.daemon(daemon.name()) == null || !Files.exists(file)) {
                made.add(file);
                ArenaFile.create(os, file, daemon);
                return 0;
            }
            throw new StartException(
                    file + ": is damaged; \"coppice restart\" its daemon, then reload");
        }
        final String problem = problem(daemon, disk, arena);
        if (problem == null) {
            return Math.max(0, daemon.memoryBytes() - arena.bytes());
        }
        if (daemon.onCrash() != OnCrash.RESET) {
            throw new StartException(file + ": the state that was kept " + problem);
        }
        dropped.add(daemon);
        return daemon.memoryBytes() - arena.bytes();
    }

    private static String problem(
            final DaemonPlan daemon, final DiskArena disk, final Memory arena) {
        if (disk != null && !disk.isTrusted(arena)) {
            return "may be torn, since the machine went down while it was in use; drop it by \"coppice clean\"";
        }
        final long least = ArenaFile.leastBytes(arena, daemon);
        if (least > daemon.memoryBytes()) {
            return "needs "
                    + least
                    + " bytes, the manifest says "
                    + daemon.memoryBytes()
                    + "; raise \"memory\", or \"coppice stop\", \"coppice state export\", and begin with a fresh one";
        }
        final String difference = ArenaFile.fixedDifference(arena, daemon);
        return difference == null
                ? null
                : difference
                        + "; such a change needs a fresh arena: \"coppice stop\", \"coppice state export\", \"coppice clean\", then run and import";
    }

    private static Memory existing(final Path file) {
        try {
            final Memory arena = MappedFile.readOnly(file);
            return ArenaFile.isComplete(arena) ? arena : null;
        } catch (final ArenaException | UncheckedIOException none) {
            return null;
        }
    }

    private void requireSpace(final long bytes) {
        try {
            final long free = Files.getFileStore(runDirectory).getUsableSpace();
            if (bytes > free) {
                throw new StartException(
                        runDirectory
                                + ": no space for larger arenas: "
                                + bytes
                                + " more bytes are needed, "
                                + free
                                + " are free");
            }
        } catch (final IOException unknown) {
            throw new StartException(
                    runDirectory + ": how much space is free cannot be told: " + unknown);
        }
    }

    /**
     * Makes the arenas of the changed daemons fit; when all of those, and the removed ones, are
     * down.
     */
    void fit() {
        for (final DaemonPlan daemon : before.daemons()) {
            if (!difference.keeps(daemon.name()) && daemon.isOnDisk()) {
                new DiskArena(os, daemon).endUse();
            }
        }
        for (final DaemonPlan daemon : after.daemons()) {
            final Path file = file(daemon);
            if (dropped.contains(daemon)) {
                drop(file);
                ArenaFile.create(os, file, daemon);
            } else if (!difference.keeps(daemon.name()) && !made.contains(file)) {
                fitted.add(daemon);
                ArenaFile.fit(os, file, MappedFile.writable(file), daemon);
            }
        }
    }

    /** Siblings may still read it, and are told that nobody writes it any more. */
    private static void drop(final Path file) {
        final FileWindow old = FileWindow.open(file, Long.BYTES);
        old.putInt(ArenaLayout.SET_ASIDE, 1);
        old.close();
        remove(file);
    }

    /** Gives back what was made, and makes those fit again that were changed; never throws. */
    void undo() {
        for (final Path file : made) {
            try {
                remove(file);
            } catch (final UncheckedIOException kept) {
                System.err.println("root: " + kept.getMessage());
            }
        }
        made.clear();
        for (final DaemonPlan daemon : fitted) {
            final DaemonPlan earlier = before.daemon(daemon.name());
            final Path file = file(daemon);
            try {
                if (earlier != null) {
                    ArenaFile.fit(os, file, MappedFile.writable(file), earlier);
                }
            } catch (final RuntimeException kept) {
                System.err.println("root: " + kept.getMessage());
            }
        }
        fitted.clear();
    }

    private static void remove(final Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException kept) {
            throw new UncheckedIOException(
                    file + ": could not be removed: " + kept.getMessage(), kept);
        }
    }

    private Path file(final DaemonPlan daemon) {
        return daemon.isOnDisk()
                ? new DiskArena(os, daemon).file()
                : runDirectory.resolve(daemon.arenaFile());
    }
}
