package io.coppice.pool.block;

/**
 * What a holder is doing with a block, in one word: the state above, the block in the lower 32
 * bits. 0 is an entry that is not in use.
 */
final class LedgerEntry {
    /** No entry. */
    static final int NONE = 0;

    /** The holder sets its bit, in a transaction that is not committed. */
    static final int INTENT = 1;

    /** The daemon marks the block LEAVING, in a transaction that is not committed. */
    static final int LEAVING = 2;

    /** The holder's bit is set, and stays. Never the daemon's, whose bits alone say this. */
    static final int HELD = 3;

    /** The holder gives the block up. */
    static final int DROPPED = 4;

    /** The holder gives the block to the daemon. */
    static final int GIVEN = 5;

    /** The holder takes the block from the daemon and keeps it. */
    static final int TAKEN = 6;

    /** The holder takes the block from the daemon and gives it up. */
    static final int CONSUMED = 7;

    private static final int STATE_SHIFT = 32;

    private LedgerEntry() {}

    static long of(final int state, final int block) {
        return state == NONE ? 0 : (long) state << STATE_SHIFT | block;
    }

    /** Returns the state; anything where the word is damaged. */
    static int state(final long entry) {
        return (int) (entry >>> STATE_SHIFT);
    }

    /** Returns the block; anything where the word is damaged. */
    static int block(final long entry) {
        return (int) entry;
    }
}
