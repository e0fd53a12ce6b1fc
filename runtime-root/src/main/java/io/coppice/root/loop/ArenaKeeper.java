package io.coppice.root.loop;

import io.coppice.os.Errno;
import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.FileWindow;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.SetAside;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.task.PoolLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The arena of one daemon as root has it: a window on its words, and a way to put a fresh file in
 * its place. For root's thread.
 *
 * <p>Ordering of {@link #setAside}. The fresh file is made whole under a name that nobody maps, so
 * root stores in it as it does before anything is spawned. Then the old file gets its new name,
 * then the fresh one the old name, then the old one, which siblings may still map, the word that
 * says so. A root that dies before the first rename leaves a draft, which the next one removes;
 * between the two, no arena, and the next one makes one; before the word, siblings that the next
 * root ends all the same.
 */
final class ArenaKeeper {
    private static final String DRAFT_SUFFIX = ".new";

    /** No daemon dies so often: an epoch in an arena that is higher is damage. */
    private static final long EPOCHS_MAX = 1L << 40;

    private final OperatingSystem os;
    private final DaemonPlan daemon;
    private final Path file;
    private FileWindow window;

    /** Opens an arena that is there; {@code file} is its own place, not a link to it. */
    ArenaKeeper(final OperatingSystem os, final DaemonPlan daemon, final Path file) {
        this.os = os;
        this.daemon = daemon;
        this.file = file;
        this.window = open();
    }

    /** Returns the window on the arena, for whoever loads it anew. */
    FileWindow window() {
        return window;
    }

    /** Loads a word of the arena. */
    long read(final int word) {
        window.load(word);
        return window.getLong(0);
    }

    /**
     * Returns the last epoch that was given out for this arena, as the arena says: for where no
     * board knows. Given out again, words of the earlier incarnation, "I am ready" among them,
     * would be taken for those of the next one.
     */
    long lastEpoch() {
        final long inArena =
                Math.max(OwnerWord.epoch(read(ArenaLayout.OWNER)), read(ArenaLayout.WARM));
        return inArena >= EPOCHS_MAX ? 0 : inArena;
    }

    /**
     * Puts a fresh arena in the place of this one, which is kept under another name. Nobody may
     * have the arena meanwhile: the daemon is certified dead. Says in root's log what it did, and
     * never throws.
     */
    SetAside setAside() {
        final Path aside = QuarantinedArenas.freeName(file);
        if (aside == null) {
            tell(
                    "cannot be set aside: "
                            + QuarantinedArenas.MOST
                            + " are kept already; move or remove one");
            return SetAside.TOO_MANY;
        }
        try {
            replace(aside);
        } catch (final OsException refused) {
            tell("cannot be set aside: no fresh one can be made: " + refused.getMessage());
            return refused.errno() == Errno.ENOSPC || refused.errno() == Errno.EDQUOT
                    ? SetAside.NO_SPACE
                    : SetAside.REFUSED;
        } catch (final IOException | RuntimeException refused) {
            tell("cannot be set aside: " + refused);
            return SetAside.REFUSED;
        }
        tell(
                "its recovery failed too often: SET ASIDE as "
                        + aside
                        + ", the daemon starts on a fresh one; look at it with \"coppice state verify "
                        + aside
                        + "\"");
        return SetAside.DONE;
    }

    private void replace(final Path aside) throws IOException {
        final Path draft = draft(file);
        try {
            final Memory fresh = ArenaFile.create(os, draft, daemon);
            if (daemon.isOnDisk()) {
                DiskArena.beginUse(os, draft, fresh);
            }
            if (Files.exists(file)) {
                Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            // Where it was refused: a file of this size is not left behind.
            Files.deleteIfExists(draft);
        }
        final FileWindow old = window;
        window = open();
        old.putInt(ArenaLayout.SET_ASIDE, 1);
        old.close();
    }

    private FileWindow open() {
        // The words of a worker's slot are the most that root looks at.
        return FileWindow.open(file, PoolLayout.SLOT_WORDS_BYTES);
    }

    private void tell(final String what) {
        System.err.println("root: arena " + file + ": " + what);
    }

    private static Path draft(final Path arenaFile) {
        return arenaFile.resolveSibling(arenaFile.getFileName() + DRAFT_SUFFIX);
    }

    /** Removes what a root that died while it made a fresh arena has left. */
    static void removeDraft(final Path arenaFile) {
        try {
            Files.deleteIfExists(draft(arenaFile));
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    draft(arenaFile) + ": cannot be removed: " + refused.getMessage(), refused);
        }
    }
}
