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

/**
 * Maps whole files for the life of the process. Nothing is ever unmapped, so no late access can
 * meet memory that is gone; how many files a process maps is bounded by the manifest.
 */
public final class MappedFile {
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
            return Memory.of(channel.map(mode, offset, bytes, Arena.global()));
        } catch (final NoSuchFileException missing) {
            throw new ArenaException(file + ": does not exist", missing);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    file + ": cannot be mapped: " + refused.getMessage(), refused);
        }
    }

    /** Returns whether the file is there and not empty. */
    public static boolean exists(final Path file) {
        return Files.isRegularFile(file);
    }
}
