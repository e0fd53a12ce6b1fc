package io.coppice.pool;

/**
 * An arena, or a structure in one, is not what it should be. The message is one line for the person
 * who reads it.
 */
public class ArenaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public ArenaException(final String message) {
        super(message);
    }

    /** Makes the error with what led to it. */
    public ArenaException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
