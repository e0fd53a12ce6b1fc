package io.coppice.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A few words of a file that other processes write and may damage. They come and go by system calls
 * and never through a mapping: a load from a page that somebody has cut off is a SIGBUS, of which
 * HotSpot makes an {@link InternalError} that arrives some instructions later, in whatever the
 * reader does by then. A system call just reads less.
 *
 * <p>A load copies its bytes once and in no certain order, so what it brings is advice: fit to be
 * compared, and to be checked against what the kernel says, and for nothing else. For one thread,
 * which nobody interrupts. Nothing but {@link #open} allocates.
 */
public final class FileWindow {
    private final FileChannel channel;
    private final ByteBuffer bytes;

    private FileWindow(final FileChannel channel, final int bytesMax) {
        this.channel = channel;
        this.bytes = ByteBuffer.allocateDirect(bytesMax).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Opens a file for the life of the process; a file put in its place later is not seen.
     *
     * @param bytesMax how much of it is looked at in one load
     */
    public static FileWindow open(final Path file, final int bytesMax) {
        try {
            return new FileWindow(
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    bytesMax);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    file + ": cannot be opened: " + refused.getMessage(), refused);
        }
    }

    /** Loads as much as the window holds, from an offset on; what the file does not have is 0. */
    public void load(final long offset) {
        bytes.clear();
        try {
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
                // A short read goes on where it stopped.
            }
        } catch (final IOException unreadable) {
            // As if the file ended here.
        }
        while (bytes.hasRemaining()) {
            bytes.put((byte) 0);
        }
    }

    /** Returns a 32-bit word of the last load. */
    public int getInt(final int at) {
        return bytes.getInt(at);
    }

    /** Returns a 64-bit word of the last load. */
    public long getLong(final int at) {
        return bytes.getLong(at);
    }

    /**
     * Lengthens the file with zeroes where somebody has cut it off, and where the disk has room.
     */
    public void lengthen(final long length) {
        try {
            if (channel.size() < length) {
                bytes.clear().limit(1);
                bytes.put(0, (byte) 0);
                channel.write(bytes, length - 1);
            }
        } catch (final IOException refused) {
            // It stays short until the next try.
        }
    }

    /** Closes the file; what is loaded afterwards is 0. */
    public void close() {
        try {
            channel.close();
        } catch (final IOException refused) {
            // There is nothing left to be done about it, and the file is only looked at.
        }
    }

    /** Stores a 32-bit word in the file, where the file takes it. Ends the last load. */
    public void putInt(final long offset, final int value) {
        bytes.clear().limit(Integer.BYTES);
        bytes.putInt(0, value);
        try {
            channel.write(bytes, offset);
        } catch (final IOException refused) {
            // Whoever waits for the word waits until his deadline.
        }
    }
}
