package io.coppice.pool.board;

/** Where a daemon is in its life. The ordinal is part of the board's format. */
public enum DaemonState {
    /** Not started yet, or not again, since a daemon it comes after is not ready. */
    WAITING,
    /** Its process runs and has not said yet that it is ready. */
    STARTING,
    /** It serves. */
    READY,
    /** It was asked to stop. */
    STOPPING,
    /** It died and is started again when its delay is over. */
    BACKING_OFF,
    /** It died too often; only {@code coppice release} starts it again. */
    QUARANTINED,
    /** It has finished, or was stopped, and is not started again. */
    DONE;

    private static final DaemonState[] STATES = values();

    /** Returns the state of an ordinal read from a board. */
    public static DaemonState of(final long ordinal) {
        return ordinal >= 0 && ordinal < STATES.length ? STATES[(int) ordinal] : WAITING;
    }
}
