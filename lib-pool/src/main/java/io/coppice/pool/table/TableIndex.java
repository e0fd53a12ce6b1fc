package io.coppice.pool.table;

import static io.coppice.pool.table.TableLayout.SHIFTS;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import java.lang.invoke.VarHandle;
import org.agrona.DirectBuffer;

/**
 * The index of a table as one writer searches and changes it: open addressing with linear probing.
 * What is removed leaves no trace, since the words after it move up. Words change in place, under
 * the journal.
 */
final class TableIndex {
    private final String name;
    private final Journal journal;
    private final Memory arena;
    private final TableGeometry geometry;
    private final TableRecords records;
    private long found;

    TableIndex(
            final String name,
            final Journal journal,
            final Memory arena,
            final TableGeometry geometry,
            final TableRecords records) {
        this.name = name;
        this.journal = journal;
        this.arena = arena;
        this.geometry = geometry;
        this.records = records;
    }

    /** Returns the number of the record of a key, or {@link Table#NONE}. */
    long find(final long key, final int tag) {
        long slot = geometry.home(tag);
        for (long left = geometry.slots; left > 0; left--) {
            final long word = arena.getLong(geometry.slot(slot));
            if (word == 0) {
                return Table.NONE;
            }
            if (TableLayout.tag(word) == tag) {
                final long number = checkedNumber(word, slot);
                final long copy = records.seen(number);
                if (arena.getLong(copy) == key) {
                    found = copy;
                    return number;
                }
            }
            slot = geometry.after(slot);
        }
        throw withoutEmptyWord();
    }

    /** Returns where the copy lies that the last search for a number found. */
    long found() {
        return found;
    }

    /** Returns the number of the record of a key, or {@link Table#NONE}. */
    long find(final DirectBuffer key, final int index, final int length, final int tag) {
        long slot = geometry.home(tag);
        for (long left = geometry.slots; left > 0; left--) {
            final long word = arena.getLong(geometry.slot(slot));
            if (word == 0) {
                return Table.NONE;
            }
            if (TableLayout.tag(word) == tag) {
                final long number = checkedNumber(word, slot);
                if (records.hasKey(number, key, index, length)) {
                    return number;
                }
            }
            slot = geometry.after(slot);
        }
        throw withoutEmptyWord();
    }

    /** Adds a word for a record, which is not there yet, where the search for it ends. */
    void add(final int tag, final long number) {
        journal.putLong(geometry.slot(slotOf(0, tag)), TableLayout.indexWord(tag, number));
    }

    /** Takes the word of a record out, and moves up those after it that were displaced by it. */
    void remove(final int tag, final long number) {
        beginShifts();
        long hole = slotOf(TableLayout.indexWord(tag, number), tag);
        long slot = hole;
        for (long left = geometry.slots; left > 0; left--) {
            slot = geometry.after(slot);
            final long word = arena.getLong(geometry.slot(slot));
            if (word == 0) {
                journal.putLong(geometry.slot(hole), 0);
                return;
            }
            final long home = geometry.home(TableLayout.tag(word));
            if (distance(home, slot) >= distance(hole, slot)) {
                journal.putLong(geometry.slot(hole), word);
                hole = slot;
            }
        }
        throw withoutEmptyWord();
    }

    /** Returns whether the transaction under way has shifted words. */
    boolean isShifting() {
        return (arena.getLong(geometry.offset + SHIFTS) & 1) != 0;
    }

    /**
     * Makes the count of shifts odd until the end of the transaction, whatever that end is; it
     * never has the same even value again.
     */
    private void beginShifts() {
        if (isShifting()) {
            return;
        }
        final long at = geometry.offset + SHIFTS;
        final long shifts = arena.getLong(at);
        journal.saveAs(at, shifts + 2);
        journal.deferLong(at, shifts + 2);
        arena.putLongRelease(at, shifts + 1);
        // No word may be seen to move while the count is seen to be even.
        VarHandle.storeStoreFence();
    }

    /** Returns the first slot from the home of a tag on that holds a word. */
    private long slotOf(final long word, final int tag) {
        long slot = geometry.home(tag);
        for (long left = geometry.slots; left > 0; left--) {
            if (arena.getLong(geometry.slot(slot)) == word) {
                return slot;
            }
            slot = geometry.after(slot);
        }
        throw new ArenaException(
                name + ": damaged: the index at offset " + geometry.index + " lost a word");
    }

    private long distance(final long from, final long to) {
        return to - from & geometry.slots - 1;
    }

    private long checkedNumber(final long word, final long slot) {
        final long number = TableLayout.number(word);
        if (Long.compareUnsigned(number, geometry.capacity) >= 0) {
            throw new ArenaException(
                    name
                            + ": damaged: the word at offset "
                            + geometry.slot(slot)
                            + " names record "
                            + number
                            + " of "
                            + geometry.capacity);
        }
        return number;
    }

    private ArenaException withoutEmptyWord() {
        return new ArenaException(
                name + ": damaged: the index at offset " + geometry.index + " has no empty word");
    }
}
