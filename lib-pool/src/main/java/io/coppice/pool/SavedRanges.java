package io.coppice.pool;

/**
 * Remembers the ranges that were saved last, so that a range that is written again and again is
 * saved once. Lives in the writer's process alone; a miss costs an entry and nothing else.
 */
final class SavedRanges {
    /** A power of two. */
    private static final int PLACES = 64;

    private final long[] offsets = new long[PLACES];
    private final long[] lengths = new long[PLACES];
    private final long[] stamps = new long[PLACES];

    boolean has(final long offset, final long length, final long stamp) {
        final int place = place(offset);
        return stamps[place] == stamp && offsets[place] == offset && lengths[place] >= length;
    }

    void add(final long offset, final long length, final long stamp) {
        final int place = place(offset);
        offsets[place] = offset;
        lengths[place] = length;
        stamps[place] = stamp;
    }

    private static int place(final long offset) {
        return (int) (offset >>> 3) & PLACES - 1;
    }
}
