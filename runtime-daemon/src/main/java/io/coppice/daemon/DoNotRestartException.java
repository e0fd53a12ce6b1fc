package io.coppice.daemon;

/**
 * Thrown by a daemon that another start would not help: a setting is wrong, a file it needs is
 * missing. Its process ends with the reserved exit code and root puts it into quarantine at once,
 * until somebody mends the cause and says {@code coppice release}.
 */
public final class DoNotRestartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message one line for the operator: what, where, what to do
     */
    public DoNotRestartException(final String message) {
        super(message);
    }
}
