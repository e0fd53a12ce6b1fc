package io.coppice.root.loop;

/** Root cannot start; the message is one line for the operator. */
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(final String message) {
        super(message);
    }
}
