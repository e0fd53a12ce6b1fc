package io.coppice.examples.ledger;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.agrona.MutableDirectBuffer;

/** Reads a file of transfers, compressed where its name ends in {@code .gz}, batch by batch. */
final class TransferFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LINE_END_BYTES = 1;

    private final InputStream in;
    private long positionBytes;
    private boolean ended;

    private TransferFile(final InputStream in) {
        this.in = in;
    }

    /**
     * Opens a file behind its header, or where an earlier incarnation was.
     *
     * @param positionBytes what {@link #positionBytes} said, 0 for the start
     */
    static TransferFile open(final Path path, final long positionBytes) throws IOException {
        final InputStream raw = Files.newInputStream(path);
        final TransferFile file =
                new TransferFile(
                        new BufferedInputStream(
                                path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw,
                                BUFFER_BYTES));
        if (positionBytes == 0) {
            file.skipLine();
        } else {
            file.in.skipNBytes(positionBytes);
            file.positionBytes = positionBytes;
        }
        return file;
    }

    /** Returns where in the decompressed file the next batch begins, in bytes. */
    long positionBytes() {
        return positionBytes;
    }

    boolean isEnded() {
        return ended;
    }

    /**
     * Copies the next lines with their ends; of a line that is too long to be one the start.
     *
     * @param lines how many at most
     * @return the bytes copied, 0 at the end of the file
     */
    int read(final MutableDirectBuffer into, final int lines) throws IOException {
        int length = 0;
        for (int line = 0;
                line < lines
                        && !ended
                        && length + TransferLine.BYTES_MAX + 1 + LINE_END_BYTES <= into.capacity();
                line++) {
            length = readLine(into, length);
        }
        return length;
    }

    private int readLine(final MutableDirectBuffer into, final int start) throws IOException {
        int length = 0;
        int next = in.read();
        if (next < 0) {
            ended = true;
            return start;
        }
        while (next >= 0 && next != '\n') {
            positionBytes++;
            // One byte more than a line can have, so that what is cut off is no line either.
            if (length <= TransferLine.BYTES_MAX) {
                into.putByte(start + length++, (byte) next);
            }
            next = in.read();
        }
        positionBytes += next < 0 ? 0 : LINE_END_BYTES;
        into.putByte(start + length, (byte) '\n');
        return start + length + LINE_END_BYTES;
    }

    private void skipLine() throws IOException {
        int next;
        do {
            next = in.read();
            positionBytes += next < 0 ? 0 : 1;
        } while (next >= 0 && next != '\n');
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
