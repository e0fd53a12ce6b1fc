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
        final boolean write = mode == MapMode.READ_WRITE;
        try (FileChannel channel =
                write
                        ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        : FileChannel.open(file, StandardOpenOption.READ)) {
            final long bytes = Math.min(channel.size() - offset, most);
            if (bytes <= 0) {
                throw new ArenaException(file + ": is empty or shorter than " + offset + " bytes");
            }
            return mapOnce(channel, new Mapping(fileKey(file), mode, offset, bytes));
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

    /** Where the file system names no key, nothing is shared. */
    private static Object fileKey(final Path file) throws IOException {
        final Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? new Object() : key;
    }

    /** Returns whether the file is there and not empty. */
    public static boolean exists(final Path file) {
        return Files.isRegularFile(file);
    }
}
