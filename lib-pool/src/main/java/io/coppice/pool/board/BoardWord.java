package io.coppice.pool.board;

/**
 * The words of a daemon's row on the board, in their order there; {@link BoardLayout} says what
 * they mean.
 */
public enum BoardWord {
    STATE,
    EPOCH,
    PID,
    START_TIME,
    STOP_EPOCH,
    RESTARTS,
    SPAWNED_MS,
    READY_MS,
    EXIT_CLASS,
    EXIT_STATUS,
    EXIT_MS,
    EXIT_EPOCH,
    NEXT_START_MS,
    CHAOS_KILLS,
    SPAWN_NS,
    DEATH_NS,
    READY_NS,
    FAILED_RECOVERIES,
    SET_ASIDE,
    QUARANTINE,
    STANDBY_STATE,
    STANDBY_EPOCH,
    STANDBY_PID,
    STANDBY_START_TIME,
    HANDOVER_EPOCH,
    TAKEOVERS,
    STANDBY_DEATHS
}
