package io.coppice.examples.pipeline;

import io.coppice.daemon.DoNotRestartException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that takes part in transactions. How long it is says a word of the arena, which changes
 * with the transaction; what a death has left behind that length is cut off by the successor. So
 * bytes are written first and counted afterwards, and what is counted is never written again.
 */
final class OutputFile implements Closeable {
    private final Path file;
    private final FileChannel channel;

    private OutputFile(final Path file, final FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the file, or makes it, and cuts off what does not count.
     *
     * @param committedBytes how long it is, 0 for a new one
     * @throws DoNotRestartException where it cannot be written, or is shorter than that
     */
    static OutputFile open(final Path file, final long committedBytes) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new DoNotRestartException(
                        file + ": is no regular file; name another in the setting \"output\"");
            }
            final FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            if (channel.size() < committedBytes) {
                final long there = channel.size();
                channel.close();
                throw new DoNotRestartException(
                        file
                                + ": has "
                                + there
                                + " bytes, of "
                                + committedBytes
                                + " that were written; put it back, or drop the state with"
                                + " \"coppice clean\" and run again");
            }
            channel.truncate(committedBytes);
            return new OutputFile(file, channel);
        } catch (final IOException refused) {
            throw new DoNotRestartException(
                    file
                            + ": cannot be written ("
                            + refused
                            + "); name another file in the setting \"output\"");
        }
    }

    Path file() {
        return file;
    }

    /** Writes all bytes at a position; they count once the caller has committed so. */
    void write(final long position, final ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Has everything reach the disk. */
    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
