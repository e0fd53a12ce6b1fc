package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.coppice.pool.Journal;
import io.coppice.pool.TestArena;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Writers and readers in their steady state must leave nothing to the garbage collector. */
class TableZeroAllocationTest {
    private static final int JOURNAL_BYTES = 16384;
    private static final int CAPACITY = 64;
    private static final int VALUE_BYTES = 320;
    private static final int WINDOWS_MOST = 10;
    private static final int ROUNDS = 20_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void nothingIsAllocatedForLongKeys() {
        try (TestArena arena = new TestArena(JOURNAL_BYTES + Table.bytes(CAPACITY, 0, 24))) {
            final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
            journal.recover();
            final Table table =
                    Table.layOut("t", journal, arena.memory(), JOURNAL_BYTES, CAPACITY, 0, 24);
            final TableReader reader =
                    TableReader.attach(
                            "t", arena.memory(), JOURNAL_BYTES, Table.bytes(CAPACITY, 0, 24));
            assertAllocatesNothing(
                    new Work(journal, table, reader) {
                        @Override
                        void round(final int round) {
                            longKeys(round);
                        }
                    });
        }
    }

    @Test
    void nothingIsAllocatedForKeysOfBytesAndLongValues() {
        final long bytes = Table.bytes(CAPACITY, 16, VALUE_BYTES);
        try (TestArena arena = new TestArena(JOURNAL_BYTES + bytes)) {
            final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
            journal.recover();
            final Table table =
                    Table.layOut(
                            "t", journal, arena.memory(), JOURNAL_BYTES, CAPACITY, 16, VALUE_BYTES);
            final TableReader reader =
                    TableReader.attach("t", arena.memory(), JOURNAL_BYTES, bytes);
            assertAllocatesNothing(
                    new Work(journal, table, reader) {
                        @Override
                        void round(final int round) {
                            byteKeys(round);
                        }
                    });
        }
    }

    /**
     * A compiled method that is given up moves its objects back to the heap, once; so the first
     * windows may count some, and one of them has to be free of any.
     */
    private static void assertAllocatesNothing(final Work work) {
        long allocatedBytes = -1;
        for (int window = 0; window < WINDOWS_MOST && allocatedBytes != 0; window++) {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                work.round(round);
            }
            allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        }

        assertEquals(0, allocatedBytes, "bytes allocated by " + ROUNDS + " transactions");
    }

    /** Every operation. */
    private abstract static class Work {
        private final Journal journal;
        private final Table table;
        private final TableReader reader;
        private final UnsafeBuffer key =
                new UnsafeBuffer("abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII));
        private final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_BYTES]);
        private long visited;
        private final TableReader.RecordVisitor visitor =
                (number, record, keyIndex, keyLength, valueIndex) -> visited++;

        Work(final Journal journal, final Table table, final TableReader reader) {
            this.journal = journal;
            this.table = table;
            this.reader = reader;
        }

        abstract void round(int round);

        void longKeys(final int round) {
            final long number = round & 31;
            journal.begin();
            table.putLong(table.findOrInsert(number), 0, round);
            final int savepoint = journal.savepoint();
            table.putDouble(table.findOrInsert(number + 1), 8, round);
            table.putInt(table.find(number), 4, round);
            if ((round & 1) == 0) {
                journal.rollbackTo(savepoint);
            }
            table.remove(number + 5);
            end(round);
            reader.read(number, value, 0, 0);
            reader.read(1000, value, 0, 0);
            readAll(round);
        }

        void byteKeys(final int round) {
            final int length = round & 15;
            journal.begin();
            final long record = table.findOrInsert(key, 0, length);
            table.putBytes(record, 0, value, 0, VALUE_BYTES);
            table.getBytes(record, 0, value, 0, VALUE_BYTES);
            table.key(record, value, 0);
            table.remove(key, 0, length + 7 & 15);
            end(round);
            reader.read(key, 0, length, value, 0, 0);
            readAll(round);
        }

        private void end(final int round) {
            if ((round & 3) == 3) {
                journal.rollback();
            } else {
                journal.commit();
            }
        }

        private void readAll(final int round) {
            if ((round & 63) == 0) {
                reader.forEach(visitor, 0);
                for (long at = table.next(Table.NONE); at != Table.NONE; at = table.next(at)) {
                    visited++;
                }
            }
        }
    }
}
