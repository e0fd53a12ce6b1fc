package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** What a writer and a reader have to see of a table of {@link RandomTransaction}s. */
final class TableViews {
    private TableViews() {}

    static void assertWriterSees(
            final Map<Long, Long> expected, final Table table, final String where) {
        final Map<Long, Long> seen = new TreeMap<>();
        for (long at = table.next(Table.NONE); at != Table.NONE; at = table.next(at)) {
            final long key = table.longKey(at);
            assertEquals(at, table.find(key), where);
            seen.put(key, table.getLong(at, 0));
            assertEquals(
                    RandomTransaction.proof(key, table.getLong(at, 0)),
                    table.getLong(at, 8),
                    where);
        }
        assertEquals(expected, seen, where);
        assertEquals(expected.size(), table.size(), where);
        for (int i = 0; i < RandomTransaction.KEYS; i++) {
            final long key = RandomTransaction.key(i);
            assertEquals(expected.containsKey(key), table.find(key) != Table.NONE, where);
        }
    }

    /**
     * @param settled whether no transaction is under way, so that every answer can be told
     */
    static void assertReaderSees(
            final Map<Long, Long> expected,
            final TableReader reader,
            final boolean settled,
            final String where) {
        assertEquals(expected, scan(reader), where);
        final UnsafeBuffer into = new UnsafeBuffer(new byte[RandomTransaction.VALUE_BYTES]);
        for (int i = 0; i < RandomTransaction.KEYS; i++) {
            final long key = RandomTransaction.key(i);
            final int answer = reader.read(key, into, 0, 0);
            final Long value = expected.get(key);
            if (answer == TableReader.FOUND) {
                assertEquals(value, into.getLong(0), where);
                assertEquals(RandomTransaction.proof(key, value), into.getLong(8), where);
            } else if (answer == TableReader.ABSENT) {
                assertEquals(null, value, where);
            }
            if (settled) {
                assertNotEquals(TableReader.BUSY, answer, where);
            }
        }
    }

    static Map<Long, Long> scan(final TableReader reader) {
        final Map<Long, Long> seen = new TreeMap<>();
        assertTrue(
                reader.forEach(
                        (number, record, keyIndex, keyLength, valueIndex) -> {
                            final long key = record.getLong(keyIndex);
                            final long value = record.getLong(valueIndex);
                            assertEquals(
                                    RandomTransaction.proof(key, value),
                                    record.getLong(valueIndex + 8));
                            seen.put(key, value);
                        },
                        0));
        return seen;
    }
}
