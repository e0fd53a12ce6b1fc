package io.coppice.pool;

/**
 * How far an incarnation of a daemon has come in its recovery, in one 64-bit word of the arena's
 * head. It is for root, which compares the word with those two that the incarnation it has just
 * buried can have left, and takes any other for "it did not come so far".
 *
 * <pre>
 *   63                1   0
 *  +-------------------+----+
 *  |       epoch       | at |     at: 1 while it recovers, 0 once it has
 *  +-------------------+----+
 * </pre>
 *
 * <p>Ordering. The first word is stored (release) before the first store of the recovery, the
 * second (release) after its last; a death in between leaves the first, whatever else it leaves.
 */
public final class RecoveryWord {
    private RecoveryWord() {}

    /** Returns the word of an incarnation that recovers. */
    public static long begun(final long epoch) {
        return epoch << 1 | 1;
    }

    /** Returns the word of an incarnation that has recovered. */
    public static long done(final long epoch) {
        return epoch << 1;
    }
}
