package io.coppice.pool.task;

/**
 * What a pool counts since its arena was laid out. The ordinal is part of the arena's format: new
 * counts come last.
 */
public enum PoolCount {
    /** Tasks taken in. */
    SUBMITTED,
    /** Results handed out, of whatever outcome. */
    FINISHED,
    /** Workers spawned. */
    SPAWNED,
    /** Workers that died without being asked to. */
    DIED,
    /** Workers killed because a run took too long. */
    TIMED_OUT,
    /** Workers that ran out of memory. */
    OUT_OF_MEMORY,
    /** Attempts that did not count: the daemon died, or root killed the worker on purpose. */
    INTERRUPTED;

    /** Returns where the count lies, from the start of the pool. */
    public long offset() {
        return PoolLayout.COUNTS + (long) ordinal() * Long.BYTES;
    }
}
