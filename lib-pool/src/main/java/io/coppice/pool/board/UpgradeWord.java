package io.coppice.pool.board;

/**
 * The board's word about the last upgrade: {@code number << 32 | slot << 8 | state}. The number
 * counts the upgrades of the tree, so that who asked for one can tell it from the next.
 */
public final class UpgradeWord {
    private static final int STATE_BITS = 8;
    private static final int NUMBER_SHIFT = 32;
    private static final long STATE_MASK = (1L << STATE_BITS) - 1;
    private static final long SLOT_MASK = (1L << NUMBER_SHIFT - STATE_BITS) - 1;

    private UpgradeWord() {}

    /** Packs the word. */
    public static long of(final long number, final int slot, final UpgradeState state) {
        return number << NUMBER_SHIFT | (long) slot << STATE_BITS | state.ordinal();
    }

    /** Returns which upgrade it is, from 1; 0 where there was none. */
    public static long number(final long word) {
        return word >>> NUMBER_SHIFT;
    }

    /** Returns the daemon's slot. */
    public static int slot(final long word) {
        return (int) (word >>> STATE_BITS & SLOT_MASK);
    }

    /** Returns how far it is. */
    public static UpgradeState state(final long word) {
        return UpgradeState.of(word & STATE_MASK);
    }

    /** Returns the word of the same upgrade in another state. */
    public static long with(final long word, final UpgradeState state) {
        return word & ~STATE_MASK | state.ordinal();
    }
}
