package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Journal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a writer and a reader of a table see, before and after the end of transactions. */
class TableTest extends TableFixture {
    @Test
    void theWriterSeesItsInsertAtOnceAndOthersSeeItAfterTheCommit() {
        journal.begin();
        final long record = table.insert(7);
        table.putLong(record, 8, 70);

        assertEquals(record, table.find(7));
        assertEquals(0, table.getLong(record, 0));
        assertEquals(70, table.getLong(record, 8));
        assertEquals(1, table.size());
        assertEquals(TableReader.ABSENT, reader.read(7, into, 0, 0));

        journal.commit();

        assertEquals(TableReader.FOUND, reader.read(7, into, 0, 0));
        assertEquals(70, into.getLong(8));
        assertSound();
    }

    @Test
    void aNumberIsGotByItsKeyInOneStep() {
        insertCommitted(7, 70);
        assertEquals(70, table.longOf(7, 8, -1));
        assertEquals(-1, table.longOf(8, 8, -1));
        journal.begin();
        table.putLong(table.find(7), 8, 71);
        table.putLong(table.insert(8), 8, 80);
        assertEquals(71, table.longOf(7, 8, -1), "the writer sees its own");
        assertEquals(80, table.longOf(8, 8, -1));
        journal.rollback();
        assertEquals(70, table.longOf(7, 8, -1));
        assertEquals(-1, table.longOf(8, 8, -1));
        assertThrows(
                IndexOutOfBoundsException.class, () -> table.longOf(7, table.valueBytes() - 7, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> table.longOf(7, -1, -1));
    }

    @Test
    void othersSeeTheOldRecordUntilAnUpdateIsCommitted() {
        insertCommitted(7, 70);
        journal.begin();
        table.putLong(table.find(7), 8, 71);
        table.putLong(table.find(7), 0, 1);

        assertEquals(71, table.getLong(table.find(7), 8));
        assertEquals(TableReader.FOUND, reader.read(7, into, 0, 0));
        assertEquals(70, into.getLong(8));

        journal.commit();

        assertEquals(TableReader.FOUND, reader.read(7, into, 0, 0));
        assertEquals(71, into.getLong(8));
        assertEquals(1, into.getLong(0));
    }

    @Test
    void aRollbackBringsEverythingBack() {
        insertCommitted(7, 70);
        insertCommitted(8, 80);
        journal.begin();
        table.putLong(table.find(7), 8, 71);
        table.remove(8);
        table.putLong(table.insert(9), 8, 90);
        journal.rollback();

        assertEquals(70, table.getLong(table.find(7), 8));
        assertEquals(80, table.getLong(table.find(8), 8));
        assertEquals(Table.NONE, table.find(9));
        assertEquals(2, table.size());
        assertEquals(TableReader.ABSENT, reader.read(9, into, 0, 0));
        assertSound();
    }

    @Test
    void aMissCannotBeToldWhileARemoveIsUnderWayButAHitCan() {
        insertCommitted(7, 70);
        insertCommitted(8, 80);
        journal.begin();
        assertTrue(table.remove(8));

        assertEquals(Table.NONE, table.find(8));
        assertEquals(TableReader.BUSY, reader.read(99, into, 0, 1000));
        assertEquals(TableReader.BUSY, reader.read(8, into, 0, 1000));
        assertEquals(TableReader.FOUND, reader.read(7, into, 0, 0));

        journal.commit();

        assertEquals(TableReader.ABSENT, reader.read(99, into, 0, 0));
        assertEquals(TableReader.ABSENT, reader.read(8, into, 0, 0));
        assertSound();
    }

    @Test
    void aRecordThatIsRemovedAndUsedForAnotherKeyInOneTransactionShowsTheOldOneUntilTheCommit() {
        insertCommitted(7, 70);
        journal.begin();
        table.remove(7);
        final long record = table.insert(8);
        table.putLong(record, 8, 80);

        assertEquals(List.of(7L), readKeys());
        assertEquals(8, table.longKey(record));

        journal.commit();

        assertEquals(List.of(8L), readKeys());
        assertEquals(TableReader.FOUND, reader.read(8, into, 0, 0));
        assertEquals(80, into.getLong(8));
        assertEquals(TableReader.ABSENT, reader.read(7, into, 0, 0));
        assertSound();
    }

    @Test
    void aReturnToASavepointUndoesWhatCameAfterItAndNothingBefore() {
        insertCommitted(7, 70);
        insertCommitted(8, 80);
        journal.begin();
        table.putLong(table.find(7), 8, 71);
        final int savepoint = journal.savepoint();
        table.putLong(table.find(7), 8, 72);
        table.putLong(table.find(8), 8, 82);
        table.remove(7);
        table.putLong(table.insert(9), 8, 90);
        journal.rollbackTo(savepoint);

        assertEquals(71, table.getLong(table.find(7), 8));
        assertEquals(80, table.getLong(table.find(8), 8));
        assertEquals(Table.NONE, table.find(9));

        table.putLong(table.find(8), 0, 5);
        journal.commit();

        assertRead(7, 0, 71);
        assertRead(8, 5, 80);
        assertSound();
    }

    @Test
    void nestedSavepointsComeBackOneByOne() {
        insertCommitted(7, 70);
        journal.begin();
        final int outer = journal.savepoint();
        table.putLong(table.find(7), 8, 71);
        final int inner = journal.savepoint();
        table.putLong(table.find(7), 8, 72);
        journal.rollbackTo(inner);
        assertEquals(71, table.getLong(table.find(7), 8));
        table.putLong(table.find(7), 8, 73);
        journal.rollbackTo(outer);
        assertEquals(70, table.getLong(table.find(7), 8));
        journal.commit();

        assertRead(7, 0, 70);
        assertSound();
    }

    @Test
    void everyFieldTypeIsKept() {
        journal.begin();
        final long record = table.insert(7);
        table.putByte(record, 0, (byte) -1);
        table.putShort(record, 2, (short) -2);
        table.putInt(record, 4, -3);
        table.putDouble(record, 8, 0.5);
        journal.commit();

        assertEquals(-1, table.getByte(record, 0));
        assertEquals(-2, table.getShort(record, 2));
        assertEquals(-3, table.getInt(record, 4));
        assertEquals(0.5, table.getDouble(record, 8));
        table.getBytes(record, 4, into, 1, 4);
        assertEquals(-3, into.getInt(1));
        journal.begin();
        table.putBytes(record, 12, into, 1, 4);
        assertEquals(-3, table.getInt(record, 12));
        journal.rollback();
    }

    @Test
    void iterationMeetsEveryRecordThatTheWriterSees() {
        insertCommitted(7, 70);
        insertCommitted(8, 80);
        insertCommitted(9, 90);
        journal.begin();
        table.remove(8);
        table.insert(10);
        table.insert(11);
        final Set<Long> keys = new HashSet<>();
        for (long at = table.next(Table.NONE); at != Table.NONE; at = table.next(at)) {
            keys.add(table.longKey(at));
        }
        journal.rollback();

        assertEquals(Set.of(7L, 9L, 10L, 11L), keys);
    }

    @Test
    void aSuccessorFindsWhatWasCommitted() {
        insertCommitted(7, 70);
        journal.begin();
        table.putLong(table.find(7), 8, 71);
        table.insert(8);
        table.remove(7);

        final Journal successor = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        assertTrue(successor.recover());
        final Table found =
                Table.attach("accounts", successor, arena.memory(), JOURNAL_BYTES, bytes);

        assertEquals(1, found.size());
        assertEquals(70, found.getLong(found.find(7), 8));
        assertSound();
    }

    @Test
    void twoWritersThatTakeTurnsSeeEachOthersCommits() {
        final long second = JOURNAL_BYTES / 2;
        arena.setImage(0, new byte[ARENA_BYTES]);
        final Journal one = new Journal(arena.memory(), 0, second, 0);
        final Journal two = new Journal(arena.memory(), second, second, 1);
        one.recover();
        two.recover();
        final Table first =
                Table.layOut(
                        "accounts", one, arena.memory(), JOURNAL_BYTES, CAPACITY, 0, VALUE_BYTES);
        final Table other = Table.attach("accounts", two, arena.memory(), JOURNAL_BYTES, bytes);
        one.begin();
        first.putLong(first.insert(7), 0, 1);
        one.commit();
        for (int i = 0; i < 5; i++) {
            two.begin();
            other.putLong(other.find(7), 0, other.getLong(other.find(7), 0) + 1);
            other.insert(100 + i);
            two.commit();
            one.begin();
            first.putLong(first.find(7), 0, first.getLong(first.find(7), 0) + 1);
            first.remove(100 + i);
            one.commit();
        }

        assertEquals(11, first.getLong(first.find(7), 0));
        assertEquals(1, other.size());
        assertSound();
    }

    private void insertCommitted(final long key, final long value) {
        journal.begin();
        table.putLong(table.insert(key), 8, value);
        journal.commit();
    }

    private void assertRead(final long key, final long first, final long second) {
        assertEquals(TableReader.FOUND, reader.read(key, into, 0, 0));
        assertEquals(first, into.getLong(0));
        assertEquals(second, into.getLong(8));
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
