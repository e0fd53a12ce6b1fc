package io.coppice.root.cli;

/** Exit codes of the commands, after {@code sysexits.h}. */
final class ExitStatus {
    /** It is done. */
    static final int DONE = 0;

    /** The command line is wrong. */
    static final int USAGE = 64;

    /** What the command was given to read is wrong. */
    static final int BAD_DATA = 65;

    /** There is no such tree, or no such daemon in it. */
    static final int NO_SUCH_TREE = 69;

    /** A mistake of ours. */
    static final int BUG = 70;

    /** The operating system refused something. */
    static final int OS_REFUSED = 71;

    /** The tree runs already, or is not in a state for this. */
    static final int ALREADY_RUNNING = 75;

    /** The manifest is wrong. */
    static final int BAD_MANIFEST = 78;

    /** The user interrupted a foreground run: 128 + SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitStatus() {}
}
