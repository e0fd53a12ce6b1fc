package io.coppice.pool.board;

import io.coppice.pool.FileWindow;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * The board's file, and root's own copy of it. Root is the only one who should write the file, but
 * its children run as the same user, and one that has gone mad can store there, or cut it off. So
 * root reads its own copy alone, and compares the two from time to time.
 *
 * <p>Ordering. Each store goes to the copy first, which nobody else sees, then to the file, in the
 * order and with the release that the caller asks for: for whoever reads the file, and for the next
 * root, there is no copy. A store into a file that was cut off throws an {@link InternalError}; the
 * copy has the word by then, and {@link #mend} brings it to the file later. A word that is mended
 * is stored with release; where nobody else has stored, nothing is.
 *
 * <p>For root's thread. Only {@link #of} allocates.
 */
final class BoardMirror {
    private final Memory file;
    private final Memory own;
    private final FileWindow window;

    BoardMirror(final Memory file, final Memory own, final FileWindow window) {
        this.file = file;
        this.own = own;
        this.window = window;
    }

    /** Maps the file and copies what it has. */
    static BoardMirror of(final Path path) {
        final Memory file = MappedFile.writable(path);
        final Memory own = Memory.of(Arena.global().allocate(file.bytes(), Long.BYTES));
        own.putBytes(0, file, 0, file.bytes());
        return new BoardMirror(file, own, FileWindow.open(path, Long.BYTES));
    }

    Memory file() {
        return file;
    }

    Memory own() {
        return own;
    }

    /** Returns a part of the file alone, which {@link #mend} has to be told to leave out. */
    Memory fileSlice(final long offset, final long length) {
        return file.slice(offset, length);
    }

    long getLong(final long offset) {
        return own.getLong(offset);
    }

    void putLong(final long offset, final long value) {
        own.putLong(offset, value);
        file.putLong(offset, value);
    }

    void putLongRelease(final long offset, final long value) {
        own.putLong(offset, value);
        file.putLongRelease(offset, value);
    }

    void putBytes(final long offset, final byte[] from, final int fromIndex, final int length) {
        own.putBytes(offset, from, fromIndex, length);
        file.putBytes(offset, from, fromIndex, length);
    }

    /**
     * Gives the file its length back and stores every word that differs from the copy.
     *
     * @param skipFrom where a part begins that is left as it is
     * @param skipTo where it ends
     */
    void mend(final long skipFrom, final long skipTo) {
        window.lengthen(file.bytes());
        mendRange(0, skipFrom);
        mendRange(skipTo, file.bytes());
    }

    private void mendRange(final long from, final long to) {
        for (long offset = from; offset + Long.BYTES <= to; offset += Long.BYTES) {
            final long word = own.getLong(offset);
            if (file.getLong(offset) != word) {
                file.putLongRelease(offset, word);
            }
        }
    }
}
