package io.coppice.pool;

/**
 * What an arena holds cannot have been stored by any build of this format: it is damaged. Unlike
 * another layout, which an operator's choice or the old build can answer, no restart helps; a
 * daemon that meets it in its own arena before it is ready says so by its exit code, and root sets
 * the arena aside after some tries.
 */
public final class DamagedArenaException extends ArenaException {
    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public DamagedArenaException(final String message) {
        super(message);
    }

    /** Makes the error with what led to it. */
    public DamagedArenaException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
