package io.coppice.pool.plan;

/** What a daemon does when root dies. */
public enum OnRootLoss {
    /** Goes on serving. */
    CONTINUE,
    /** Ends. */
    STOP
}
