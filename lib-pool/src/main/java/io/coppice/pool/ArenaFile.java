package io.coppice.pool;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Makes and recognises arena files. Root makes them before anything is spawned, and never reads
 * what children write there except single words at fixed offsets.
 */
public final class ArenaFile {
    private ArenaFile() {}

    /**
     * Creates an arena with every page allocated and its fixed structures in the directory. The
     * magic is stored last: a file without it is a creation that was cut, and is made again: as a
     * new file, so that nothing of the old one is taken for zeroes.
     *
     * @throws io.coppice.os.OsException ENOSPC where the file system is full
     * @throws ArenaException where the fixed structures do not fit
     */
    public static Memory create(
            final OperatingSystem os, final Path file, final DaemonPlan daemon) {
        final List<Structure> fixed = ArenaPlan.fixedStructures(daemon);
        requireRoom(daemon, fixed.size());
        remove(file);
        os.preallocate(file, daemon.memoryBytes());
        final Memory arena = MappedFile.writable(file);
        layOut(arena, daemon, fixed);
        return arena;
    }

    /**
     * Makes an arena in memory that no other process has, for a rehearsal.
     *
     * @param zeroes as many as the plan says
     * @throws ArenaException where the fixed structures do not fit
     */
    public static void layOutScratch(final Memory zeroes, final DaemonPlan daemon) {
        final List<Structure> fixed = ArenaPlan.fixedStructures(daemon);
        requireRoom(daemon, fixed.size());
        layOut(zeroes, daemon, fixed);
    }

    private static void layOut(
            final Memory arena, final DaemonPlan daemon, final List<Structure> fixed) {
        for (int i = 0; i < fixed.size(); i++) {
            writeEntry(arena, i, fixed.get(i), 0);
        }
        final long structuresOffset = ArenaPlan.fixedBytes(daemon);
        arena.putInt(ArenaLayout.VERSION_OFFSET, ArenaLayout.FORMAT_VERSION);
        arena.putLong(ArenaLayout.ARENA_BYTES, daemon.memoryBytes());
        arena.putLong(ArenaLayout.STRUCTURES_OFFSET, structuresOffset);
        // New files differ in their generation, or a reader's cursor of an earlier file would match
        // by chance.
        arena.putLong(ArenaLayout.GENERATION, System.currentTimeMillis());
        arena.putLong(ArenaLayout.FIXED_ENTRY_COUNT, fixed.size());
        arena.putLong(ArenaLayout.ENTRY_COUNT, fixed.size());
        arena.putLong(ArenaLayout.ALLOCATED_BYTES, structuresOffset);
        arena.putLong(ArenaLayout.PHASE, ArenaLayout.PHASE_EMPTY);
        arena.putLongRelease(ArenaLayout.MAGIC_OFFSET, ArenaLayout.MAGIC);
    }

    /** Returns whether the range is an arena whose creation was finished. */
    public static boolean isComplete(final Memory arena) {
        return arena.bytes() >= ArenaLayout.FIXED_OFFSET
                && arena.getLongAcquire(ArenaLayout.MAGIC_OFFSET) == ArenaLayout.MAGIC;
    }

    /**
     * Makes an existing arena as large as its plan says, where it is smaller; while nobody else has
     * it. What is new is zeroes behind everything. The file is lengthened first, then {@code
     * arenaBytes} is stored: a death between leaves a file that is longer than its head says, which
     * the next call completes.
     *
     * @param arena a range for which {@link #isComplete} holds
     * @return all of the arena, mapped anew where it has grown
     * @throws io.coppice.os.OsException ENOSPC where the file system is full
     */
    public static Memory grow(
            final OperatingSystem os,
            final Path file,
            final Memory arena,
            final DaemonPlan daemon) {
        if (arena.getInt(ArenaLayout.VERSION_OFFSET) != ArenaLayout.FORMAT_VERSION
                || arena.getLong(ArenaLayout.ARENA_BYTES) >= daemon.memoryBytes()
                || arena.bytes() > daemon.memoryBytes()) {
            return arena;
        }
        os.preallocate(file, daemon.memoryBytes());
        final Memory grown = MappedFile.writable(file);
        grown.putLongRelease(ArenaLayout.ARENA_BYTES, daemon.memoryBytes());
        return grown;
    }

    /**
     * Makes an existing arena as large as its plan says, while nobody else stores in it: {@link
     * #grow}, or the end that no structure has is cut off. For that {@code arenaBytes} is stored
     * first: a death before the cut leaves a file that is longer than its head says, which the next
     * call completes. Who reads the structures goes on, since none of them moves. Where they need
     * more than the plan gives, nothing is done.
     *
     * @param arena a range for which {@link #isComplete} holds
     * @return all of the arena, mapped anew where its size has changed
     * @throws io.coppice.os.OsException ENOSPC where the file system is full
     */
    public static Memory fit(
            final OperatingSystem os,
            final Path file,
            final Memory arena,
            final DaemonPlan daemon) {
        if (arena.bytes() <= daemon.memoryBytes()) {
            return grow(os, file, arena, daemon);
        }
        if (formatDifference(arena) != null
                || leastBytes(arena, daemon) > daemon.memoryBytes()
                || leastBytes(arena, daemon) < ArenaLayout.FIXED_OFFSET) {
            return arena;
        }
        arena.putLongRelease(ArenaLayout.ARENA_BYTES, daemon.memoryBytes());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(daemon.memoryBytes());
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    file + ": cannot be cut: " + refused.getMessage(), refused);
        }
        return MappedFile.writable(file);
    }

    /**
     * Returns how many bytes the fixed structures of a plan and the structures that an arena has
     * take; as far as the arena says so.
     */
    public static long leastBytes(final Memory arena, final DaemonPlan daemon) {
        return Math.max(arena.getLong(ArenaLayout.ALLOCATED_BYTES), ArenaPlan.fixedBytes(daemon));
    }

    /**
     * Says how an existing arena differs from its plan, in one line, or returns null where it fits.
     *
     * @param arena a range for which {@link #isComplete} holds
     */
    public static String difference(final Memory arena, final DaemonPlan daemon) {
        final String format = formatDifference(arena);
        if (format != null) {
            return format;
        }
        if (arena.bytes() != daemon.memoryBytes()) {
            return "has " + arena.bytes() + " bytes, the manifest says " + daemon.memoryBytes();
        }
        return fixedDifference(arena, daemon);
    }

    /**
     * Says how the fixed structures of an arena differ from its plan, whatever their sizes are, in
     * one line, or returns null where they fit.
     *
     * @param arena a range for which {@link #isComplete} holds
     */
    public static String fixedDifference(final Memory arena, final DaemonPlan daemon) {
        final String format = formatDifference(arena);
        if (format != null) {
            return format;
        }
        final List<Structure> fixed = ArenaPlan.fixedStructures(daemon);
        if (arena.getLong(ArenaLayout.FIXED_ENTRY_COUNT) != fixed.size()) {
            return "has "
                    + (arena.getLong(ArenaLayout.FIXED_ENTRY_COUNT) - 1)
                    + " pools, the manifest "
                    + (fixed.size() - 1);
        }
        for (int i = 0; i < fixed.size(); i++) {
            final Structure there = readEntry(arena, i);
            if (!there.isLike(fixed.get(i))) {
                return "has "
                        + describe(there)
                        + ", the manifest asks for "
                        + describe(fixed.get(i));
            }
        }
        return null;
    }

    /** Says in one line of which other format an arena is, or returns null. */
    static String formatDifference(final Memory arena) {
        final int version = arena.getInt(ArenaLayout.VERSION_OFFSET);
        return version == ArenaLayout.FORMAT_VERSION
                ? null
                : "is of format " + version + ", this program knows " + ArenaLayout.FORMAT_VERSION;
    }

    /**
     * Returns whether a file that is not complete was an arena in use, and not a creation that was
     * cut, which no daemon has ever had.
     */
    public static boolean wasInUse(final Memory arena) {
        return arena.bytes() >= ArenaLayout.FIXED_OFFSET
                && !isComplete(arena)
                && (arena.getLong(ArenaLayout.MAGIC_OFFSET) != 0
                        || arena.getLong(ArenaLayout.OWNER) != 0);
    }

    private static void requireRoom(final DaemonPlan daemon, final int fixedEntries) {
        if (fixedEntries > ArenaLayout.DIRECTORY_ENTRIES) {
            throw new ArenaException(
                    daemon.name() + ": more than " + ArenaLayout.DIRECTORY_ENTRIES + " structures");
        }
        final long missing = ArenaPlan.fixedBytes(daemon) - daemon.memoryBytes();
        if (missing > 0) {
            throw new ArenaException(
                    daemon.name()
                            + ": \"memory\" of "
                            + daemon.memoryBytes()
                            + " bytes is too small by "
                            + missing
                            + " for the head, the journal and the pools; raise it in the manifest");
        }
    }

    private static void remove(final Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    file + ": cannot be replaced: " + refused.getMessage(), refused);
        }
    }

    static String describe(final Structure structure) {
        return structure.name() + " of " + structure.bytes() + " bytes";
    }

    static void writeEntry(
            final Memory arena, final int index, final Structure structure, final long bodyOffset) {
        final long entry = ArenaLayout.entry(index);
        final byte[] name = nameBytes(structure.name());
        arena.putInt(entry + ArenaLayout.ENTRY_NAME_LENGTH, name.length);
        arena.putInt(entry + ArenaLayout.ENTRY_KIND, structure.kind().ordinal());
        arena.putLong(entry + ArenaLayout.ENTRY_OFFSET, structure.offset());
        arena.putLong(entry + ArenaLayout.ENTRY_SIZE, structure.bytes());
        arena.putBytes(entry + ArenaLayout.ENTRY_NAME, name, 0, name.length);
        // Also where it is 0: a reset leaves the entries as they were.
        arena.putLong(entry + ArenaLayout.ENTRY_BODY_OFFSET, bodyOffset);
    }

    static byte[] nameBytes(final String name) {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > ArenaLayout.NAME_BYTES_MAX) {
            throw new ArenaException(
                    "structure \""
                            + name
                            + "\": a name has 1 to "
                            + ArenaLayout.NAME_BYTES_MAX
                            + " bytes");
        }
        return bytes;
    }

    /**
     * Reads a directory entry, trusting nothing.
     *
     * @throws DamagedArenaException where the entry cannot be right
     */
    static Structure readEntry(final Memory arena, final int index) {
        final long entry = ArenaLayout.entry(index);
        final int nameLength = arena.getInt(entry + ArenaLayout.ENTRY_NAME_LENGTH);
        final int kind = arena.getInt(entry + ArenaLayout.ENTRY_KIND);
        final long offset = arena.getLong(entry + ArenaLayout.ENTRY_OFFSET);
        final long bytes = arena.getLong(entry + ArenaLayout.ENTRY_SIZE);
        final boolean whole =
                nameLength > 0
                        && nameLength <= ArenaLayout.NAME_BYTES_MAX
                        && kind >= 0
                        && kind < StructureKind.values().length
                        && bytes > 0
                        && offset >= ArenaLayout.FIXED_OFFSET
                        && offset <= arena.bytes() - bytes;
        if (!whole) {
            throw new DamagedArenaException(
                    "directory entry " + index + " at offset " + entry + " is damaged");
        }
        final byte[] name = new byte[nameLength];
        arena.getBytes(entry + ArenaLayout.ENTRY_NAME, name, 0, nameLength);
        return new Structure(
                new String(name, StandardCharsets.UTF_8),
                StructureKind.values()[kind],
                offset,
                bytes);
    }
}
