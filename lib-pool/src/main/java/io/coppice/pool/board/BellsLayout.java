package io.coppice.pool.board;

/**
 * The bells: two cache lines for each slot of the tree, writable by all.
 *
 * <pre>
 *      0  sequence   32 bits, counts rings: the futex word
 *      4  sleepers   32 bits, 1 while the owner may be asleep
 * </pre>
 *
 * Ordering: a ringer adds to {@code sequence}, then looks at {@code sleepers}; the owner stores
 * {@code sleepers}, then lets the kernel compare {@code sequence}. Both sides use one total order,
 * so either the ringer sees the sleeper or the kernel sees the ring. A death between any two
 * stores, or a damaged bell, costs a spurious or a late wake-up and nothing else, since every wait
 * is bounded.
 */
public final class BellsLayout {
    static final int SEQUENCE = 0;
    static final int SLEEPERS = 4;

    /** Two lines each, since processors fetch lines in pairs. */
    static final int BELL_BYTES = 128;

    private BellsLayout() {}

    /** Returns the size of the file for a number of slots. */
    public static long bytes(final int slots) {
        return (long) slots * BELL_BYTES;
    }
}
