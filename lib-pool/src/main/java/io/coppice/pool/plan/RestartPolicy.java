package io.coppice.pool.plan;

/** When a daemon that ended by itself is started again. */
public enum RestartPolicy {
    /** Whatever its exit. */
    ALWAYS,
    /** Unless it finished, that is, ended with exit code 0. */
    ON_FAILURE,
    /** Never. */
    NEVER
}
