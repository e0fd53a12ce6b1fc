package io.coppice.pool;

import static io.coppice.pool.JournalLayout.ACTIVE;
import static io.coppice.pool.JournalLayout.COMMITS;
import static io.coppice.pool.JournalLayout.COMMITTED;
import static io.coppice.pool.JournalLayout.DEFERRED;
import static io.coppice.pool.JournalLayout.DEFERRED_BYTES;
import static io.coppice.pool.JournalLayout.DEFERRED_COUNT;
import static io.coppice.pool.JournalLayout.DEFERRED_MAX;
import static io.coppice.pool.JournalLayout.ENTRIES;
import static io.coppice.pool.JournalLayout.ENTRY_DATA;
import static io.coppice.pool.JournalLayout.ENTRY_LENGTH;
import static io.coppice.pool.JournalLayout.ENTRY_OFFSET;
import static io.coppice.pool.JournalLayout.ENTRY_TRAILER_BYTES;
import static io.coppice.pool.JournalLayout.IDLE;
import static io.coppice.pool.JournalLayout.ROLLBACKS;
import static io.coppice.pool.JournalLayout.STATE;
import static io.coppice.pool.JournalLayout.USED_BYTES;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The undo journal of one writer: what it changes between {@link #begin} and {@link #commit} stands
 * as a whole or not at all, wherever a death cuts it.
 *
 * <p>Ordering. {@code begin} empties the entries, then stores ACTIVE (release): a death before it
 * leaves IDLE and nothing changed. {@link #save} writes an entry, then publishes it in {@code
 * usedBytes} (release), and only then may its range be changed: a death before the publication
 * leaves an entry nobody reads, a death after it leaves a range that recovery restores, changed or
 * not. {@code commit} is one release store of IDLE; with deferred stores it is one of COMMITTED,
 * then the deferred stores (absolute values, so making them again changes nothing), then IDLE. A
 * killed process leaves a prefix of its stores in program order as far as recovery can see, since
 * the kernel certifies the death before anyone recovers.
 *
 * <p>{@link #recover} is idempotent: restoring absolute old bytes in reverse order ends the same
 * after any number of cuts, and IDLE is stored last.
 *
 * <p>Deferred stores are for words that others may see only once the transaction stands: a ring's
 * tail, a reader's position, the state of a slot. Only process death is covered, not power loss, so
 * nothing is flushed.
 *
 * <p>For one thread of one process at a time: the owner's, or after its certified death whoever
 * recovers.
 */
public final class Journal {
    private final Memory arena;
    private final Memory journal;
    private final long capacityBytes;
    private final List<JournalListener> listeners = new ArrayList<>();
    private boolean active;
    private boolean overflowed;
    private long usedBytes;
    private int deferredCount;

    /**
     * Attaches to a journal; {@link #recover} must come before the first {@link #begin}.
     *
     * @param arena that the saved ranges are offsets in
     * @param offset of the journal in the arena, 64-byte aligned
     * @param bytes of the journal, at least {@link JournalLayout#MIN_BYTES}
     */
    public Journal(final Memory arena, final long offset, final long bytes) {
        if (bytes < JournalLayout.MIN_BYTES) {
            throw new IllegalArgumentException("a journal of " + bytes + " bytes is too small");
        }
        this.arena = arena;
        this.journal = arena.slice(offset, bytes);
        this.capacityBytes = bytes - ENTRIES;
    }

    /**
     * Brings the arena back to the last commit, or finishes a commit that was cut. To be called by
     * the successor, or by whoever holds the death certificate of the writer.
     *
     * @return whether there was something to undo
     * @throws ArenaException where the journal itself is damaged
     */
    public boolean recover() {
        final long state = journal.getLongAcquire(STATE);
        if (state == ACTIVE) {
            undo(checkedUsedBytes());
            journal.putLong(ROLLBACKS, journal.getLong(ROLLBACKS) + 1);
        } else if (state == COMMITTED) {
            applyDeferred(checkedDeferredCount());
        } else if (state != IDLE) {
            throw new ArenaException("journal: state " + state + " is none of 0, 1, 2");
        }
        journal.putLongRelease(STATE, IDLE);
        active = false;
        usedBytes = 0;
        deferredCount = 0;
        return state == ACTIVE;
    }

    /** Begins a transaction. */
    public void begin() {
        if (active) {
            throw new IllegalStateException("a transaction is under way already");
        }
        if (journal.getLong(STATE) != IDLE) {
            throw new IllegalStateException(
                    "the journal holds a transaction that was cut: recover() comes first");
        }
        overflowed = false;
        usedBytes = 0;
        deferredCount = 0;
        // The entries of the last transaction must not be emptied before its IDLE is stored.
        VarHandle.storeStoreFence();
        journal.putLong(USED_BYTES, 0);
        journal.putLong(DEFERRED_COUNT, 0);
        journal.putLongRelease(STATE, ACTIVE);
        active = true;
    }

    /** Returns whether a transaction is under way. */
    public boolean isActive() {
        return active;
    }

    /**
     * Returns whether the shared memory itself says that nothing is under way: the writer has made
     * the last store of its last commit or rollback. From any process.
     */
    public boolean isIdle() {
        return journal.getLongAcquire(STATE) == IDLE;
    }

    /**
     * Saves a range of the arena; from then on it may be changed freely until the commit.
     *
     * @throws JournalFullException where it does not fit; the transaction must be rolled back
     */
    public void save(final long offset, final long length) {
        requireActive();
        final long entry = ENTRIES + usedBytes;
        final long entryBytes = JournalLayout.entryBytes(length);
        if (usedBytes + entryBytes > capacityBytes) {
            overflowed = true;
            throw new JournalFullException(capacityBytes, usedBytes + entryBytes);
        }
        journal.putLong(entry + ENTRY_OFFSET, offset);
        journal.putLong(entry + ENTRY_LENGTH, length);
        if (length == Long.BYTES) {
            journal.putLong(entry + ENTRY_DATA, arena.getLong(offset));
        } else {
            journal.putBytes(entry + ENTRY_DATA, arena, offset, length);
        }
        journal.putLong(entry + entryBytes - ENTRY_TRAILER_BYTES, entryBytes);
        usedBytes += entryBytes;
        journal.putLongRelease(USED_BYTES, usedBytes);
        // A release store does not keep later stores behind it; the range must not change before
        // its entry is published.
        VarHandle.storeStoreFence();
    }

    /** Saves and stores a word of the arena. */
    public void putLong(final long offset, final long value) {
        save(offset, Long.BYTES);
        arena.putLong(offset, value);
    }

    /** Saves and stores 32 bits of the arena. */
    public void putInt(final long offset, final int value) {
        save(offset, Integer.BYTES);
        arena.putInt(offset, value);
    }

    /**
     * Has a word stored once the transaction stands; a later call for the same word replaces the
     * earlier one. Until then readers, this one too, see the old value.
     *
     * @throws IllegalStateException where {@link JournalLayout#DEFERRED_MAX} words are deferred
     *     already
     * @throws IndexOutOfBoundsException where the word is not in the arena
     * @throws IllegalArgumentException where it is not 8-byte aligned
     */
    public void deferLong(final long offset, final long value) {
        requireActive();
        // Refused here, since a store that fails after the commit would fail again in every
        // recovery.
        if (!isWord(offset)) {
            throw refusedWord(offset);
        }
        int index = 0;
        while (index < deferredCount && journal.getLong(deferred(index)) != offset) {
            index++;
        }
        if (index == DEFERRED_MAX) {
            throw new IllegalStateException(
                    "more than " + DEFERRED_MAX + " deferred stores in one transaction");
        }
        journal.putLong(deferred(index), offset);
        journal.putLong(deferred(index) + Long.BYTES, value);
        if (index == deferredCount) {
            deferredCount++;
            journal.putLong(DEFERRED_COUNT, deferredCount);
        }
    }

    /**
     * Makes everything since {@link #begin} stand.
     *
     * @throws IllegalStateException where the journal was full, whoever caught that: half of what
     *     was meant must not stand
     */
    public void commit() {
        requireActive();
        if (overflowed) {
            throw new IllegalStateException(
                    "the journal was full in this transaction: it can only be rolled back");
        }
        if (deferredCount > 0) {
            journal.putLongRelease(STATE, COMMITTED);
            applyDeferred(deferredCount);
        }
        journal.putLongRelease(STATE, IDLE);
        active = false;
        journal.putLong(COMMITS, journal.getLong(COMMITS) + 1);
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onCommit();
        }
    }

    /** Undoes everything since {@link #begin}. */
    public void rollback() {
        requireActive();
        undo(usedBytes);
        journal.putLong(ROLLBACKS, journal.getLong(ROLLBACKS) + 1);
        journal.putLongRelease(STATE, IDLE);
        active = false;
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onRollback();
        }
    }

    /**
     * Has someone told of every later commit and rollback of this process, in the order of these
     * calls.
     */
    public void addListener(final JournalListener listener) {
        listeners.add(listener);
    }

    /** Returns how many transactions were committed here since the arena was laid out. */
    public long commits() {
        return journal.getLong(COMMITS);
    }

    /** Returns how many were rolled back, by the writer or by recovery. */
    public long rollbacks() {
        return journal.getLong(ROLLBACKS);
    }

    private void undo(final long used) {
        long end = ENTRIES + used;
        while (end > ENTRIES) {
            final long entryBytes = journal.getLong(end - ENTRY_TRAILER_BYTES);
            final long entry = end - entryBytes;
            if (entryBytes < ENTRY_DATA + ENTRY_TRAILER_BYTES || entry < ENTRIES) {
                throw new ArenaException(
                        "journal: entry ending at " + end + " claims " + entryBytes + " bytes");
            }
            final long offset = journal.getLong(entry + ENTRY_OFFSET);
            final long length = journal.getLong(entry + ENTRY_LENGTH);
            if (length < 0
                    || JournalLayout.entryBytes(length) != entryBytes
                    || offset < 0
                    || offset > arena.bytes() - length) {
                throw new ArenaException(
                        "journal: entry at "
                                + entry
                                + " saves "
                                + length
                                + " bytes of offset "
                                + offset);
            }
            arena.putBytes(offset, journal, entry + ENTRY_DATA, length);
            end = entry;
        }
    }

    private void applyDeferred(final int count) {
        for (int i = 0; i < count; i++) {
            arena.putLongRelease(
                    journal.getLong(deferred(i)), journal.getLong(deferred(i) + Long.BYTES));
        }
    }

    private long checkedUsedBytes() {
        final long used = journal.getLong(USED_BYTES);
        if (used < 0 || used > capacityBytes || used % Long.BYTES != 0) {
            throw new ArenaException("journal: " + used + " bytes used of " + capacityBytes);
        }
        return used;
    }

    private int checkedDeferredCount() {
        final long count = journal.getLong(DEFERRED_COUNT);
        if (count < 0 || count > DEFERRED_MAX) {
            throw new ArenaException("journal: " + count + " deferred stores of " + DEFERRED_MAX);
        }
        for (int i = 0; i < count; i++) {
            final long offset = journal.getLong(deferred(i));
            if (!isWord(offset)) {
                throw new ArenaException(
                        "journal: deferred store "
                                + i
                                + " is at offset "
                                + offset
                                + " of "
                                + arena.bytes()
                                + " bytes");
            }
        }
        return (int) count;
    }

    /** Returns whether a word of the arena, which others may look at, can be at an offset. */
    private boolean isWord(final long offset) {
        return offset >= 0 && offset <= arena.bytes() - Long.BYTES && offset % Long.BYTES == 0;
    }

    private RuntimeException refusedWord(final long offset) {
        return offset % Long.BYTES == 0
                ? new IndexOutOfBoundsException(
                        "deferred store at offset " + offset + " of " + arena.bytes() + " bytes")
                : new IllegalArgumentException(
                        "deferred store at offset " + offset + ": must be a multiple of 8");
    }

    private void requireActive() {
        if (!active) {
            throw new IllegalStateException("no transaction is under way: begin() comes first");
        }
    }

    private static long deferred(final int index) {
        return DEFERRED + (long) index * DEFERRED_BYTES;
    }
}
