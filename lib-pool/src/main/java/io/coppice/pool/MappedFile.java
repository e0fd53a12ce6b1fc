package io.coppice.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Maps files for the life of the process. Nothing is ever unmapped, so no late access can meet
 * memory that is gone. What is mapped already is given out again, so that the number of mappings is
 * bounded by the manifest and not by how often somebody looks. Safe from any thread.
 */
public final class MappedFile {
    /**
     * A mapping keeps its file's key from being given to another file, so a key found here is never
     * another file's.
     */
    private static final Map<Mapping, Memory> MAPPINGS = new HashMap<>();

    /** How often a file may be replaced while it is looked at. */
    private static final int REPLACED_MOST = 100;

    /**
     * What is mapped. Equality is written out: that of a record is linked at its first use, by
     * method handles, which takes longer than all else that a starting process does with its files.
     */
    private record Mapping(Object fileKey, MapMode mode, long offset, long bytes) {
        @Override
        public boolean equals(final Object other) {
            return other instanceof final Mapping that
                    && that.fileKey.equals(fileKey)
                    && that.mode.equals(mode)
                    && that.offset == offset
                    && that.bytes == bytes;
        }

        @Override
        public int hashCode() {
            return fileKey.hashCode() + Long.hashCode(offset * 31 + bytes);
        }
    }

    private MappedFile() {}

    /** Maps a file for reading and writing. */
    public static Memory writable(final Path file) {
        return map(file, MapMode.READ_WRITE, 0, Long.MAX_VALUE);
    }

    /** Maps a file for reading; the kernel refuses every store. */
    public static Memory readOnly(final Path file) {
        return map(file, MapMode.READ_ONLY, 0, Long.MAX_VALUE);
    }

    /** Maps a part of a file for reading; it is cut where the file ends. */
    public static Memory readOnly(final Path file, final long offset, final long bytes) {
        return map(file, MapMode.READ_ONLY, offset, bytes);
    }

    private static Memory map(
            final Path file, final MapMode mode, final long offset, final long most) {
        for (int attempt = 0; attempt < REPLACED_MOST; attempt++) {
            final Memory memory = tryMap(file, mode, offset, most);
            if (memory != null) {
                return memory;
            }
        }
        throw new ArenaException(file + ": is replaced again and again");
    }

    /**
     * Returns null where the file was replaced meanwhile. The key is that of whatever has the name:
     * taken after the file was opened, it could be that of its successor, which would then be taken
     * for mapped already, as the file that it replaced, for as long as this process lives. (Two
     * replacements between the two looks, the second of which is given the key of the first again,
     * would go unnoticed. What Coppice replaces, it replaces at most once in a start of a process.)
     */
    private static Memory tryMap(
            final Path file, final MapMode mode, final long offset, final long most) {
        final boolean write = mode == MapMode.READ_WRITE;
        try {
            final Object key = fileKey(file);
            try (FileChannel channel =
                    write
                            ? FileChannel.open(
                                    file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                            : FileChannel.open(file, StandardOpenOption.READ)) {
                if (!Objects.equals(key, fileKey(file))) {
                    return null;
                }
                final long bytes = Math.min(channel.size() - offset, most);
                if (bytes <= 0) {
                    throw new ArenaException(
                            file + ": is empty or shorter than " + offset + " bytes");
                }
                // Where the file system names no key, nothing is shared.
                return mapOnce(
                        channel,
                        new Mapping(key == null ? new Object() : key, mode, offset, bytes));
            }
        } catch (final NoSuchFileException missing) {
            throw new ArenaException(file + ": does not exist", missing);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    file + ": cannot be mapped: " + refused.getMessage(), refused);
        }
    }

    private static Memory mapOnce(final FileChannel channel, final Mapping mapping)
            throws IOException {
        synchronized (MAPPINGS) {
            Memory memory = MAPPINGS.get(mapping);
            if (memory == null) {
                memory =
                        Memory.of(
                                channel.map(
                                        mapping.mode(),
                                        mapping.offset(),
                                        mapping.bytes(),
                                        Arena.global()));
                MAPPINGS.put(mapping, memory);
            }
            return memory;
        }
    }

    /** Returns what tells a file from every other that is mapped; null where nothing does. */
    private static Object fileKey(final Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** Returns whether the file is there and not empty. */
    public static boolean exists(final Path file) {
        return Files.isRegularFile(file);
    }
}
