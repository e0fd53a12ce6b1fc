package io.coppice.pool.board;

/** Exit codes that mean something between root, daemons and transaction workers. */
public final class ExitCodes {
    /** The work is done. */
    public static final int FINISHED = 0;

    /** HotSpot's own, under {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int OUT_OF_MEMORY = 3;

    /** An exception nobody caught. */
    public static final int FAILED = 70;

    /** The parent this process was meant to live under is gone. */
    public static final int ORPHANED = 72;

    /** "Do not start me again." */
    public static final int DO_NOT_RESTART = 100;

    /** A daemon's: what it found in its arena cannot be recovered. */
    public static final int RECOVERY_FAILED = 101;

    private ExitCodes() {}
}
