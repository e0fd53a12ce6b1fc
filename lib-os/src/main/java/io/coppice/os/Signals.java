package io.coppice.os;

/** Signal numbers that Linux gives the same meaning on every architecture the JDK runs on. */
public final class Signals {
    /** Hang up. */
    public static final int HUP = 1;

    /** A terminal's Ctrl-C. */
    public static final int INT = 2;

    /** A HotSpot JVM answers it with a thread dump on its standard output. */
    public static final int QUIT = 3;

    /** What a crashing JVM ends with. */
    public static final int ABRT = 6;

    /** Death that nothing can catch. */
    public static final int KILL = 9;

    /** The polite request to end. */
    public static final int TERM = 15;

    /** Lets a stopped process run again. */
    public static final int CONT = 18;

    /** Stops a process until {@link #CONT}. */
    public static final int STOP = 19;

    /** A shell and the JDK report a death by signal as this plus the number. */
    public static final int EXIT_BASE = 128;

    private static final int LAST = 31;
    private static final String[] NAMES = {
        "0",
        "SIGHUP",
        "SIGINT",
        "SIGQUIT",
        "SIGILL",
        "SIGTRAP",
        "SIGABRT",
        "SIGBUS",
        "SIGFPE",
        "SIGKILL",
        "SIGUSR1",
        "SIGSEGV",
        "SIGUSR2",
        "SIGPIPE",
        "SIGALRM",
        "SIGTERM",
        "SIGSTKFLT",
        "SIGCHLD",
        "SIGCONT",
        "SIGSTOP",
        "SIGTSTP",
        "SIGTTIN",
        "SIGTTOU",
        "SIGURG",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGVTALRM",
        "SIGPROF",
        "SIGWINCH",
        "SIGIO",
        "SIGPWR",
        "SIGSYS"
    };

    private Signals() {}

    /**
     * Returns the signal that an exit status as the JDK reports it stands for, or 0 where it was an
     * ordinary exit.
     */
    public static int ofExitStatus(final int status) {
        final int signal = status - EXIT_BASE;
        return signal > 0 && signal <= LAST ? signal : 0;
    }

    /** Returns the name of a signal, {@code SIGKILL} for 9. */
    public static String name(final int signal) {
        return signal > 0 && signal < NAMES.length ? NAMES[signal] : "signal " + signal;
    }
}
