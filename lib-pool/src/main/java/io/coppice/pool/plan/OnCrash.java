package io.coppice.pool.plan;

/** What a restarted daemon finds in its arena. */
public enum OnCrash {
    /** The state of the last commit. */
    RESUME,
    /** Zeroes: the structures are laid out anew. */
    RESET,
    /** What the daemon's own {@code recover(...)} decides after looking at the state. */
    ASK
}
