package io.coppice.ring;

/**
 * Why the writer of a ring no longer waits for a reader. The reader counts again as soon as its
 * position is one of the ring. The order is part of the file format.
 */
public enum CutOffReason {
    /** It is not cut off. */
    NONE,

    /** It used up the patience of its {@link ReaderPolicy}. */
    SLOW,

    /** Its position is beyond the newest record. */
    AHEAD,

    /** Its position went back behind the oldest record. */
    BEHIND,

    /** Its position is not that of a record. */
    NO_RECORD;

    private static final CutOffReason[] ALL = values();

    /** Returns the reason of a word in a ring; NONE where it means none. */
    static CutOffReason of(final long word) {
        return word < 0 || word >= ALL.length ? NONE : ALL[(int) word];
    }
}
