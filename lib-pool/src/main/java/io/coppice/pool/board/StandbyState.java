package io.coppice.pool.board;

/** What a daemon's standby is doing, as root knows. The ordinal is part of the board's format. */
public enum StandbyState {
    /** There is none now, or none is declared. */
    NONE,
    /** Its process starts and warms up. It goes on in the daemon's place even so. */
    STARTING,
    /** It waits for its turn. */
    WARM,
    /** It has the daemon's place and is not ready yet; its pid and epoch are the daemon's now. */
    TAKING_OVER;

    private static final StandbyState[] STATES = values();

    /** Returns the state of a word; NONE where the word is damaged. */
    public static StandbyState of(final long ordinal) {
        return ordinal >= 0 && ordinal < STATES.length ? STATES[(int) ordinal] : NONE;
    }
}
