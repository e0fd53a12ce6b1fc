package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Handles and copies must leave nothing to the garbage collector. */
class SchemaZeroAllocationTest {
    private static final int JOURNAL_BYTES = 8192;
    private static final int WINDOWS_MOST = 10;
    private static final int ROUNDS = 100_000;

    private static final RecordSchema ALL = Schemas.all();
    private static final LongField LONG = ALL.longField("long");
    private static final IntField INT = ALL.intField("int");
    private static final ShortField SHORT = ALL.shortField("short");
    private static final ByteField BYTE = ALL.byteField("byte");
    private static final BooleanField BOOLEAN = ALL.booleanField("boolean");
    private static final DoubleField DOUBLE = ALL.doubleField("double");
    private static final FloatField FLOAT = ALL.floatField("float");
    private static final TextField TEXT = ALL.textField("text");
    private static final BytesField BYTES = ALL.bytesField("bytes");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long seen;

    @Test
    void handlesAndCopiesAllocateNothing() {
        try (TestArena arena = new TestArena(16384)) {
            final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
            journal.recover();
            final JournaledBuffer buffer =
                    new JournaledBuffer(journal, arena.memory(), JOURNAL_BYTES, 4096);
            final RecordCopier copier = RecordSchema.copier(ALL, ALL);
            final UnsafeBuffer text =
                    new UnsafeBuffer("0123456789".getBytes(StandardCharsets.UTF_8));
            final UnsafeBuffer scratch = new UnsafeBuffer(new byte[64]);
            // A compiled method that is given up moves its objects back to the heap, once; so one
            // window has to be free of any.
            long allocatedBytes = -1;
            for (int i = 0; i < WINDOWS_MOST && allocatedBytes != 0; i++) {
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                run(journal, buffer, arena.memory(), copier, text, scratch);
                allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            }
            assertEquals(0, allocatedBytes, "bytes allocated by " + ROUNDS + " rounds, " + seen);
        }
    }

    private void run(
            final Journal journal,
            final JournaledBuffer buffer,
            final Memory memory,
            final RecordCopier copier,
            final UnsafeBuffer text,
            final UnsafeBuffer scratch) {
        for (int round = 0; round < ROUNDS; round++) {
            journal.begin();
            LONG.put(buffer, 64, round);
            INT.put(buffer, 64, round);
            SHORT.put(buffer, 64, (short) round);
            BYTE.put(buffer, 64, (byte) round);
            BOOLEAN.put(buffer, 64, (round & 1) == 0);
            DOUBLE.put(buffer, 64, round);
            FLOAT.put(buffer, 64, round);
            TEXT.put(buffer, 64, text, 0, round % 11);
            BYTES.put(buffer, 64, text, 0);
            copier.copy(buffer, 64, buffer, 256);
            journal.commit();
            final long record = JOURNAL_BYTES + 256L;
            LONG.put(memory, record, LONG.get(buffer, 256) + 1);
            DOUBLE.put(memory, record, DOUBLE.get(memory, record) + 1);
            seen += LONG.get(memory, record) + INT.get(memory, record) + SHORT.get(memory, record);
            seen += TEXT.get(buffer, 256, scratch, 0) + TEXT.length(buffer, 256);
            seen += TEXT.isEqual(buffer, 256, text, 0, 10) ? 1 : 0;
            BYTES.get(buffer, 256, scratch, 0);
        }
    }
}
