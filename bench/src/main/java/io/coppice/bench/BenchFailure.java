package io.coppice.bench;

/** Ends the program with one line and an exit code. */
final class BenchFailure extends RuntimeException {
    /** The command line is wrong. */
    static final int USAGE = 64;

    /** What was measured did not do its work. */
    static final int BUG = 70;

    /** The operating system refused something. */
    static final int OS_REFUSED = 71;

    private static final long serialVersionUID = 1L;

    private final int status;

    BenchFailure(final int status, final String message) {
        super(message);
        this.status = status;
    }

    BenchFailure(final int status, final String message, final Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    int status() {
        return status;
    }
}
