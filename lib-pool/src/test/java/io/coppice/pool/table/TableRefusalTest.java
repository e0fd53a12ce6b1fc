package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.StructureFullException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a table refuses, in words, and stays as it was. */
class TableRefusalTest extends TableFixture {
    @Test
    void aFullTableSaysWhatToRaiseAndStaysAsItWas() {
        for (int key = 0; key < CAPACITY; key++) {
            insertCommitted(key, key);
        }
        journal.begin();
        final StructureFullException full =
                assertThrows(StructureFullException.class, () -> table.insert(99));
        assertEquals(
                "accounts: full, it holds 12 records; raise \"accounts\" under \"capacities\" in the"
                        + " manifest",
                full.getMessage());
        assertTrue(table.remove(3));
        table.insert(99);
        journal.commit();

        assertEquals(CAPACITY, table.size());
        assertEquals(CAPACITY, table.highWater());
        assertSound();
    }

    @Test
    void storesOutsideATransactionAreRefused() {
        insertCommitted(7, 70);
        final long record = table.find(7);

        assertThrows(IllegalStateException.class, () -> table.putLong(record, 0, 1));
        assertThrows(IllegalStateException.class, () -> table.insert(8));
        assertThrows(IllegalStateException.class, () -> table.remove(7));
        assertThrows(IllegalStateException.class, () -> table.remove(99));
        assertSound();
    }

    @Test
    void whatIsWrongIsRefusedInWords() {
        insertCommitted(7, 70);
        final long record = table.find(7);
        journal.begin();

        assertThrows(IllegalStateException.class, () -> table.insert(7));
        assertThrows(IndexOutOfBoundsException.class, () -> table.putLong(record, 9, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> table.putLong(record, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> table.putLong(CAPACITY, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> table.getLong(Table.NONE, 0));
        assertThrows(IllegalStateException.class, () -> table.putLong(record + 1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> table.find(into, 0, 8));
        assertTrue(table.remove(7));
        assertThrows(IllegalStateException.class, () -> table.putLong(record, 0, 1));
        assertFalse(table.remove(7));
    }

    @Test
    void aTransactionThatIsTooLargeForTheJournalIsRolledBackWhole() {
        insertCommitted(7, 70);
        journal.begin();
        table.remove(7);
        journal.save(JOURNAL_BYTES, JOURNAL_BYTES - 700);
        assertThrows(
                JournalFullException.class,
                () -> {
                    for (long key = 100; key < 100 + CAPACITY; key++) {
                        table.insert(key);
                    }
                });
        journal.rollback();

        assertEquals(List.of(7L), readKeys());
        assertSound();
    }

    @Test
    void whatIsNoTableOfThisSizeIsRefused() {
        assertThrows(
                ArenaException.class,
                () -> Table.attach("accounts", journal, arena.memory(), JOURNAL_BYTES, bytes - 64));
        assertThrows(
                ArenaException.class,
                () -> TableReader.attach("accounts", arena.memory(), JOURNAL_BYTES + 64, 512));
        assertThrows(
                ArenaException.class,
                () -> Table.attach("accounts", journal, arena.memory(), ARENA_BYTES - 64, bytes));
        assertThrows(
                IllegalArgumentException.class,
                () -> Table.layOut("accounts", journal, arena.memory(), 0, 1 << 20, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> Table.bytes(0, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> Table.bytes(1, -1, 8));
        assertThrows(IllegalArgumentException.class, () -> Table.bytes(1, 0, 0));
    }

    private void insertCommitted(final long key, final long value) {
        journal.begin();
        table.putLong(table.insert(key), 8, value);
        journal.commit();
    }

    private List<Long> readKeys() {
        final List<Long> keys = new java.util.ArrayList<>();
        assertTrue(
                reader.forEach(
                        (number, record, keyIndex, keyLength, valueIndex) ->
                                keys.add(record.getLong(keyIndex)),
                        0));
        return keys;
    }

    private void assertSound() {
        assertEquals(List.of(), TableInvariants.check(arena.memory(), JOURNAL_BYTES, bytes));
    }
}
