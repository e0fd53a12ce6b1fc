package io.coppice.pool.board;

/**
 * One death of a daemon's process, or one try to start it that the system refused.
 *
 * @param atMs wall clock in milliseconds
 * @param epoch of the incarnation
 * @param exitClass how it ended
 * @param status exit code, or 128 + signal; of a {@link ExitClass#SPAWN_FAILURE} the error number,
 *     0 where there is none
 */
public record Death(long atMs, long epoch, ExitClass exitClass, int status) {
    /**
     * Returns whether it uses up a restart: it is neither root's own doing nor the system's, nor a
     * failed recovery, which has a limit of its own.
     */
    public boolean counts() {
        switch (exitClass) {
            case NONE:
            case FINISHED:
            case SPAWN_FAILURE:
            case KILLED_BY_ROOT:
            case RECOVERY_FAILED:
                return false;
            default:
                return true;
        }
    }
}
