package io.coppice.root.cli;

/**
 * A command cannot do what it was asked; one line for the person who asked, and the exit code that
 * says the same.
 */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    CommandFailure(final int status, final String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
