package io.coppice.daemon;

/** How a task ended. */
public enum Outcome {
    /** The transaction committed. */
    OK,
    /** It threw; its changes are rolled back. */
    FAILED,
    /** Its process died in every attempt, the last time by itself. */
    CRASHED,
    /**
     * Its process was killed in the last attempt since the run took longer than {@code deadline}.
     */
    TIMED_OUT,
    /** Its process ran out of memory in the last attempt. */
    OUT_OF_MEMORY,
    /** It waited longer than {@code queueDeadline} and was never run. */
    EXPIRED
}
