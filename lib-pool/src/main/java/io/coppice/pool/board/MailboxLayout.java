package io.coppice.pool.board;

/**
 * The mailbox: fixed slots into which the command line writes and which root reads.
 *
 * <pre>
 *      0  request    a number that is new each time, stored last (release); 0 where the slot was never used
 *      8  command    ordinal of a {@link Command}
 *     16  daemon     slot it is about, 0 for the tree; the pid in the name of the plan for RELOAD
 *     24  arguments  4 words, which mean something to some commands
 * </pre>
 *
 * Writers exclude each other by a lock on the file, which the kernel gives back when its holder
 * dies. Root copies the file by a system call, compares each {@code request} with the last it
 * answered in that slot, and where one is new copies the file again, so that the words behind it
 * are read after it; each is checked against its bounds. A writer that dies before the release
 * store has asked nothing; after it, the command is carried out and the answer is read by nobody.
 * Root answers on the board, never here.
 */
public final class MailboxLayout {
    /** How many requests can be open at once. */
    public static final int SLOTS = 16;

    static final int SLOT_BYTES = 64;
    static final int REQUEST = 0;
    static final int COMMAND = 8;
    static final int DAEMON = 16;
    static final int ARGUMENTS = 24;

    /** Words that a command may say beside the daemon. */
    public static final int ARGUMENTS_MAX = 4;

    /** Size of the file. */
    public static final int BYTES = SLOTS * SLOT_BYTES;

    private MailboxLayout() {}
}
