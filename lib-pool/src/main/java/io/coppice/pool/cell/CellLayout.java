package io.coppice.pool.cell;

/**
 * A cell; all offsets are from its start, which is 64-byte aligned.
 *
 * <pre>
 *      0  kind          1 a long, 2 a double, 3 a text
 *      8  textBytesMax  0 but for a text
 *     16  value         the number, or the bits of the double; deferred to the commit
 *     16  flips         of a text: counts its commits, the low bit says which copy holds;
 *                       deferred to the commit
 *     64  copies[2]     of a text, each a multiple of 64
 *
 *  copy:  0  lengthBytes
 *         8  bytes
 * </pre>
 */
public final class CellLayout {
    /** The longest text, in bytes. */
    public static final int TEXT_BYTES_LIMIT = 1 << 20;

    static final int KIND = 0;
    static final int TEXT_BYTES_MAX = 8;
    static final int VALUE = 16;
    static final int FLIPS = 16;
    static final int COPIES = 64;

    static final int COPY_LENGTH = 0;
    static final int COPY_TEXT = 8;

    static final int ALIGNMENT = 64;

    static {
        if (VALUE + Long.BYTES > COPIES || COPIES % ALIGNMENT != 0) {
            throw new AssertionError("the head of a cell must end before its copies");
        }
    }

    private CellLayout() {}

    static long copyBytes(final long textBytesMax) {
        return COPY_TEXT + textBytesMax + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Returns where the copy begins that holds after so many flips. */
    static long copy(final long flips, final long textBytesMax) {
        return COPIES + (flips & 1) * copyBytes(textBytesMax);
    }

    static long bytes(final CellKind kind, final long textBytesMax) {
        return kind == CellKind.TEXT ? COPIES + 2 * copyBytes(textBytesMax) : COPIES;
    }
}
