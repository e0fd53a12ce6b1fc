package io.coppice.pool.board;

/**
 * What the last death of a daemon meant, and what the next judgement needs, on the board, so that
 * another root counts on where the last one stopped. What the deaths were is in {@link
 * DeathHistoryLayout}.
 *
 * <pre>
 *      0  current        0 or 1: which copy counts
 *     64  copies[2]      576 bytes each
 *
 *      0  epoch          the incarnation whose death was judged last; 0 after deaths were forgotten
 *      8  event          what that death meant, an ordinal of root's table
 *     16  judgedNs       System.nanoTime() of that
 *     24  delayNs        until it is to start again
 *     32  restarts       respawns after a death, that one included
 *     40  inARow         restarts since deaths were forgotten
 *     48  deaths         of the window
 *     56  reason         a {@link QuarantineReason}: why the last death was one too many
 *     64  times[64]      System.nanoTime() of the newest of them, the oldest first
 * </pre>
 *
 * Ordering: root writes the copy that does not count, then stores {@code current} with release. A
 * death of root before that store leaves the death unjudged and the next root judges it; after it,
 * the next root finds the judgement by its epoch and only carries it out. So no death counts twice
 * and none is forgotten. Root alone reads it.
 */
public final class RestartHistoryLayout {
    /** How many times of deaths are remembered. Older ones of the window count as the oldest. */
    public static final int TIMES = 64;

    static final int CURRENT = 0;
    static final int COPIES = 64;

    static final int EPOCH = 0;
    static final int EVENT = 8;
    static final int JUDGED_NS = 16;
    static final int DELAY_NS = 24;
    static final int RESTARTS = 32;
    static final int IN_A_ROW = 40;
    static final int DEATHS = 48;
    static final int REASON = 56;
    static final int DEATH_TIMES = 64;
    static final int COPY_BYTES = DEATH_TIMES + TIMES * Long.BYTES;

    /** Size of one daemon's history. */
    static final int HISTORY_BYTES = COPIES + 2 * COPY_BYTES;

    static {
        if (REASON + Long.BYTES > DEATH_TIMES || COPY_BYTES % Long.BYTES != 0) {
            throw new AssertionError("the parts of a history do not fit together");
        }
    }

    private RestartHistoryLayout() {}
}
