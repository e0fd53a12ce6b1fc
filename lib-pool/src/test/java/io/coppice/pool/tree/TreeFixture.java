package io.coppice.pool.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** A small sorted table with long keys and values, in an arena of its own. */
final class TreeFixture implements AutoCloseable {
    static final String NAME = "prices";
    static final int VALUE_BYTES = 8;

    /** Six entries a node: deep with few records. */
    static final int NODE_BYTES = 128;

    final TestArena arena;
    final int journalBytes;
    final long bytes;
    final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_BYTES]);

    TreeFixture(final long capacity, final int journalBytes, final int keyBytesMax) {
        this.journalBytes = journalBytes;
        final int nodeBytes = nodeBytes(keyBytesMax);
        this.bytes = SortedTable.bytes(capacity, keyBytesMax, VALUE_BYTES, nodeBytes);
        this.arena = new TestArena(journalBytes + bytes);
        SortedTable.layOut(
                NAME,
                journal(arena.memory()),
                arena.memory(),
                journalBytes,
                capacity,
                keyBytesMax,
                VALUE_BYTES,
                nodeBytes);
    }

    static int nodeBytes(final int keyBytesMax) {
        return keyBytesMax == 0 ? NODE_BYTES : 256;
    }

    Journal journal(final Memory memory) {
        final Journal journal = new Journal(memory, 0, journalBytes);
        journal.recover();
        return journal;
    }

    SortedTable attach(final Journal journal, final Memory memory) {
        return SortedTable.attach(NAME, journal, memory, journalBytes, bytes);
    }

    boolean insert(final SortedTable table, final long key, final long content) {
        value.putLong(0, content);
        return table.insert(key, value, 0);
    }

    boolean update(final SortedTable table, final long key, final long content) {
        value.putLong(0, content);
        return table.update(key, value, 0);
    }

    /** Returns all records by a walk of a fresh reader. */
    NavigableMap<Long, Long> contents() {
        final NavigableMap<Long, Long> found = new TreeMap<>();
        final Cursor cursor =
                SortedTableReader.attach(NAME, arena.memory(), journalBytes, bytes).cursor();
        for (boolean at = cursor.first(); at; at = cursor.next()) {
            found.put(cursor.key(), arena.memory().getLong(cursor.valueOffset()));
        }
        return found;
    }

    void check(final Map<Long, Long> expected, final String where) {
        assertEquals(List.of(), invariants(), where);
        assertEquals(expected, contents(), where);
    }

    List<String> invariants() {
        return SortedTableInvariants.check(arena.memory(), journalBytes, bytes);
    }

    static UnsafeBuffer text(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        arena.close();
    }
}
