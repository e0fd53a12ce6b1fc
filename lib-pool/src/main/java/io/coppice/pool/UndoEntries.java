package io.coppice.pool;

import static io.coppice.pool.JournalLayout.ENTRIES;
import static io.coppice.pool.JournalLayout.ENTRY_DATA;
import static io.coppice.pool.JournalLayout.ENTRY_LENGTH;
import static io.coppice.pool.JournalLayout.ENTRY_OFFSET;
import static io.coppice.pool.JournalLayout.ENTRY_TRAILER_BYTES;
import static io.coppice.pool.JournalLayout.USED_BYTES;

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

    /** Writes and publishes an entry with the bytes of a range as they are. */
    void save(final long offset, final long length) {
        final long entry = ENTRIES + usedBytes;
        final long entryBytes = JournalLayout.entryBytes(length);
        journal.putLong(entry + ENTRY_OFFSET, offset);
        journal.putLong(entry + ENTRY_LENGTH, length);
        journal.putBytes(entry + ENTRY_DATA, arena, offset, length);
        publish(entry, entryBytes);
    }

    /** Writes and publishes an entry that puts a value of the caller's into a word. */
    void saveAs(final long offset, final long value) {
        // The caller has checked the room for the whole entry.
        final long entry = ENTRIES + usedBytes;
        journal.putLongUnchecked(entry + ENTRY_OFFSET, offset);
        journal.putLongUnchecked(entry + ENTRY_LENGTH, Long.BYTES);
        journal.putLongUnchecked(entry + ENTRY_DATA, value);
        publish(entry, JournalLayout.entryBytes(Long.BYTES));
    }

    /** Writes and publishes an entry that puts nothing back. */
    void touch(final long offset, final long length) {
        final long entry = ENTRIES + usedBytes;
        journal.putLong(entry + ENTRY_OFFSET, offset);
        journal.putLong(entry + ENTRY_LENGTH, ~length);
        publish(entry, JournalLayout.entryBytesOf(~length));
    }

    private void publish(final long entry, final long entryBytes) {
        journal.putLongUnchecked(entry + entryBytes - ENTRY_TRAILER_BYTES, entryBytes);
        usedBytes += entryBytes;
        journal.putLongRelease(USED_BYTES, usedBytes);
        // A release store does not keep later stores behind it; the range must not change before
        // its entry is published.
        VarHandle.storeStoreFence();
    }

    /**
     * Puts back what the entries from {@code from} to {@code to} say, the last first.
     *
     * @throws DamagedArenaException where an entry is damaged
     */
    void undo(final long from, final long to) {
        long end = ENTRIES + to;
        while (end > ENTRIES + from) {
            final long entryBytes = journal.getLong(end - ENTRY_TRAILER_BYTES);
            final long entry = end - entryBytes;
            if (entryBytes < ENTRY_DATA + ENTRY_TRAILER_BYTES || entry < ENTRIES + from) {
                throw new DamagedArenaException(
                        "journal: entry ending at " + end + " claims " + entryBytes + " bytes");
            }
            final long offset = journal.getLong(entry + ENTRY_OFFSET);
            final long length = checkedLength(entry, entryBytes, offset);
            if (length >= 0) {
                // Readers of a seqlock rely on the order: its count was saved first and is put back
                // last, after the words that it guards.
                VarHandle.storeStoreFence();
                arena.putBytes(offset, journal, entry + ENTRY_DATA, length);
            }
            end = entry;
        }
    }

    /** Drops the entries from {@code from} on, which {@link #undo} has put back. */
    void truncate(final long from) {
        // What was put back must be there before nobody would put it back again.
        VarHandle.storeStoreFence();
        usedBytes = from;
        journal.putLongRelease(USED_BYTES, from);
    }

    /** Shows every range to a visitor, in the order in which they were first named. */
    void forEach(final ChangeVisitor visitor) {
        long entry = ENTRIES;
        while (entry < ENTRIES + usedBytes) {
            final long lengthWord = journal.getLong(entry + ENTRY_LENGTH);
            visitor.onChange(
                    journal.getLong(entry + ENTRY_OFFSET),
                    lengthWord < 0 ? ~lengthWord : lengthWord);
            entry += JournalLayout.entryBytesOf(lengthWord);
        }
    }

    /** Returns the length word of an entry, which must fit its size and the arena. */
    private long checkedLength(final long entry, final long entryBytes, final long offset) {
        final long length = journal.getLong(entry + ENTRY_LENGTH);
        final long bytes = length < 0 ? ~length : length;
        if (JournalLayout.entryBytesOf(length) != entryBytes
                || offset < 0
                || offset > arena.bytes() - bytes) {
            throw new DamagedArenaException(
                    "journal: entry at "
                            + entry
                            + " saves "
                            + bytes
                            + " bytes of offset "
                            + offset);
        }
        return length;
    }
}
