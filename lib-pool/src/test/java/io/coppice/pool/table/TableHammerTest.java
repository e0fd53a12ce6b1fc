package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Readers beside a writer that moves amounts between records, removes and inserts others around
 * them, rolls back, and is left for a successor in the middle of transactions. Threads with
 * mappings of one memory: what they see of each other is what processes do.
 */
class TableHammerTest {
    private static final int JOURNAL_BYTES = 1 << 16;
    private static final int CAPACITY = 48;
    private static final int VALUE_BYTES = 64;

    /** Records that are there all the time; keys from here on come and go. */
    private static final int LASTING = 16;

    private static final int KEYS = 64;
    private static final long RUN_NS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long BYTES = Table.bytes(CAPACITY, 0, VALUE_BYTES);
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final TestArena arena = new TestArena(JOURNAL_BYTES + BYTES);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final long seed = Long.getLong("coppice.seed", System.nanoTime());
    private Journal journal;
    private Table table;

    @BeforeEach
    void fill() {
        arena.setImage(0, new byte[(int) (JOURNAL_BYTES + BYTES)]);
        journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        table =
                Table.layOut(
                        "hammer", journal, arena.memory(), JOURNAL_BYTES, CAPACITY, 0, VALUE_BYTES);
        journal.begin();
        for (int key = 0; key < LASTING; key++) {
            store(table.insert(key), key, 1);
        }
        journal.commit();
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void noReaderSeesARecordWhoseFieldsDoNotBelongTogetherOrMissesOneThatIsThere()
            throws Exception {
        final CompletableFuture<long[]> one = CompletableFuture.supplyAsync(() -> read(seed + 1));
        final CompletableFuture<long[]> two = CompletableFuture.supplyAsync(() -> read(seed + 2));
        try {
            write();
        } finally {
            ended.set(true);
        }
        final long[] found = one.get(30, TimeUnit.SECONDS);
        final long[] scanned = two.get(30, TimeUnit.SECONDS);

        System.out.println(
                "table hammer: "
                        + journal.commits()
                        + " commits, "
                        + (found[0] + scanned[0])
                        + " reads, "
                        + (found[1] + scanned[1])
                        + " scans");
        assertTrue(found[0] > 100 && found[1] > 0, "the readers did not get to read");
        assertEquals(List.of(), TableInvariants.check(arena.memory(), JOURNAL_BYTES, BYTES));
    }

    private void write() {
        final Random random = new Random(seed);
        final long startNs = System.nanoTime();
        for (int round = 1; System.nanoTime() - startNs < RUN_NS; round++) {
            journal.begin();
            for (int i = random.nextInt(4); i >= 0; i--) {
                final long key = random.nextInt(LASTING);
                store(table.find(key), key, round);
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                final long key = random.nextInt(KEYS);
                final boolean there = table.remove(key);
                if (!there && table.size() < CAPACITY || key < LASTING) {
                    store(table.insert(key), key, round);
                }
            }
            end(random.nextInt(10));
        }
    }

    private void end(final int how) {
        if (how == 0) {
            journal.rollback();
        } else if (how == 1) {
            journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
            journal.recover();
            table = Table.attach("hammer", journal, arena.memory(), JOURNAL_BYTES, BYTES);
        } else {
            journal.commit();
        }
    }

    /** Field by field, so that a half-written record would show. */
    private void store(final long record, final long key, final long value) {
        for (int field = 0; field < VALUE_BYTES; field += Long.BYTES) {
            table.putLong(record, field, value << 8 | key);
        }
    }

    /** Returns how many reads and scans there were. */
    private long[] read(final long readerSeed) {
        final Memory memory = arena.memory();
        final TableReader reader = TableReader.attach("hammer", memory, JOURNAL_BYTES, BYTES);
        final UnsafeBuffer into = new UnsafeBuffer(new byte[VALUE_BYTES]);
        final long[] last = new long[KEYS];
        final Random random = new Random(readerSeed);
        final long[] counts = new long[2];
        while (!ended.get()) {
            final int key = random.nextInt(KEYS);
            final int answer = reader.read(key, into, 0, WAIT_NS);
            if (answer == TableReader.FOUND) {
                check(key, into, 0);
                checkOrder(key, into.getLong(0) >>> 8, last);
            } else if (answer == TableReader.BUSY || key < LASTING) {
                throw new AssertionError(
                        "-Dcoppice.seed=" + seed + ": key " + key + " answered " + answer);
            }
            counts[0]++;
            if ((counts[0] & 31) == 0) {
                reader.forEach(
                        (number, record, keyIndex, keyLength, valueIndex) ->
                                check(record.getLong(keyIndex), record, valueIndex),
                        WAIT_NS);
                counts[1]++;
            }
        }
        return counts;
    }

    private void check(final long key, final org.agrona.DirectBuffer value, final int index) {
        final long first = value.getLong(index);
        for (int field = 0; field < VALUE_BYTES; field += Long.BYTES) {
            if (value.getLong(index + field) != first || (first & 0xFF) != key) {
                throw new AssertionError(
                        "-Dcoppice.seed=" + seed + ": key " + key + " has a torn record");
            }
        }
    }

    private void checkOrder(final int key, final long value, final long[] last) {
        if (value < last[key]) {
            throw new AssertionError(
                    "-Dcoppice.seed=" + seed + ": key " + key + " went back in time");
        }
        last[key] = value;
    }
}
