package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.pool.Journal;
import io.coppice.pool.TestArena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that are byte strings. */
class TableByteKeysTest {
    private static final int VALUE_BYTES = 16;
    private static final int KEY_BYTES_MAX = 20;
    private static final int JOURNAL_BYTES = 8192;
    private static final int ARENA_BYTES = 16384;

    private final TestArena arena = new TestArena(ARENA_BYTES);
    private final UnsafeBuffer into = new UnsafeBuffer(new byte[VALUE_BYTES]);
    private Journal journal;

    @BeforeEach
    void layOut() {
        arena.setImage(0, new byte[ARENA_BYTES]);
        journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void keysOfBytesOfEveryLengthAreKept() {
        final Table names =
                Table.layOut(
                        "names",
                        journal,
                        arena.memory(),
                        JOURNAL_BYTES,
                        KEY_BYTES_MAX + 1,
                        KEY_BYTES_MAX,
                        4);
        final UnsafeBuffer key =
                new UnsafeBuffer("zabcdefghijklmnopqrstuvw".getBytes(StandardCharsets.UTF_8));
        journal.begin();
        for (int length = 0; length <= KEY_BYTES_MAX; length++) {
            names.putInt(names.insert(key, 1, length), 0, length);
        }
        assertThrows(IllegalArgumentException.class, () -> names.insert(key, 1, KEY_BYTES_MAX + 1));
        assertThrows(IllegalStateException.class, () -> names.insert(key, 1, 3));
        journal.commit();

        final long namesBytes = Table.bytes(KEY_BYTES_MAX + 1, KEY_BYTES_MAX, 4);
        final TableReader other =
                TableReader.attach("names", arena.memory(), JOURNAL_BYTES, namesBytes);
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[KEY_BYTES_MAX]);
        for (int length = 0; length <= KEY_BYTES_MAX; length++) {
            final long record = names.find(key, 1, length);
            assertEquals(length, names.getInt(record, 0));
            assertEquals(length, names.key(record, copy, 0));
            assertEquals(TableReader.FOUND, other.read(key, 1, length, into, 0, 0));
            assertEquals(length, into.getInt(0));
        }
        assertEquals(Table.NONE, names.find(key, 0, 3));
        assertEquals(Table.NONE, names.find(key, 1, KEY_BYTES_MAX + 1));
        assertEquals(TableReader.ABSENT, other.read(key, 0, 3, into, 0, 0));
        assertEquals(List.of(), TableInvariants.check(arena.memory(), JOURNAL_BYTES, namesBytes));
    }
}
