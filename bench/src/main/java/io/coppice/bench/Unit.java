package io.coppice.bench;

/** What the figures of a case count. */
public enum Unit {
    /** Milliseconds; less is better. */
    MS("ms", 1e6, true),
    /** Nanoseconds; less is better. */
    NS("ns", 1, true),
    /** Microseconds; less is better. */
    US("us", 1e3, true),
    /** Percent of one core; less is better. */
    PERCENT_OF_CORE("% of a core", Double.NaN, true),
    /** 1,048,576 bytes; less is better. */
    MIB("MiB", Double.NaN, true),
    /** Bytes; less is better. */
    BYTES("B", Double.NaN, true),
    /** Files in a second; more is better. */
    FILES_PER_SECOND("files/s", Double.NaN, false),
    /** Messages in a second; more is better. */
    MESSAGES_PER_SECOND("messages/s", Double.NaN, false);

    private final String label;
    private final double nanoseconds;
    private final boolean lessIsBetter;

    Unit(final String label, final double nanoseconds, final boolean lessIsBetter) {
        this.label = label;
        this.nanoseconds = nanoseconds;
        this.lessIsBetter = lessIsBetter;
    }

    /** Returns how tables and JSON name it. */
    String label() {
        return label;
    }

    boolean isLessBetter() {
        return lessIsBetter;
    }

    /** Returns a time of so many nanoseconds in this unit; not for rates. */
    double ofNs(final long ns) {
        if (Double.isNaN(nanoseconds)) {
            throw new IllegalStateException(label + " is no unit of time");
        }
        return ns / nanoseconds;
    }
}
