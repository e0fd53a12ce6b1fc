package io.coppice.pool;

/**
 * Who owns something: a slot of the tree and the epoch of its incarnation, in one 64-bit word.
 * Never a pid, which the kernel gives out again. 0 is nobody, since epochs begin at 1.
 *
 * <pre>
 *   63            16 15     0
 *  +----------------+--------+
 *  |     epoch      |  slot  |
 *  +----------------+--------+
 * </pre>
 */
public final class OwnerWord {
    /** The word of nobody. */
    public static final long NOBODY = 0;

    /** One more than the highest slot number. */
    public static final int SLOTS_MAX = 1 << 16;

    private static final int SLOT_BITS = 16;

    private OwnerWord() {}

    /** Packs a slot (0 to 65535) and an epoch (from 1, below 2^47). */
    public static long of(final int slot, final long epoch) {
        if (slot < 0
                || slot >= SLOTS_MAX
                || epoch < 1
                || epoch >= 1L << (Long.SIZE - 1 - SLOT_BITS)) {
            throw new IllegalArgumentException("slot " + slot + ", epoch " + epoch);
        }
        return epoch << SLOT_BITS | slot;
    }

    /** Returns the slot. */
    public static int slot(final long word) {
        return (int) (word & (SLOTS_MAX - 1));
    }

    /** Returns the epoch. */
    public static long epoch(final long word) {
        return word >>> SLOT_BITS;
    }
}
