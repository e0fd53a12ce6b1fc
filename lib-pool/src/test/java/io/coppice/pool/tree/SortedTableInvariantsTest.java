package io.coppice.pool.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: each of these must be named. */
class SortedTableInvariantsTest {
    private final TreeFixture fixture = new TreeFixture(100, 1 << 16, 0);
    private final Memory memory = fixture.arena.memory();

    @BeforeEach
    void fill() {
        final Journal journal = fixture.journal(memory);
        final SortedTable table = fixture.attach(journal, memory);
        journal.begin();
        for (int key = 0; key < 100; key++) {
            fixture.insert(table, key, key);
        }
        for (int key = 30; key < 60; key++) {
            table.remove(key);
        }
        journal.commit();
        assertEquals(List.of(), fixture.invariants());
        assertTrue(head(SortedTableLayout.FIRST_FREE) != 0 && head(SortedTableLayout.DEPTH) > 2);
    }

    @AfterEach
    void free() {
        fixture.close();
    }

    @Test
    void namesHeadWordsThatCannotBeRight() {
        assertNamed(at(SortedTableLayout.SIZE), 71, "size 71, found 70 records");
        assertNamed(at(SortedTableLayout.HIGH_WATER), 69, "high water 69 with a size of 70");
        assertNamed(at(SortedTableLayout.FIRST_FREE), 0, "in the tree or free");
        assertNamed(at(SortedTableLayout.FRESH), 1, "of 1 used");
        assertNamed(at(SortedTableLayout.DEPTH), 2, "has level");
        assertNamed(at(SortedTableLayout.ROOT), 0, "with root 0");
    }

    @Test
    void namesLeavesThatCannotBeRight() {
        final Cursor cursor = fixture.attach(fixture.journal(memory), memory).cursor();
        assertTrue(cursor.first());
        final long first = cursor.valueOffset() - 8 - SortedTableLayout.NODE_HEAD_BYTES;
        assertNamed(cursor.keyOffset(), 1000, "is not below what the node above says");
        assertNamed(first + 24 + 16, 0, "is not above the one before it");
        assertNamed(first + SortedTableLayout.NODE_NEXT, 1000, "to its right, which is");
        assertNamed(first + SortedTableLayout.NODE_PREVIOUS, 1, "to its left, which is 0");
        assertNamed(first, 1L << 32, "has 1 entries, not from 3 to 6");
        assertTrue(cursor.last());
        assertNamed(cursor.keyOffset(), -5, "is below what the node above says");
    }

    private void assertNamed(final long word, final long value, final String what) {
        final long old = memory.getLong(word);
        memory.putLong(word, value);
        final List<String> wrong = fixture.invariants();
        assertTrue(wrong.stream().anyMatch(line -> line.contains(what)), wrong.toString());
        memory.putLong(word, old);
        assertEquals(List.of(), fixture.invariants());
    }

    private long head(final int field) {
        return memory.getLong(at(field));
    }

    private long at(final int field) {
        return (long) fixture.journalBytes + field;
    }
}
