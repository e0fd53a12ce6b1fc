package io.coppice.examples.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.MutableDirectBuffer;

/**
 * Reads a file as parts of lines. Where a part begins says all that is to be known: a reader that
 * is opened there goes on with the same parts.
 */
final class LineParts implements Closeable {
    /** Returned by {@link #read} behind the last line. */
    static final int NOTHING = -1;

    private static final int BUFFER_BYTES = 1 << 16;

    /** No byte. */
    private static final int END_OF_FILE = 256;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private long positionBytes;
    private boolean isLineEnded;

    private LineParts(final FileChannel channel, final long positionBytes) {
        this.channel = channel;
        this.positionBytes = positionBytes;
    }

    /**
     * Opens a file.
     *
     * @param positionBytes what {@link #positionBytes} said, 0 for the start
     */
    static LineParts open(final Path file, final long positionBytes) throws IOException {
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(positionBytes);
        return new LineParts(channel, positionBytes);
    }

    /** Returns where the next part begins, in bytes. */
    long positionBytes() {
        return positionBytes;
    }

    /** Returns whether the line ended with the part that was read last. */
    boolean isLineEnded() {
        return isLineEnded;
    }

    /**
     * Copies a line without its end, or as much of it as fits.
     *
     * @param into at least {@code bytesMax} bytes
     * @return how many bytes there are, maybe 0; {@link #NOTHING} at the end of the file
     */
    int read(final MutableDirectBuffer into, final int bytesMax) throws IOException {
        if (peek() == END_OF_FILE) {
            return NOTHING;
        }
        int length = 0;
        while (length < bytesMax && peek() != END_OF_FILE && peek() != '\n') {
            into.putByte(length++, buffer.get());
        }
        // A line that fills the part to its last byte ends with it; so does the file's last line.
        final int next = peek();
        isLineEnded = next == '\n' || next == END_OF_FILE;
        positionBytes += length;
        if (next == '\n') {
            buffer.get();
            positionBytes++;
        }
        return length;
    }

    private int peek() throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear();
            final int read = channel.read(buffer);
            buffer.flip();
            if (read < 0) {
                return END_OF_FILE;
            }
        }
        return buffer.get(buffer.position()) & 0xff;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
