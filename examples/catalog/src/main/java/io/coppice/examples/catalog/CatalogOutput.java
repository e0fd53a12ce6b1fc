package io.coppice.examples.catalog;

import io.coppice.daemon.DoNotRestartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The catalogue's file. How long it is counts in the arena and not here: what a killed writer left
 * behind that length is written over by its successor.
 *
 * <p>Every refusal of the operating system is an {@link UncheckedIOException} with one line.
 */
final class CatalogOutput implements AutoCloseable {
    private final String file;
    private final FileChannel channel;

    private CatalogOutput(final String file, final FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens the file, or makes it; changes nothing in it. */
    static CatalogOutput open(final Path file) {
        try {
            final boolean isOther = Files.exists(file) && !Files.isRegularFile(file);
            if (isOther) {
                throw new FileSystemException(file.toString(), null, "it is not a regular file");
            }
            return new CatalogOutput(
                    text(file),
                    FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        } catch (final IOException refused) {
            throw new DoNotRestartException(
                    "the catalogue cannot be written to "
                            + text(file)
                            + ": "
                            + reason(refused)
                            + "; name another file in the setting \"output\"");
        }
    }

    /** Returns the file for people. */
    String file() {
        return file;
    }

    /** Returns how long the file is. */
    long length() {
        try {
            return channel.size();
        } catch (final IOException refused) {
            throw failed(refused);
        }
    }

    /** Writes all bytes at a position. */
    void write(final long position, final byte[] bytes) {
        try {
            final ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest, position + rest.position());
            }
        } catch (final IOException refused) {
            throw failed(refused);
        }
    }

    /** Cuts off what lies behind a length. */
    void truncate(final long length) {
        try {
            channel.truncate(length);
        } catch (final IOException refused) {
            throw failed(refused);
        }
    }

    /** Has everything reach the disk. */
    void force() {
        try {
            channel.force(true);
        } catch (final IOException refused) {
            throw failed(refused);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException refused) {
            throw failed(refused);
        }
    }

    private UncheckedIOException failed(final IOException refused) {
        return new UncheckedIOException(
                "writing the catalogue to " + file + ": " + reason(refused), refused);
    }

    private static String text(final Path file) {
        return PathText.of(RawPath.absoluteBytes(file));
    }

    private static String reason(final IOException refused) {
        if (refused instanceof NoSuchFileException) {
            return "there is no such folder";
        }
        if (refused instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (refused instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return String.valueOf(refused.getMessage());
    }
}
