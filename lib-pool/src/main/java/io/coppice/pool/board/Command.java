package io.coppice.pool.board;

/** What the command line can ask of root. The ordinal is part of the mailbox's format. */
public enum Command {
    /** Stop the tree in order. */
    STOP,
    /** Stop one daemon and start it again. */
    RESTART,
    /** Start a quarantined daemon again, its deaths forgotten. */
    RELEASE,
    /** Have a daemon close in order and its standby go on. */
    HANDOVER,
    /** Kill every daemon and stop the tree. */
    STOP_AT_ONCE,
    /** Begin with chaos, or end it; its arguments are {@link Mailbox}'s. */
    CHAOS,
    /** Try a daemon by another plan, that of the file which the request names, and switch to it. */
    UPGRADE,
    /** Go on with another plan; the number that comes with it is the pid in the plan's name. */
    RELOAD;

    private static final Command[] COMMANDS = values();

    /** Returns the command of a word that anyone may have written, or null. */
    public static Command of(final long ordinal) {
        return ordinal >= 0 && ordinal < COMMANDS.length ? COMMANDS[(int) ordinal] : null;
    }
}
