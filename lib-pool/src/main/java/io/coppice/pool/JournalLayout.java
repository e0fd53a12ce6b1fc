package io.coppice.pool;

/**
 * The undo journal of one writer.
 *
 * <pre>
 *      0  state           IDLE, ACTIVE or COMMITTED
 *      8  usedBytes       of the entries; everything below it is whole
 *     16  deferredCount   stores to make once the transaction is committed
 *     24  commits         how many transactions were committed, for people
 *     32  rollbacks       how many were rolled back, for people
 *     40  stamps          transactions and savepoints begun here; no stamp is given out twice
 *     64  entries         of a word { old bytes, offset with the sign bit }, of any other range
 *                         { old bytes padded to 8, length, offset } ... upwards
 *         room
 *         deferred        ... { offset, value }, from the end of the journal downwards
 * </pre>
 *
 * An entry ends with what tells its size, so that recovery walks from the last to the first. A
 * negative length is the complement of a range that is changed and has no old bytes: nothing
 * committed leads there.
 */
public final class JournalLayout {
    /** Nothing is under way. */
    public static final long IDLE = 0;

    /** A transaction is under way: what the entries say is to be undone. */
    public static final long ACTIVE = 1;

    /** The transaction stands: the deferred stores are to be made (again). */
    public static final long COMMITTED = 2;

    /** Smallest journal that holds a useful transaction. */
    public static final int MIN_BYTES = 4096;

    static final int STATE = 0;
    static final int USED_BYTES = 8;
    static final int DEFERRED_COUNT = 16;
    static final int COMMITS = 24;
    static final int ROLLBACKS = 32;
    static final int STAMPS = 40;
    static final int ENTRIES = 64;

    /** From the end of an entry back to its offset, and to the length where it is no word. */
    static final int ENTRY_OFFSET = 8;

    static final int ENTRY_LENGTH = 16;

    /** What an entry of a word takes, and what one of a range takes beside its old bytes. */
    static final int ENTRY_BYTES = 16;

    /** In the offset of an entry of one word of 8 bytes, which has no length. */
    static final long WORD = Long.MIN_VALUE;

    static final int DEFERRED_BYTES = 16;
    static final int DEFERRED_OFFSET = 0;
    static final int DEFERRED_VALUE = 8;

    static {
        if (ENTRIES >= MIN_BYTES || ENTRIES % Long.BYTES != 0) {
            throw new AssertionError("the smallest journal must have room for entries");
        }
    }

    private JournalLayout() {}

    /** Returns what an entry that saves {@code length} bytes takes. */
    static long entryBytes(final long length) {
        return length == Long.BYTES ? ENTRY_BYTES : ENTRY_BYTES + padded(length);
    }

    /** Returns what old bytes take in an entry that is not one of a word. */
    static long padded(final long length) {
        return length + Long.BYTES - 1 & -Long.BYTES;
    }

    /** Returns where the n-th deferred store is kept in a journal of a size. */
    static long deferred(final long journalBytes, final int index) {
        return (journalBytes & -Long.BYTES) - (index + 1L) * DEFERRED_BYTES;
    }
}
