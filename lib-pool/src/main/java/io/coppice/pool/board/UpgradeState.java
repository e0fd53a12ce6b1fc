package io.coppice.pool.board;

/** How far an upgrade is. The ordinal is part of the board's format. */
public enum UpgradeState {
    /** There was none. */
    NONE,
    /** The new process starts and warms up; the old one serves. */
    WARMING,
    /** The new process is warm, and the old one is asked to hand over. */
    SWITCHING,
    /** The new process has the daemon's place and is not ready yet. */
    OPENING,
    /** The new process serves. */
    DONE,
    /** The new process died before its turn; the old one serves. */
    DIED,
    /** The new process was not warm in time; the old one serves. */
    LATE,
    /** The daemon was stopped, was restarted or died before the switch. */
    LEFT,
    /** The new process ended before it was ready; the daemon is started with the old plan. */
    TAKEN_BACK,
    /** As that, but its state has a new shape by then: the daemon goes on with the new plan. */
    NO_WAY_BACK;

    private static final UpgradeState[] STATES = values();

    /** Returns the state of a number; NONE where it is damaged. */
    public static UpgradeState of(final long ordinal) {
        return ordinal >= 0 && ordinal < STATES.length ? STATES[(int) ordinal] : NONE;
    }

    /** Returns whether the upgrade is not over. */
    public boolean isUnderWay() {
        return this == WARMING || this == SWITCHING || this == OPENING;
    }
}
