package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.TestArena;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A commit reaches records one after another; no key may seem to be gone between two of them. */
@Tag("cuts")
class TableCommitOrderTest {
    private static final int JOURNAL_BYTES = 4096;
    private static final long BYTES = Table.bytes(4, 0, 8);
    private static final long A = RandomTransaction.key(0);
    private static final long B = RandomTransaction.key(1);

    private final TestArena arena = new TestArena(JOURNAL_BYTES + BYTES);
    private final UnsafeBuffer into = new UnsafeBuffer(new byte[8]);

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void keysThatSwapTheirRecordsInOneTransactionAreNeverMissed() {
        arena.setImage(0, new byte[(int) (JOURNAL_BYTES + BYTES)]);
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        final Table table =
                Table.layOut("swapped", journal, arena.memory(), JOURNAL_BYTES, 4, 0, 8);
        journal.begin();
        table.putLong(table.insert(A), 0, 1);
        table.putLong(table.insert(B), 0, 2);
        journal.commit();
        final byte[] start = arena.image();
        Cuts.count();
        swap();
        final long stores = Cuts.disarm();
        final TableReader reader =
                TableReader.attach("swapped", arena.memory(), JOURNAL_BYTES, BYTES);
        for (long store = 0; store < stores; store++) {
            arena.setImage(0, start);
            Cuts.arm(store);
            assertThrows(Cuts.Cut.class, this::swap);
            Cuts.disarm();

            final String where = "cut at store " + store;
            assertNotEquals(TableReader.ABSENT, reader.read(A, into, 0, 0), where);
            assertNotEquals(TableReader.ABSENT, reader.read(B, into, 0, 0), where);
        }
        assertTrue(stores > 50);
    }

    private void swap() {
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        final Table table = Table.attach("swapped", journal, arena.memory(), JOURNAL_BYTES, BYTES);
        journal.begin();
        table.remove(A);
        table.remove(B);
        table.putLong(table.insert(A), 0, 3);
        table.putLong(table.insert(B), 0, 4);
        journal.commit();
    }
}
