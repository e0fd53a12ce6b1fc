package io.coppice.root.loop;

import io.coppice.os.Errno;
import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.DamagedArenaException;
import io.coppice.pool.FileWindow;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays the arenas of all daemons before anything is spawned: those that are there and whole are
 * kept, the others made.
 */
final class Foundation {
    private final OperatingSystem os;
    private final Path runDirectory;

    Foundation(final OperatingSystem os, final Path runDirectory) {
        this.os = os;
        this.runDirectory = runDirectory;
    }

    /**
     * Returns the arenas, in the order of the plan.
     *
     * @throws StartException where there is no room for all of them, or one that is there does not
     *     fit the plan
     */
    ArenaKeeper[] lay(final TreePlan plan) {
        final ArenaKeeper[] arenas = new ArenaKeeper[plan.daemons().size()];
        final List<Path> made = new ArrayList<>();
        for (int i = 0; i < arenas.length; i++) {
            final DaemonPlan daemon = plan.daemons().get(i);
            final Path file = runDirectory.resolve(daemon.arenaFile());
            final DiskArena disk = daemon.isOnDisk() ? new DiskArena(os, daemon) : null;
            if (disk != null) {
                disk.link(file);
            }
            final Path real = disk == null ? file : disk.file();
            ArenaKeeper.removeDraft(real);
            Memory arena;
            try {
                arena = existing(real, daemon, disk);
                if (arena == null) {
                    made.add(real);
                    arena = ArenaFile.create(os, real, daemon);
                }
            } catch (final OsException refused) {
                giveBack(made);
                throw new StartException(explain(refused, real.getParent(), plan));
            }
            if (disk != null) {
                disk.beginUse(arena);
            }
            arenas[i] = new ArenaKeeper(os, daemon, real);
            tellReadersOfOldOnes(daemon);
        }
        return arenas;
    }

    /** A root that died while it set an arena aside may not have told those who still map it. */
    private void tellReadersOfOldOnes(final DaemonPlan daemon) {
        for (final Path aside : QuarantinedArenas.of(daemon, runDirectory)) {
            final FileWindow old = FileWindow.open(aside, Long.BYTES);
            old.load(ArenaLayout.MAGIC_OFFSET);
            if (old.getLong(0) == ArenaLayout.MAGIC) {
                old.putInt(ArenaLayout.SET_ASIDE, 1);
            }
            old.close();
        }
    }

    /** Says of the arenas on disk that they are whole; for when no process uses them any more. */
    void leave(final TreePlan plan) {
        for (final DaemonPlan daemon : plan.daemons()) {
            if (daemon.isOnDisk()) {
                new DiskArena(os, daemon).endUse();
            }
        }
    }

    /**
     * Maps the arena while nobody else has it, where it can be kept.
     *
     * @return null where there is none to keep
     */
    private Memory existing(final Path file, final DaemonPlan daemon, final DiskArena disk) {
        if (!Files.exists(file)) {
            return null;
        }
        Memory arena;
        try {
            arena = MappedFile.writable(file);
        } catch (final ArenaException empty) {
            return null;
        }
        if (!ArenaFile.isComplete(arena)) {
            if (ArenaFile.wasInUse(arena)) {
                setAside(file);
            }
            return null;
        }
        if (disk != null && !disk.isTrusted(arena)) {
            if (daemon.onCrash() == OnCrash.RESET) {
                System.err.println(
                        "root: "
                                + file
                                + ": the machine went down while it was in use; reset, as onCrash says");
                return null;
            }
            throw new StartException(
                    file
                            + ": the machine went down while it was in use, so it may be torn and is not trusted; drop it by \"coppice clean\", or say \"onCrash\": \"reset\" in the manifest");
        }
        // A migration may need more room than the earlier build had; a reload may give less.
        arena = ArenaFile.fit(os, file, arena, daemon);
        final String difference = difference(file, arena, daemon);
        if (difference != null) {
            throw new StartException(
                    file
                            + ": the state that was kept "
                            + difference
                            + "; start with the manifest it was made with, or drop it by \"coppice clean\"");
        }
        return arena;
    }

    private static String difference(final Path file, final Memory arena, final DaemonPlan daemon) {
        try {
            return ArenaFile.difference(arena, daemon);
        } catch (final DamagedArenaException damaged) {
            throw new StartException(
                    file
                            + ": "
                            + damaged.getMessage()
                            + "; look at it with \"coppice state verify "
                            + file
                            + "\", then move it away, or drop it by \"coppice clean\"");
        }
    }

    /** Keeps what was an arena once: without its magic no daemon can take it over. */
    private static void setAside(final Path file) {
        final Path aside = QuarantinedArenas.freeName(file);
        if (aside == null) {
            throw new StartException(
                    file
                            + ": is damaged, and "
                            + QuarantinedArenas.MOST
                            + " arenas of this daemon are set aside already; move or remove one");
        }
        try {
            Files.move(file, aside);
        } catch (final IOException refused) {
            throw new StartException(file + ": is damaged and cannot be set aside: " + refused);
        }
        System.err.println(
                "root: arena "
                        + file
                        + ": its head is damaged: SET ASIDE as "
                        + aside
                        + ", the daemon starts on a fresh one; look at it with \"coppice state verify "
                        + aside
                        + "\"");
    }

    private static String explain(
            final OsException refused, final Path folder, final TreePlan plan) {
        if (refused.errno() != Errno.ENOSPC && refused.errno() != Errno.EDQUOT) {
            return refused.getMessage();
        }
        final StringBuilder message = new StringBuilder();
        long needed = 0;
        for (final DaemonPlan daemon : plan.daemons()) {
            needed += daemon.memoryBytes();
            message.append(message.isEmpty() ? "" : " + ")
                    .append(daemon.name())
                    .append(' ')
                    .append(daemon.memoryBytes());
        }
        return folder
                + ": no space for the arenas: "
                + needed
                + " bytes are needed ("
                + message
                + "), "
                + free(folder)
                + "; free some, lower \"memory\" in the manifest, or set COPPICE_RUN (COPPICE_STATE for arenas on disk) to a larger file system";
    }

    private static String free(final Path folder) {
        try {
            final var store = Files.getFileStore(folder);
            return store.getUsableSpace() + " of " + store.getTotalSpace() + " are free";
        } catch (final IOException unknown) {
            return "how many are free cannot be told";
        }
    }

    private static void giveBack(final List<Path> files) {
        for (final Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (final IOException kept) {
                System.err.println("root: " + file + " could not be removed: " + kept.getMessage());
            }
        }
    }
}
