package io.coppice.daemon;

/** A pool cannot do its work at all; the message is one line that says why. */
public final class PoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PoolException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
