package io.coppice.bench;

/** Ends the program with one line and an exit code. */
public final class BenchFailure extends RuntimeException {
    /** The command line is wrong. */
    public static final int USAGE = 64;

    /** What was measured did not do its work. */
    public static final int BUG = 70;

    /** The operating system refused something. */
    public static final int OS_REFUSED = 71;

    private static final long serialVersionUID = 1L;

    private final int status;

    /** Ends with an exit code and a message of one line. */
    public BenchFailure(final int status, final String message) {
        super(message);
        this.status = status;
    }

    /** The same, with what led to it. */
    public BenchFailure(final int status, final String message, final Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    int status() {
        return status;
    }
}
