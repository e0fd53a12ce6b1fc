package io.coppice.pool;

import static io.coppice.pool.JournalLayout.ENTRIES;
import static io.coppice.pool.JournalLayout.ENTRY_BYTES;
import static io.coppice.pool.JournalLayout.ENTRY_LENGTH;
import static io.coppice.pool.JournalLayout.ENTRY_OFFSET;
import static io.coppice.pool.JournalLayout.USED_BYTES;
import static io.coppice.pool.JournalLayout.WORD;

import java.lang.invoke.VarHandle;

/** The entries of a journal: what to put back, in reverse order. */
final class UndoEntries {
    private final Memory arena;
    private final Memory journal;
    private long usedBytes;

    UndoEntries(final Memory arena, final Memory journal) {
        this.arena = arena;
        this.journal = journal;
    }

    long usedBytes() {
        return usedBytes;
    }

    /** Forgets all entries in this process; the word in the journal is the caller's. */
    void forget() {
        usedBytes = 0;
    }

    /** Writes and publishes an entry with the bytes of a range that is not one word of 8. */
    void save(final long offset, final long length) {
        final long end = ENTRIES + usedBytes + JournalLayout.entryBytes(length);
        journal.putBytes(ENTRIES + usedBytes, arena, offset, length);
        journal.putLong(end - ENTRY_LENGTH, length);
        journal.putLong(end - ENTRY_OFFSET, offset);
        publish(end);
    }

    /** Writes and publishes an entry that puts a value of the caller's into a word. */
    void saveAs(final long offset, final long value) {
        // The caller has checked the room for the whole entry.
        final long entry = ENTRIES + usedBytes;
        journal.putLongUnchecked(entry, value);
        journal.putLongUnchecked(entry + ENTRY_BYTES - ENTRY_OFFSET, offset | WORD);
        publish(entry + ENTRY_BYTES);
    }

    /** Writes and publishes an entry that puts nothing back. */
    void touch(final long offset, final long length) {
        // The caller has checked the room for the whole entry.
        final long end = ENTRIES + usedBytes + ENTRY_BYTES;
        journal.putLongUnchecked(end - ENTRY_LENGTH, ~length);
        journal.putLongUnchecked(end - ENTRY_OFFSET, offset);
        publish(end);
    }

    private void publish(final long end) {
        usedBytes = end - ENTRIES;
        journal.putLongReleaseUnchecked(USED_BYTES, end - ENTRIES);
        // A release store does not keep later stores behind it; the range must not change before
        // its entry is published.
        VarHandle.storeStoreFence();
    }

    /**
     * Puts back what the entries from {@code from} to {@code to} say, the last first. They are this
     * process's own, or {@link #check} has passed them.
     */
    void undo(final long from, final long to) {
        long end = ENTRIES + to;
        while (end > ENTRIES + from) {
            final long place = journal.getLong(end - ENTRY_OFFSET);
            // Readers of a seqlock rely on the order: its count was saved first and is put back
            // last, after the words that it guards.
            if (place < 0) {
                end -= ENTRY_BYTES;
                arena.putLongRelease(place & ~WORD, journal.getLong(end));
            } else {
                final long length = journal.getLong(end - ENTRY_LENGTH);
                end = begin(end, length);
                if (length > 0) {
                    VarHandle.storeStoreFence();
                    arena.putBytes(place, journal, end, length);
                }
            }
        }
    }

    /**
     * Walks over all entries of another process before any is put back, so that damage changes
     * nothing.
     *
     * @throws DamagedArenaException where an entry is damaged
     */
    void check(final long to) {
        final String fault = fault(to);
        if (fault != null) {
            throw new DamagedArenaException("journal: " + fault);
        }
    }

    /** Returns what is wrong with the last entry that is damaged, or null. */
    String fault(final long to) {
        final long lastWord = arena.bytes() - Long.BYTES;
        final long journalStart = journal.address() - arena.address();
        final long journalEnd = journalStart + journal.bytes();
        long end = ENTRIES + to;
        while (end > ENTRIES) {
            if (end - ENTRIES < ENTRY_BYTES) {
                return describe(end) + " has " + (end - ENTRIES) + " bytes";
            }
            final long place = journal.getLong(end - ENTRY_OFFSET);
            final long last = end;
            final long offset = place & ~WORD;
            long length = Long.BYTES;
            boolean fits = offset <= lastWord;
            // Words are most of what there is, and a process that recovers runs this but once.
            if (place < 0) {
                end -= ENTRY_BYTES;
            } else {
                length = journal.getLong(end - ENTRY_LENGTH);
                end = begin(end, length);
                length = length < 0 ? ~length : length;
                fits =
                        end >= ENTRIES
                                && length <= arena.bytes()
                                && offset <= arena.bytes() - length;
            }
            // Nobody saves the journal itself: putting that back would change the entries.
            if (!fits || offset < journalEnd && offset + length > journalStart) {
                return describe(last) + " saves " + length + " bytes of offset " + offset;
            }
        }
        return null;
    }

    private static String describe(final long end) {
        return "the entry that ends at " + end;
    }

    /** Drops the entries from {@code from} on, which {@link #undo} has put back. */
    void truncate(final long from) {
        // What was put back must be there before nobody would put it back again.
        VarHandle.storeStoreFence();
        usedBytes = from;
        journal.putLongRelease(USED_BYTES, from);
    }

    /** Shows every range to a visitor, the last that was named first. */
    void forEach(final ChangeVisitor visitor) {
        long end = ENTRIES + usedBytes;
        while (end > ENTRIES) {
            final long place = journal.getLong(end - ENTRY_OFFSET);
            final long length = place < 0 ? Long.BYTES : journal.getLong(end - ENTRY_LENGTH);
            visitor.onChange(place & ~WORD, length < 0 ? ~length : length);
            end = place < 0 ? end - ENTRY_BYTES : begin(end, length);
        }
    }

    /** Returns where an entry of a range begins; anything before its end, where it is damaged. */
    private static long begin(final long end, final long length) {
        return length < 0
                ? end - ENTRY_BYTES
                : end - ENTRY_BYTES - (JournalLayout.padded(length) & Long.MAX_VALUE);
    }
}
