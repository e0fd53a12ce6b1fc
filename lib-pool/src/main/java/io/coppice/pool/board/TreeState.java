package io.coppice.pool.board;

/** Where a tree is in its life. The ordinal is part of the board's format. */
public enum TreeState {
    /** Some daemon was never ready yet. */
    STARTING,
    /** Every daemon has been ready. */
    RUNNING,
    /** The daemons are being stopped, the last started first. */
    STOPPING,
    /** It was stopped; what its arenas hold can be gone on with. */
    STOPPED,
    /** Every significant daemon has finished. */
    FINISHED,
    /** A significant daemon is quarantined, so that the tree cannot finish. */
    FAILED;

    private static final TreeState[] STATES = values();

    /** Returns whether the tree has ended in order, so that no root is missed. */
    public boolean isOver() {
        return this == STOPPED || this == FINISHED;
    }

    /** Returns the state of an ordinal read from a board. */
    public static TreeState of(final long ordinal) {
        return ordinal >= 0 && ordinal < STATES.length ? STATES[(int) ordinal] : STARTING;
    }
}
