package io.coppice.pool.board;

/** How root answers a request; packed with the request's number into one word of the board. */
public enum Answer {
    /** It is done, or under way. */
    ACCEPTED,
    /** There is no such command, or no such daemon. */
    UNKNOWN,
    /** It makes no sense in the state the daemon or the tree is in. */
    WRONG_STATE,
    /** It cannot be done; root's log says why. */
    REFUSED;

    private static final int ANSWER_BITS = 8;
    private static final Answer[] ANSWERS = values();

    /** Packs this answer with the number of the request. */
    public long word(final long request) {
        return request << ANSWER_BITS | ordinal();
    }

    /** Returns whether a word answers a request. */
    public static boolean isFor(final long word, final long request) {
        return word != 0 && word >>> ANSWER_BITS == request;
    }

    /** Returns the answer in a word; UNKNOWN where the word is damaged. */
    public static Answer of(final long word) {
        final int ordinal = (int) (word & (1 << ANSWER_BITS) - 1);
        return ordinal < ANSWERS.length ? ANSWERS[ordinal] : UNKNOWN;
    }
}
