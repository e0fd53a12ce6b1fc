package io.coppice.pool.task;

/**
 * Whose turn it is in a worker's slot. Packed with the worker's epoch into one word, so that a turn
 * names the incarnation it is meant for. The ordinal is part of the arena's format.
 *
 * <pre>
 *   from         by       to           when
 *   EMPTY        daemon   STARTING     the process is spawned and its pid is in the slot
 *   STARTING     worker   IDLE         it has found its pid there and is warm
 *   IDLE         daemon   ASSIGNED     a task is in the slot, and the daemon's journal is IDLE
 *   ASSIGNED     worker   RUNNING      just before user code
 *   RUNNING      worker   COMMITTED    user code returned; the deferred store of its journal's commit
 *   RUNNING      worker   FAILED       user code threw; its journal is rolled back
 *   COMMITTED    daemon   IDLE         the worker's journal is IDLE and the result is taken
 *   FAILED       daemon   IDLE         the result is taken
 *   any          daemon   EMPTY        the worker is certified dead and its journal recovered
 * </pre>
 */
public enum WorkerState {
    EMPTY,
    STARTING,
    IDLE,
    ASSIGNED,
    RUNNING,
    COMMITTED,
    FAILED;

    private static final int STATE_BITS = 8;
    private static final WorkerState[] STATES = values();

    /** Packs this state with the epoch of the worker. */
    public long word(final long epoch) {
        return epoch << STATE_BITS | ordinal();
    }

    /** Returns the state in a word; EMPTY where the word is damaged. */
    public static WorkerState of(final long word) {
        final int ordinal = (int) (word & (1 << STATE_BITS) - 1);
        return ordinal < STATES.length ? STATES[ordinal] : EMPTY;
    }

    /** Returns the epoch in a word. */
    public static long epoch(final long word) {
        return word >>> STATE_BITS;
    }
}
