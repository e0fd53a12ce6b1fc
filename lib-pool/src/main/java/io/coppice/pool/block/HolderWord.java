package io.coppice.pool.block;

/**
 * Who holds a block, in one word that every change is a compare-and-set of. 0 is a free block.
 *
 * <pre>
 *    63     62      61                    0
 *  +------+---------+----------------------+
 *  | OWN  | LEAVING | a bit for each holder|
 *  +------+---------+----------------------+
 * </pre>
 *
 * The two flags say how the daemon, holder 0, came by its bit: it is the only holder whose bit
 * another may set (a gift), so after its death the bit alone does not say whether a step was made.
 * OWN: it set the bit itself. LEAVING: it means to clear the bit at its commit. A gift clears both.
 */
final class HolderWord {
    /** The block is free. */
    static final long FREE = 0;

    /** The daemon set its bit itself. */
    static final long OWN = 1L << 63;

    /** The daemon is about to clear its bit. */
    static final long LEAVING = 1L << 62;

    /** How many bits are flags. */
    static final int FLAGS = 2;

    /** The daemon. */
    static final int DAEMON = 0;

    private HolderWord() {}

    static long bit(final int holder) {
        return 1L << holder;
    }

    static boolean has(final long word, final int holder) {
        return (word & bit(holder)) != 0;
    }

    /** Returns a word to which a holder has added itself. */
    static long claimed(final long word, final int holder) {
        return word | bit(holder) | (holder == DAEMON ? OWN : 0);
    }

    /** Returns a word without a holder. */
    static long without(final long word, final int holder) {
        return word & ~bit(holder) & (holder == DAEMON ? ~(OWN | LEAVING) : ~0L);
    }

    /** Returns a word that a holder gave to the daemon. */
    static long given(final long word, final int holder) {
        return without(without(word, holder), DAEMON) | bit(DAEMON);
    }

    /** Returns a word that a holder took from the daemon. */
    static long taken(final long word, final int holder) {
        return without(word, DAEMON) | bit(holder);
    }
}
