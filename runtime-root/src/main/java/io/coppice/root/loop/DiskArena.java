package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.FileWindow;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The arena of one daemon on disk.
 *
 * <p>What a process stores there is in the kernel's pages at once and on the disk at some time, in
 * any order; the journal covers the death of processes and not that of the machine. So a file is
 * trusted in two cases. Its pages may never have left memory: the boot that used it last is this
 * one. Or the tree that used it last has ended in order: with every process certified dead root has
 * the file written out, then stores the mark, then has that written out.
 *
 * <p>Ordering. Before anything is spawned root stores this boot, clears the mark and has both
 * written out; so a machine that goes down from then on leaves another boot and no mark. The mark
 * is written out after all else; so where it is found, all else is there.
 */
final class DiskArena {
    private static final long CLEAN = 1;

    private final OperatingSystem os;
    private final Path file;

    DiskArena(final OperatingSystem os, final DaemonPlan daemon) {
        this.os = os;
        this.file = Path.of(daemon.stateFolder()).resolve(daemon.arenaFile());
    }

    Path file() {
        return file;
    }

    /** Makes the folder, open to its owner alone. */
    void makeFolder() {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (final IOException refused) {
            throw refusal(refused);
        }
    }

    private StartException refusal(final IOException refused) {
        return new StartException(
                file.getParent()
                        + ": cannot hold an arena on disk ("
                        + refused
                        + "); set COPPICE_STATE to a folder that can");
    }

    /** Makes the folder, and a link to the file where arenas lie. */
    void link(final Path link) {
        makeFolder();
        try {
            // One that is right is left alone: a daemon may be about to follow it.
            if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(file)) {
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, file);
            }
        } catch (final IOException refused) {
            throw refusal(refused);
        }
    }

    /** Returns whether what an arena holds is what processes have stored there. */
    boolean isTrusted(final Memory arena) {
        final long boot = os.bootId();
        return arena.getLong(ArenaLayout.CLEAN_STOP) == CLEAN
                || boot != 0 && arena.getLong(ArenaLayout.BOOT_ID) == boot;
    }

    /** Says on the disk that the arena is in use by this boot. */
    void beginUse(final Memory arena) {
        beginUse(os, file, arena);
    }

    /** Does the same for a file under whatever name. */
    static void beginUse(final OperatingSystem os, final Path file, final Memory arena) {
        arena.putLong(ArenaLayout.BOOT_ID, os.bootId());
        arena.putLong(ArenaLayout.CLEAN_STOP, 0);
        writeOut(file);
    }

    /** Says on the disk that the arena is whole; to be called when nobody uses it any more. */
    void endUse() {
        writeOut(file);
        final FileWindow head = FileWindow.open(file, Long.BYTES);
        head.putInt(ArenaLayout.CLEAN_STOP, (int) CLEAN);
        writeOut(file);
    }

    private static void writeOut(final Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    file + ": cannot be written out: " + refused.getMessage(), refused);
        }
    }
}
