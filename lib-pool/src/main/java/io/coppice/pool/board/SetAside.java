package io.coppice.pool.board;

/**
 * What became of root's last try to set a daemon's arena aside. The ordinal is part of the board's
 * format.
 */
public enum SetAside {
    /** There was none. */
    NONE,
    /** The arena was set aside, and the daemon has a fresh one. */
    DONE,
    /** There was no room for a fresh arena; the daemon has its old one. */
    NO_SPACE,
    /** As many as are kept were set aside before; the daemon has its old one. */
    TOO_MANY,
    /** The system refused it for another reason, which is in root's log. */
    REFUSED;

    private static final SetAside[] RESULTS = values();

    /** Returns the result of an ordinal read from a board. */
    public static SetAside of(final long ordinal) {
        return ordinal >= 0 && ordinal < RESULTS.length ? RESULTS[(int) ordinal] : NONE;
    }
}
