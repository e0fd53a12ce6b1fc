package io.coppice.pool.migrate;

/** How a structure differs from what a build wants. */
public enum Change {
    /** It is there, and laid out otherwise. */
    CHANGED,
    /** The build wants it, and it is not there. */
    ADDED,
    /** It is there, and the build has opened without asking for it. */
    DROPPED
}
