package io.coppice.ring;

/**
 * Where an incarnation of a reader begins. In a ring that was laid out anew everyone begins at the
 * oldest message.
 */
public final class RingStart {
    private static final RingStart COMMITTED = new RingStart(Kind.COMMITTED, 0);
    private static final RingStart OLDEST = new RingStart(Kind.OLDEST, 0);
    private static final RingStart NEWEST = new RingStart(Kind.NEWEST, 0);

    enum Kind {
        COMMITTED,
        OLDEST,
        NEWEST,
        NUMBER
    }

    private final Kind kind;
    private final long number;

    private RingStart(final Kind kind, final long number) {
        this.kind = kind;
        this.number = number;
    }

    /**
     * Exactly where the last commit of the reader was; the oldest message where there was none. The
     * one start with which each message takes effect once.
     */
    public static RingStart committed() {
        return COMMITTED;
    }

    /** At the oldest message that is kept, whether it was used before or not. */
    public static RingStart oldest() {
        return OLDEST;
    }

    /** Behind the newest message: with the next one to be published. */
    public static RingStart newest() {
        return NEWEST;
    }

    /**
     * At the message with a number, as {@link RingReader#number} gave it. Where it is not kept any
     * more, at the oldest message, and those between are lost; a number that is not given out yet
     * is of an earlier ring, and stands for the oldest message too.
     *
     * @param number 0 or more
     */
    public static RingStart at(final long number) {
        if (number < 0) {
            throw new IllegalArgumentException("message number " + number + ": 0 or more");
        }
        return new RingStart(Kind.NUMBER, number);
    }

    Kind kind() {
        return kind;
    }

    long number() {
        return number;
    }
}
