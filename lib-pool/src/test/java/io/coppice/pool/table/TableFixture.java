package io.coppice.pool.table;

import io.coppice.pool.Journal;
import io.coppice.pool.TestArena;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A small table, its journal and a reader. */
abstract class TableFixture {
    static final int CAPACITY = 12;
    static final int VALUE_BYTES = 16;
    static final int JOURNAL_BYTES = 8192;
    static final int ARENA_BYTES = 16384;

    final TestArena arena = new TestArena(ARENA_BYTES);
    final UnsafeBuffer into = new UnsafeBuffer(new byte[VALUE_BYTES]);
    final long bytes = Table.bytes(CAPACITY, 0, VALUE_BYTES);
    Journal journal;
    Table table;
    TableReader reader;

    @BeforeEach
    void layOut() {
        arena.setImage(0, new byte[ARENA_BYTES]);
        journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        table =
                Table.layOut(
                        "accounts",
                        journal,
                        arena.memory(),
                        JOURNAL_BYTES,
                        CAPACITY,
                        0,
                        VALUE_BYTES);
        reader = TableReader.attach("accounts", arena.memory(), JOURNAL_BYTES, bytes);
    }

    @AfterEach
    void free() {
        arena.close();
    }
}
