package io.coppice.ring;

/** What the writer of a ring does where a reader is slow. The order is part of the file format. */
public enum RingMode {
    /** It waits for every reader; nothing is lost. */
    LOSSLESS,

    /** It never waits and looks at no reader: the oldest records make room for new ones. */
    LATEST,

    /** It waits as each reader's {@link ReaderPolicy} says, then overtakes that reader. */
    DROPPING;

    private static final RingMode[] ALL = values();

    /** Returns whether a record may be overwritten while somebody reads it. */
    boolean mayOvertake() {
        return this != LOSSLESS;
    }

    /** Returns the mode of a word in a ring, or null where it means none. */
    static RingMode of(final long word) {
        return word < 0 || word >= ALL.length ? null : ALL[(int) word];
    }
}
