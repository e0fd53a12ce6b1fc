package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills every operation of a table at every store, and the recoveries. What is left is the table
 * before the transaction or after it, for a writer and for a reader, and every invariant holds.
 */
@Tag("cuts")
class TableKillTest {
    private static final int JOURNAL_BYTES = 4096;
    private static final int TABLE = JOURNAL_BYTES;
    private static final int CAPACITY = 6;
    private static final int VALUE_BYTES = 16;
    private static final int KEY_BYTES_MAX = 12;
    private static final long LONG_BYTES = Table.bytes(CAPACITY, 0, VALUE_BYTES);
    private static final long KEYED_BYTES = Table.bytes(CAPACITY, KEY_BYTES_MAX, VALUE_BYTES);

    private static final long A = RandomTransaction.key(0);
    private static final long B = RandomTransaction.key(1);
    private static final long C = RandomTransaction.key(2);
    private static final long D = RandomTransaction.key(3);

    private final TestArena arena = new TestArena(TABLE + Math.max(LONG_BYTES, KEYED_BYTES));

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void insert() {
        kill("insert", Map.of(A, 1L, B, 2L, C, 3L), (table, journal) -> put(table, C, 3));
    }

    @Test
    void insertIntoARecordThatWasRemovedEarlier() {
        kill(
                "insert into a free record",
                Map.of(A, 1L, D, 4L),
                (table, journal) -> table.remove(B),
                (table, journal) -> put(table, D, 4));
    }

    @Test
    void update() {
        kill(
                "update",
                Map.of(A, 11L, B, 12L),
                (table, journal) -> {
                    put(table, A, 11);
                    put(table, B, 12);
                });
    }

    @Test
    void remove() {
        kill("remove", Map.of(B, 2L), (table, journal) -> table.remove(A));
    }

    @Test
    void removeAndInsertOfTheSameKey() {
        kill(
                "remove and insert of a key",
                Map.of(A, 5L, B, 2L),
                (table, journal) -> {
                    table.remove(A);
                    put(table, A, 5);
                });
    }

    @Test
    void removeAndInsertOfAnotherKeyInTheSameRecord() {
        kill(
                "a record used again",
                Map.of(C, 3L, B, 2L),
                (table, journal) -> {
                    put(table, A, 9);
                    table.remove(A);
                    put(table, C, 3);
                });
    }

    @Test
    void insertAndRemoveInOneTransaction() {
        kill(
                "insert and remove",
                Map.of(A, 1L),
                (table, journal) -> {
                    put(table, C, 3);
                    table.remove(C);
                    put(table, B, 9);
                    table.remove(B);
                });
    }

    @Test
    void aTransactionThatReturnsToASavepoint() {
        kill(
                "savepoint",
                Map.of(A, 11L, D, 4L),
                (table, journal) -> {
                    put(table, A, 11);
                    final int savepoint = journal.savepoint();
                    put(table, A, 12);
                    table.remove(B);
                    put(table, C, 3);
                    journal.rollbackTo(savepoint);
                    table.remove(B);
                    put(table, D, 4);
                });
    }

    @Test
    void aTransactionThatRollsBack() {
        kill(
                "rollback",
                Map.of(A, 1L, B, 2L),
                (table, journal) -> {
                    put(table, A, 11);
                    table.remove(B);
                    put(table, C, 3);
                    journal.rollback();
                    journal.begin();
                });
    }

    @Test
    void keysOfBytes() {
        arena.setImage(0, new byte[arena.image().length]);
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        final Table table =
                Table.layOut(
                        "names",
                        journal,
                        arena.memory(),
                        TABLE,
                        CAPACITY,
                        KEY_BYTES_MAX,
                        VALUE_BYTES);
        final UnsafeBuffer key =
                new UnsafeBuffer(
                        "abcdefghijklmnop".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        journal.begin();
        table.putLong(table.insert(key, 0, 9), 0, 1);
        table.putLong(table.insert(key, 0, 10), 0, 2);
        journal.commit();
        final String before = names(arena.memory());
        final long points =
                new KillEverywhere(
                                "byte keys",
                                arena,
                                memory -> {
                                    final Journal mine = recovered(memory);
                                    final Table names =
                                            Table.attach("names", mine, memory, TABLE, KEYED_BYTES);
                                    mine.begin();
                                    names.putLong(names.find(key, 0, 9), 0, 11);
                                    names.remove(key, 0, 10);
                                    names.putLong(names.insert(key, 0, 11), 0, 3);
                                    mine.commit();
                                },
                                TableKillTest::recovered,
                                (memory, where) -> {
                                    final String found = names(memory);
                                    assertTrue(
                                            before.equals(found)
                                                    || "abcdefghi=11 abcdefghijk=3 ".equals(found),
                                            where + ": " + found);
                                    assertEquals(
                                            List.of(),
                                            TableInvariants.check(memory, TABLE, KEYED_BYTES),
                                            where);
                                })
                        .run();

        assertTrue(points > 100);
    }

    /** Kills the last step; the steps before it are made whole, each in its transaction. */
    @SafeVarargs
    private void kill(
            final String name,
            final Map<Long, Long> expected,
            final BiConsumer<Table, Journal>... steps) {
        arena.setImage(0, new byte[arena.image().length]);
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        final Table table =
                Table.layOut("killed", journal, arena.memory(), TABLE, CAPACITY, 0, VALUE_BYTES);
        journal.begin();
        put(table, A, 1);
        if (!"insert and remove".equals(name)) {
            put(table, B, 2);
        }
        journal.commit();
        for (int i = 0; i < steps.length - 1; i++) {
            journal.begin();
            steps[i].accept(table, journal);
            journal.commit();
        }
        final BiConsumer<Table, Journal> killed = steps[steps.length - 1];
        final Map<Long, Long> before = scan(arena.memory());
        final long points =
                new KillEverywhere(
                                name,
                                arena,
                                memory -> transact(memory, killed),
                                TableKillTest::recovered,
                                (memory, where) -> check(memory, before, expected, where))
                        .run();

        assertTrue(points > 100, "too few points to mean much: " + points);
        transact(arena.memory(), killed);
        check(arena.memory(), expected, expected, name + ", uncut");
    }

    private static void transact(final Memory memory, final BiConsumer<Table, Journal> step) {
        final Journal journal = recovered(memory);
        final Table table = Table.attach("killed", journal, memory, TABLE, LONG_BYTES);
        journal.begin();
        step.accept(table, journal);
        journal.commit();
    }

    private static Journal recovered(final Memory memory) {
        final Journal journal = new Journal(memory, 0, JOURNAL_BYTES);
        journal.recover();
        return journal;
    }

    private static void put(final Table table, final long key, final long value) {
        final long record = table.findOrInsert(key);
        table.putLong(record, 0, value);
        table.putLong(record, 8, RandomTransaction.proof(key, value));
    }

    private static Map<Long, Long> scan(final Memory memory) {
        return TableViews.scan(TableReader.attach("killed", memory, TABLE, LONG_BYTES));
    }

    private static void check(
            final Memory memory,
            final Map<Long, Long> before,
            final Map<Long, Long> after,
            final String where) {
        final Map<Long, Long> found = scan(memory);
        assertTrue(found.equals(before) || found.equals(after), where + ": " + found);
        final TableReader reader = TableReader.attach("killed", memory, TABLE, LONG_BYTES);
        TableViews.assertReaderSees(found, reader, true, where);
        final Journal journal = new Journal(memory, 0, JOURNAL_BYTES);
        TableViews.assertWriterSees(
                found, Table.attach("killed", journal, memory, TABLE, LONG_BYTES), where);
        assertEquals(List.of(), TableInvariants.check(memory, TABLE, LONG_BYTES), where);
    }

    private static String names(final Memory memory) {
        final Map<String, Long> found = new TreeMap<>();
        TableReader.attach("names", memory, TABLE, KEYED_BYTES)
                .forEach(
                        (number, record, keyIndex, keyLength, valueIndex) ->
                                found.put(
                                        record.getStringWithoutLengthAscii(keyIndex, keyLength),
                                        record.getLong(valueIndex)),
                        0);
        final StringBuilder text = new StringBuilder();
        found.forEach((key, value) -> text.append(key).append('=').append(value).append(' '));
        return text.toString();
    }
}
