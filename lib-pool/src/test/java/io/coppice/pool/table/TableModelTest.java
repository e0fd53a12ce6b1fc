package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Journal;
import io.coppice.pool.TestArena;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random transactions on a table and on a plain map. After every step the writer sees what the map
 * of the transaction holds, a reader what the map of the last commit does.
 */
class TableModelTest {
    private static final int SEEDS = 20;
    private static final int TRANSACTIONS = 200;
    private static final int JOURNAL_BYTES = 16384;

    @Test
    void writerAndReaderAgreeWithAPlainMap() {
        final long first = Long.getLong("coppice.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            run(seed, "-Dcoppice.seed=" + seed);
        }
    }

    private static void run(final long seed, final String where) {
        final long bytes = Table.bytes(RandomTransaction.CAPACITY, 0, 16);
        try (TestArena arena = new TestArena(JOURNAL_BYTES + bytes)) {
            arena.setImage(0, new byte[(int) (JOURNAL_BYTES + bytes)]);
            final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
            journal.recover();
            final Table table =
                    Table.layOut(
                            "model",
                            journal,
                            arena.memory(),
                            JOURNAL_BYTES,
                            RandomTransaction.CAPACITY,
                            0,
                            RandomTransaction.VALUE_BYTES);
            final TableReader reader =
                    TableReader.attach("model", arena.memory(), JOURNAL_BYTES, bytes);
            Map<Long, Long> committed = new TreeMap<>();
            for (int i = 0; i < TRANSACTIONS; i++) {
                final Map<Long, Long> before = committed;
                final String here = where + ", transaction " + i;
                committed =
                        new RandomTransaction(seed * TRANSACTIONS + i, table, journal, before)
                                .run(
                                        model -> {
                                            TableViews.assertWriterSees(model, table, here);
                                            TableViews.assertReaderSees(
                                                    before, reader, false, here);
                                        });
                TableViews.assertWriterSees(committed, table, here);
                TableViews.assertReaderSees(committed, reader, true, here);
                assertEquals(
                        List.of(),
                        TableInvariants.check(arena.memory(), JOURNAL_BYTES, bytes),
                        here);
            }
        }
    }
}
