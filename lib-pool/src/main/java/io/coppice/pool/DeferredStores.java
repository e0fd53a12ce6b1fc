package io.coppice.pool;

import static io.coppice.pool.JournalLayout.DEFERRED_BYTES;
import static io.coppice.pool.JournalLayout.DEFERRED_COUNT;
import static io.coppice.pool.JournalLayout.DEFERRED_OFFSET;
import static io.coppice.pool.JournalLayout.DEFERRED_VALUE;

/** The words of a journal that are stored once its transaction stands. */
final class DeferredStores {
    /**
     * How far back an earlier store to the same word is looked for, so that a word that moves with
     * every message of a long transaction takes one place.
     */
    private static final int LOOK_BACK = 16;

    private final Memory arena;
    private final Memory journal;
    private int count;

    DeferredStores(final Memory arena, final Memory journal) {
        this.arena = arena;
        this.journal = journal;
    }

    int count() {
        return count;
    }

    long bytes() {
        return (long) count * DEFERRED_BYTES;
    }

    /** Forgets all stores in this process; the word in the journal is the caller's. */
    void forget() {
        count = 0;
    }

    /** Returns the place of a late store to the same word, or {@link #count()}. */
    int find(final long offset, final int from) {
        final int last = Math.max(from, count - LOOK_BACK);
        for (int index = count - 1; index >= last; index--) {
            if (journal.getLong(at(index) + DEFERRED_OFFSET) == offset) {
                return index;
            }
        }
        return count;
    }

    /** Returns what a word will hold, or {@code otherwise} where there is no store to it. */
    long value(final long offset, final long otherwise) {
        for (int index = count - 1; index >= 0; index--) {
            if (journal.getLong(at(index) + DEFERRED_OFFSET) == offset) {
                return journal.getLong(at(index) + DEFERRED_VALUE);
            }
        }
        return otherwise;
    }

    /** Keeps a store in a place that {@link #find} named. */
    void put(final int index, final long offset, final long value) {
        journal.putLong(at(index) + DEFERRED_OFFSET, offset);
        journal.putLong(at(index) + DEFERRED_VALUE, value);
        if (index == count) {
            truncate(count + 1);
        }
    }

    /** Keeps the first ones only. */
    void truncate(final int first) {
        count = first;
        journal.putLong(DEFERRED_COUNT, first);
    }

    /** Makes the stores, in the order in which their words were first named. */
    void apply(final int stores) {
        for (int i = 0; i < stores; i++) {
            arena.putLongRelease(
                    journal.getLong(at(i) + DEFERRED_OFFSET),
                    journal.getLong(at(i) + DEFERRED_VALUE));
        }
    }

    void forEach(final ChangeVisitor visitor) {
        for (int i = 0; i < count; i++) {
            visitor.onChange(journal.getLong(at(i) + DEFERRED_OFFSET), Long.BYTES);
        }
    }

    /**
     * Returns how many stores the journal holds.
     *
     * @throws DamagedArenaException where that, or one of them, cannot be right
     */
    int checkedCount(final long capacityBytes) {
        final long stores = journal.getLong(DEFERRED_COUNT);
        if (stores < 0 || stores > capacityBytes / DEFERRED_BYTES) {
            throw new DamagedArenaException(
                    "journal: " + stores + " deferred stores in " + capacityBytes + " bytes");
        }
        for (int i = 0; i < stores; i++) {
            final long offset = journal.getLong(at(i) + DEFERRED_OFFSET);
            if (!isWord(offset)) {
                throw new DamagedArenaException(
                        "journal: deferred store "
                                + i
                                + " is at offset "
                                + offset
                                + " of "
                                + arena.bytes()
                                + " bytes");
            }
        }
        return (int) stores;
    }

    /**
     * Refuses what would fail after the commit, and again in every recovery.
     *
     * @throws IndexOutOfBoundsException where the word is not in the arena
     * @throws IllegalArgumentException where it is not 8-byte aligned
     */
    void requireWord(final long offset) {
        if (!isWord(offset)) {
            throw offset % Long.BYTES == 0
                    ? new IndexOutOfBoundsException(
                            "deferred store at offset "
                                    + offset
                                    + " of "
                                    + arena.bytes()
                                    + " bytes")
                    : new IllegalArgumentException(
                            "deferred store at offset " + offset + ": must be a multiple of 8");
        }
    }

    /** Returns whether a word of the arena, which others may look at, can be at an offset. */
    private boolean isWord(final long offset) {
        return offset >= 0 && offset <= arena.bytes() - Long.BYTES && offset % Long.BYTES == 0;
    }

    private long at(final int index) {
        return JournalLayout.deferred(journal.bytes(), index);
    }
}
