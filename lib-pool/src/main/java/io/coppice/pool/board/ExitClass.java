package io.coppice.pool.board;

/** How a process ended. The ordinal is part of the board's format. */
public enum ExitClass {
    /** It has not ended yet. */
    NONE,
    /** Exit code 0. */
    FINISHED,
    /** Any other exit code. */
    CODE,
    /** A signal. */
    SIGNAL,
    /** The exit code of a JVM whose heap is full. */
    OUT_OF_MEMORY,
    /** It ended before it was ready. */
    START_FAILURE,
    /** It was not ready in time and was killed. */
    START_TIMEOUT,
    /** Its heart stopped and it was killed. */
    WATCHDOG,
    /** It could not be spawned at all. */
    SPAWN_FAILURE,
    /** The exit code that asks not to be started again. */
    DO_NOT_RESTART,
    /** Root killed it on purpose: chaos. */
    KILLED_BY_ROOT,
    /** Its recovery failed: it said so, or died in it. */
    RECOVERY_FAILED,
    /** The kernel's out-of-memory killer took it, as far as root can tell. */
    OOM_KILLED,
    /** It died once it was ready, and was no child of the root that saw it. */
    UNKNOWN;

    private static final ExitClass[] CLASSES = values();

    /** Returns the class of an ordinal read from a board. */
    public static ExitClass of(final long ordinal) {
        return ordinal >= 0 && ordinal < CLASSES.length ? CLASSES[(int) ordinal] : NONE;
    }
}
