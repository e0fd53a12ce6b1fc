package io.coppice.bench;

/** A subject does not run on this machine or JDK; the message says why, in one line. */
public final class NotRunException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Gives the reason. */
    public NotRunException(final String reason) {
        super(reason);
    }

    /** The same, with what led to it. */
    public NotRunException(final String reason, final Throwable cause) {
        super(reason, cause);
    }
}
