package io.coppice.pool.board;

/**
 * The last deaths of one daemon, on the board behind the process table; root alone writes it.
 *
 * <pre>
 *      0  count             deaths ever written down
 *     64  deaths[16]        40 bytes each; the i-th lies in line i modulo 16
 *            0  atMs        wall clock
 *            8  epoch
 *           16  exitClass   an {@link ExitClass}
 *           24  exitStatus
 *           32  0
 * </pre>
 *
 * Ordering: a line is stored first, then {@code count} with release, and a reader loads {@code
 * count} with acquire, so every line that it counts is whole. Only the newest {@link #SHOWN} are
 * read, and those that root may have begun to write over meanwhile are left out after a second look
 * at {@code count}. A root that dies before it has stored {@code count} leaves a line that nobody
 * counts, and that the next death is written over. A new root copies what it finds to a board that
 * nobody sees yet.
 */
final class DeathHistoryLayout {
    static final int COUNT = 0;
    static final int LINES = 64;
    static final int LINE_BYTES = 40;
    static final int AT_MS = 0;
    static final int EPOCH = 8;
    static final int EXIT_CLASS = 16;
    static final int EXIT_STATUS = 24;

    /** Lines there are: more than are shown, so that a slow reader is seldom overtaken. */
    static final int KEPT = 16;

    /** Deaths that a reader is shown at most. */
    static final int SHOWN = 8;

    /** The history of one daemon. */
    static final int BYTES = LINES + KEPT * LINE_BYTES;

    static {
        if (BYTES % Long.BYTES != 0 || SHOWN >= KEPT || EXIT_STATUS + Long.BYTES > LINE_BYTES) {
            throw new AssertionError("the parts of a death history do not fit together");
        }
    }

    private DeathHistoryLayout() {}

    static long line(final long index) {
        return LINES + index % KEPT * LINE_BYTES;
    }
}
