package io.coppice.pool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random transactions, each killed at every store. A reader looks at what the dead left, before
 * anyone recovers: that is what it would see between any two stores of a living writer. Then a
 * successor recovers, and finds what a plain map holds, from before or after.
 */
@Tag("cuts")
class TableRandomKillTest {
    private static final int SEEDS = 2;
    private static final int TRANSACTIONS = 60;
    private static final int JOURNAL_BYTES = 16384;
    private static final long BYTES =
            Table.bytes(RandomTransaction.CAPACITY, 0, RandomTransaction.VALUE_BYTES);

    private final TestArena arena = new TestArena(JOURNAL_BYTES + BYTES);
    private final UnsafeBuffer into = new UnsafeBuffer(new byte[RandomTransaction.VALUE_BYTES]);
    private long points;

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void readersAndSuccessorsOfTheDeadSeeCommitsOnly() {
        final long first = Long.getLong("coppice.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            run(seed, "-Dcoppice.seed=" + seed);
        }
        System.out.println("random table transactions: " + points + " cuts");
        assertTrue(points > SEEDS * TRANSACTIONS * 10L);
    }

    private void run(final long seed, final String where) {
        arena.setImage(0, new byte[(int) (JOURNAL_BYTES + BYTES)]);
        Table.layOut(
                "killed",
                new Journal(arena.memory(), 0, JOURNAL_BYTES),
                arena.memory(),
                JOURNAL_BYTES,
                RandomTransaction.CAPACITY,
                0,
                RandomTransaction.VALUE_BYTES);
        final Random random = new Random(seed);
        Map<Long, Long> committed = new TreeMap<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            committed = killEverywhere(random, committed, where + ", transaction " + i);
        }
    }

    /** Goes on from one of the deaths, so that what they leave behind is met by what follows. */
    private Map<Long, Long> killEverywhere(
            final Random random, final Map<Long, Long> before, final String where) {
        final long seed = random.nextLong();
        final byte[] start = arena.image();
        Cuts.count();
        final Map<Long, Long> after = transact(seed, before);
        final long stores = Cuts.disarm();
        final long goOnFrom = random.nextLong(stores);
        byte[] goOn = start;
        for (long store = 0; store < stores; store++) {
            final String here = where + ", cut at store " + store + " of " + stores;
            arena.setImage(0, start);
            Cuts.arm(store);
            assertThrows(Cuts.Cut.class, () -> transact(seed, before), here);
            Cuts.disarm();
            assertReadersSeeCommitsOnly(before, after, here);
            assertSuccessorFinds(before, after, here);
            points++;
            if (store == goOnFrom) {
                goOn = arena.image();
            }
        }
        arena.setImage(0, goOn);
        return new TreeMap<>(TableViews.scan(reader()));
    }

    private Map<Long, Long> transact(final long seed, final Map<Long, Long> before) {
        final Journal journal = recovered(arena.memory());
        final Table table = Table.attach("killed", journal, arena.memory(), JOURNAL_BYTES, BYTES);
        return new RandomTransaction(seed, table, journal, before).run(model -> {});
    }

    /** A commit reaches records one after another, so each is of before or of after. */
    private void assertReadersSeeCommitsOnly(
            final Map<Long, Long> before, final Map<Long, Long> after, final String where) {
        final TableReader reader = reader();
        for (int i = 0; i < RandomTransaction.KEYS; i++) {
            final long key = RandomTransaction.key(i);
            final int answer = reader.read(key, into, 0, 0);
            final Long value = answer == TableReader.FOUND ? into.getLong(0) : null;
            if (answer == TableReader.FOUND) {
                assertTrue(
                        value.equals(before.get(key)) || value.equals(after.get(key)),
                        where + ": key " + key + " has " + value);
                assertEquals(RandomTransaction.proof(key, value), into.getLong(8), where);
            } else if (answer == TableReader.ABSENT) {
                assertFalse(
                        before.containsKey(key) && after.containsKey(key),
                        where + ": key " + key + " is not found");
            }
        }
        TableViews.scan(reader)
                .forEach(
                        (key, value) ->
                                assertTrue(
                                        value.equals(before.get(key))
                                                || value.equals(after.get(key)),
                                        where + ": the scan found key " + key));
    }

    private void assertSuccessorFinds(
            final Map<Long, Long> before, final Map<Long, Long> after, final String where) {
        final Journal journal = recovered(arena.memory());
        final Map<Long, Long> found = new HashMap<>(TableViews.scan(reader()));
        assertTrue(found.equals(before) || found.equals(after), where + ": " + found);
        TableViews.assertReaderSees(found, reader(), true, where);
        TableViews.assertWriterSees(
                found,
                Table.attach("killed", journal, arena.memory(), JOURNAL_BYTES, BYTES),
                where);
        assertEquals(List.of(), TableInvariants.check(arena.memory(), JOURNAL_BYTES, BYTES), where);
    }

    private TableReader reader() {
        return TableReader.attach("killed", arena.memory(), JOURNAL_BYTES, BYTES);
    }

    private static Journal recovered(final Memory memory) {
        final Journal journal = new Journal(memory, 0, JOURNAL_BYTES);
        journal.recover();
        return journal;
    }
}
