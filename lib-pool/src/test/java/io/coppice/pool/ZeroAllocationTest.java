package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A writer in its steady state must leave nothing to the garbage collector. */
class ZeroAllocationTest {
    private static final int JOURNAL_BYTES = 8192;
    private static final int WINDOWS_MOST = 10;
    private static final int ROUNDS = 100_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void transactionsAllocateNothing() {
        try (TestArena arena = new TestArena(16384)) {
            final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
            journal.recover();
            final JournaledBuffer buffer =
                    new JournaledBuffer(journal, arena.memory(), JOURNAL_BYTES, 4096);
            final Work work = new Work(journal, buffer);

            // A compiled method that is given up moves its objects back to the heap, once; so the
            // first windows may count
            // some, and one of them has to be free of any.
            long allocatedBytes = -1;
            int windows = 0;
            while (windows < WINDOWS_MOST && allocatedBytes != 0) {
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                work.run(ROUNDS);
                allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                windows++;
            }

            assertEquals(0, allocatedBytes, "bytes allocated by " + ROUNDS + " transactions");
            assertEquals((long) windows * ROUNDS, journal.commits() + journal.rollbacks());
        }
    }

    /** Every kind of store. */
    private static final class Work {
        private final Journal journal;
        private final JournaledBuffer buffer;
        private final byte[] bytes = new byte[48];
        private final ByteBuffer heap = ByteBuffer.wrap(new byte[48]);
        private final ByteBuffer direct = ByteBuffer.allocateDirect(48);

        Work(final Journal journal, final JournaledBuffer buffer) {
            this.journal = journal;
            this.buffer = buffer;
        }

        void run(final int rounds) {
            for (int round = 0; round < rounds; round++) {
                journal.begin();
                buffer.putLong(0, round);
                buffer.putInt(8, round);
                buffer.putDouble(16, round);
                buffer.putBytes(64, bytes);
                buffer.putBytes(128, heap, 0, 48);
                buffer.putBytes(192, direct, 0, 48);
                buffer.putBytes(256, buffer, 64, 100);
                buffer.setMemory(400, 64, (byte) round);
                buffer.putLongAscii(500, round * 1_000_000_007L);
                buffer.putStringAscii(
                        600, "a text longer than the scratch is at first, by quite some way");
                buffer.putStringUtf8(
                        700, "zażółć gęślą jaźń 😀, zażółć gęślą jaźń 😀, zażółć gęślą jaźń");
                journal.deferLong(JOURNAL_BYTES + 1024L, round);
                if ((round & 3) == 3) {
                    journal.rollback();
                } else {
                    journal.commit();
                }
            }
        }
    }
}
