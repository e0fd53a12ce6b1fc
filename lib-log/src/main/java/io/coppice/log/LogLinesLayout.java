package io.coppice.log;

/**
 * The newest log lines of one process, in an arena: slots and nothing else. How many there are
 * follows from the size of the structure, so that there is no head to lay out; zeroes are a
 * structure without lines.
 *
 * <pre>
 *      0  stamp     0: never used; 2n + 1: line n is being written; 2n + 2: line n is whole
 *      8  length    32 bits, bytes of text
 *     12  -
 *     16  text      UTF-8, at most 256 bytes
 * </pre>
 *
 * Lines are numbered from 0; line n lies in slot n modulo the number of slots.
 */
public final class LogLinesLayout {
    /** Name of the structure that {@link LogLines#open} lays out. */
    public static final String NAME = "log";

    /** Longest line, in bytes of UTF-8. */
    public static final int LINE_BYTES_MAX = 256;

    static final int STAMP = 0;
    static final int LENGTH = 8;
    static final int TEXT = 16;
    static final int SLOT_BYTES = TEXT + LINE_BYTES_MAX;

    /** No process writes as many lines; a stamp beyond it is damage. */
    static final long LINES_MAX = 1L << 48;

    static {
        if (SLOT_BYTES % Long.BYTES != 0) {
            throw new AssertionError("stamps must be aligned");
        }
    }

    private LogLinesLayout() {}

    /** Returns what a number of lines (1 or more) takes in an arena. */
    public static long bytes(final int lines) {
        return (long) lines * SLOT_BYTES;
    }

    /** Returns how many lines a structure of a size keeps. */
    static int lines(final long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / SLOT_BYTES);
    }

    /** Returns the stamp of a line that is being written. */
    static long writing(final long line) {
        return 2 * line + 1;
    }

    /** Returns the stamp of a line that is whole. */
    static long whole(final long line) {
        return 2 * line + 2;
    }

    /** Returns the line of a stamp, or -1 where the stamp cannot be one of this slot. */
    static long line(final long stamp, final int slot, final int slots) {
        final long line = stamp - 1 >> 1;
        return stamp > 0 && line < LINES_MAX && line % slots == slot ? line : -1;
    }
}
