package io.coppice.os;

/**
 * The operating system refused a call. The message is one line that names the call, its subject and
 * the error.
 */
public final class OsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /**
     * Makes the message from its parts.
     *
     * @param call the system call as its manual page names it
     * @param subject what the call was about: a path, a pid
     * @param number the positive error number
     */
    public OsException(final String call, final Object subject, final int number) {
        super(message(call, subject, number));
        this.errno = Errno.of(number);
    }

    /** Returns the error by name. */
    public Errno errno() {
        return errno;
    }

    private static String message(final String call, final Object subject, final int number) {
        final Errno errno = Errno.of(number);
        final String name = errno == Errno.UNKNOWN ? "errno " + number : errno.name();
        return call + " " + subject + ": " + name + " (" + errno.meaning() + ")";
    }
}
