package io.coppice.pool.board;

/**
 * How long turns of root's loop took, without their waits: a count for each of {@link #CLASSES}
 * classes of times. Two classes share each doubling, so that a time is known to within a half.
 */
public final class TurnTimes {
    /** How many classes there are. */
    public static final int CLASSES = 24;

    /** The first class ends here, in nanoseconds, as a power of two. */
    private static final int FIRST_BITS = 10;

    private TurnTimes() {}

    /**
     * Returns the class that a time is counted in. Allocates nothing.
     *
     * @param ns 0 or more
     */
    public static int classOf(final long ns) {
        final long units = ns >> FIRST_BITS;
        if (units <= 1) {
            return (int) Math.max(0, units);
        }
        final int doublings = Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
        final int half = (int) ((units >> (doublings - 1)) & 1);
        return Math.min(CLASSES - 1, 2 * doublings + half);
    }

    /**
     * Returns what the times of a class are shorter than, in nanoseconds.
     *
     * @param index 0 to {@link #CLASSES}, without it; the last one's times may be any longer
     */
    public static long belowNs(final int index) {
        if (index <= 1) {
            return (long) (index + 1) << FIRST_BITS;
        }
        final int doublings = index / 2;
        final long units = index % 2 == 0 ? 3L << (doublings - 1) : 1L << (doublings + 1);
        return units << FIRST_BITS;
    }
}
