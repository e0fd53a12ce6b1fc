package io.coppice.pool.board;

/** Why a daemon is quarantined. The ordinal is part of the board's format. */
public enum QuarantineReason {
    /** It is not. */
    NONE,
    /** It died more often than its manifest allows within the time there. */
    TOO_MANY_DEATHS,
    /** It ended with the exit code that asks not to be started again. */
    DO_NOT_RESTART,
    /** It ended, and the manifest says that it is never restarted. */
    POLICY_NEVER,
    /** Its arena fails every recovery and cannot be set aside. */
    RECOVERY_FAILED;

    private static final QuarantineReason[] REASONS = values();

    /** Returns the reason of an ordinal read from a board. */
    public static QuarantineReason of(final long ordinal) {
        return ordinal >= 0 && ordinal < REASONS.length ? REASONS[(int) ordinal] : NONE;
    }
}
