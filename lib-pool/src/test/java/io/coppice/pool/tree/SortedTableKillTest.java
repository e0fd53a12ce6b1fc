package io.coppice.pool.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills every operation of a sorted table at every store; it is as it was before, or as after. */
@Tag("cuts")
class SortedTableKillTest {
    private static final int JOURNAL_BYTES = 4096;

    @Test
    void layingOutStartsOverFromZeroes() {
        try (TreeFixture fixture = new TreeFixture(12, JOURNAL_BYTES, 0)) {
            fixture.arena.setImage(0, new byte[(int) fixture.arena.memory().bytes()]);
            final long points =
                    new KillEverywhere(
                                    "SortedTable.layOut",
                                    fixture.arena,
                                    memory -> layOut(memory),
                                    memory -> {
                                        memory.fill(JOURNAL_BYTES, 40, (byte) 0);
                                        layOut(memory);
                                    },
                                    (memory, where) -> fixture.check(new TreeMap<>(), where))
                            .run();
            assertTrue(points > 5);
        }
    }

    private static void layOut(final Memory memory) {
        SortedTable.layOut(
                TreeFixture.NAME,
                new Journal(memory, 0, JOURNAL_BYTES),
                memory,
                JOURNAL_BYTES,
                12,
                0,
                TreeFixture.VALUE_BYTES,
                TreeFixture.nodeBytes(0));
    }

    @Test
    void theFirstInsertStandsOrDoesNot() {
        kill("insert into an empty table", keys(0, 0), (f, t) -> f.insert(t, 5, 50));
    }

    @Test
    void anInsertThatShiftsStandsOrDoesNot() {
        kill("insert", keys(0, 4), (f, t) -> f.insert(t, 1, 50));
    }

    @Test
    void anInsertThatSplitsTheRootStandsOrDoesNot() {
        kill("insert that splits the root", keys(0, 6), (f, t) -> f.insert(t, 5, 50));
    }

    @Test
    void anInsertThatSplitsALeafAmongOthersStandsOrDoesNot() {
        kill("insert that splits a leaf", keys(0, 9), (f, t) -> insertRun(f, t, 3, 3));
    }

    @Test
    void anUpdateStandsOrDoesNot() {
        kill("update", keys(0, 4), (f, t) -> f.update(t, 4, 99));
    }

    @Test
    void theLastRemovalStandsOrDoesNot() {
        kill("remove the last", keys(0, 1), (f, t) -> t.remove(0));
    }

    @Test
    void aRemovalThatBorrowsStandsOrDoesNot() {
        kill("remove that borrows from the right", keys(0, 8), (f, t) -> t.remove(0));
        kill(
                "remove that borrows from the left",
                LongStream.of(0, 2, 4, 6, 8, 10, 12, 1).toArray(),
                (f, t) -> t.remove(12) && t.remove(10));
    }

    @Test
    void aRemovalThatMergesStandsOrDoesNot() {
        kill("remove that merges", keys(0, 7), (f, t) -> t.remove(0) && t.remove(2));
    }

    @Test
    void aTransactionOfManyKindsStandsOrDoesNot() {
        kill(
                "insert, remove and update",
                keys(0, 3),
                (f, t) -> f.insert(t, 3, 1) && t.remove(2) && f.update(t, 0, 9));
    }

    /** Deep trees have too many points for deaths of recoveries of recoveries: by chance, then. */
    @Test
    void randomTransactionsSurviveRandomKills() {
        final long firstSeed = Long.getLong("coppice.seed", System.nanoTime());
        for (long seed = firstSeed; seed < firstSeed + 60; seed++) {
            try (TreeFixture fixture = new TreeFixture(120, 1 << 15, 0)) {
                new RandomTransactions(fixture, seed).run(120);
            } catch (final AssertionError | RuntimeException failure) {
                throw new AssertionError(
                        "-Dcoppice.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    private interface Operation {
        boolean run(TreeFixture fixture, SortedTable table);
    }

    private static boolean insertRun(
            final TreeFixture fixture, final SortedTable table, final long from, final int keys) {
        boolean inserted = true;
        for (int i = 0; i < keys; i++) {
            inserted &= fixture.insert(table, from + 2L * i, i);
        }
        return inserted;
    }

    private static long[] keys(final int from, final int count) {
        return LongStream.range(from, from + count).map(key -> 2 * key).toArray();
    }

    private static void kill(final String name, final long[] keys, final Operation operation) {
        try (TreeFixture fixture = new TreeFixture(16, JOURNAL_BYTES, 0)) {
            transact(
                    fixture,
                    table -> LongStream.of(keys).forEach(key -> fixture.insert(table, key, key)));
            final byte[] start = fixture.arena.image();
            final NavigableMap<Long, Long> before = fixture.contents();
            transact(fixture, table -> assertTrue(operation.run(fixture, table)));
            final NavigableMap<Long, Long> after = fixture.contents();
            fixture.check(after, "uncut");
            fixture.arena.setImage(0, start);

            new KillEverywhere(
                            "SortedTable, " + name,
                            fixture.arena,
                            memory -> transact(fixture, table -> operation.run(fixture, table)),
                            memory -> fixture.attach(fixture.journal(memory), memory),
                            (memory, where) -> {
                                assertEquals(List.of(), fixture.invariants(), where);
                                final NavigableMap<Long, Long> found = fixture.contents();
                                if (!found.equals(before)) {
                                    assertEquals(after, found, where);
                                }
                            })
                    .run();
        }
    }

    private static void transact(final TreeFixture fixture, final Consumer<SortedTable> work) {
        final Memory memory = fixture.arena.memory();
        final Journal journal = fixture.journal(memory);
        final SortedTable table = fixture.attach(journal, memory);
        journal.begin();
        work.accept(table);
        journal.commit();
    }

    /** Runs transactions beside a model; some are cut, and so are some of their recoveries. */
    private static final class RandomTransactions {
        private static final int KEYS = 150;

        private final TreeFixture fixture;
        private final Random random;
        private NavigableMap<Long, Long> committed = new TreeMap<>();
        private NavigableMap<Long, Long> own;
        private Journal journal;
        private SortedTable table;
        private boolean grows = true;

        RandomTransactions(final TreeFixture fixture, final long seed) {
            this.fixture = fixture;
            this.random = new Random(seed);
            attach();
        }

        private void attach() {
            journal = fixture.journal(fixture.arena.memory());
            table = fixture.attach(journal, fixture.arena.memory());
        }

        void run(final int transactions) {
            for (int i = 0; i < transactions; i++) {
                if (random.nextInt(20) == 0) {
                    grows = !grows;
                }
                own = new TreeMap<>(committed);
                if (random.nextInt(3) == 0) {
                    killed();
                } else if (transaction()) {
                    committed = own;
                }
                fixture.check(committed, "after transaction " + i);
            }
        }

        private void killed() {
            Cuts.arm(random.nextInt(400));
            boolean through = false;
            try {
                through = transaction();
            } catch (final Cuts.Cut died) {
                recover();
                if (!fixture.contents().equals(committed)) {
                    committed = own;
                }
                return;
            } finally {
                Cuts.disarm();
            }
            if (through) {
                committed = own;
            }
        }

        private void recover() {
            for (int deaths = 3; deaths > 0; deaths--) {
                Cuts.arm(random.nextInt(200));
                try {
                    attach();
                    deaths = 0;
                } catch (final Cuts.Cut diedAgain) {
                    // The next successor has to cope with it.
                } finally {
                    Cuts.disarm();
                }
            }
            attach();
        }

        private boolean transaction() {
            journal.begin();
            final List<NavigableMap<Long, Long>> savepoints = new ArrayList<>();
            for (int steps = random.nextInt(12); steps > 0; steps--) {
                final int kind = random.nextInt(12);
                if (kind == 0 && savepoints.size() < 4) {
                    journal.savepoint();
                    savepoints.add(new TreeMap<>(own));
                } else if (kind == 1 && !savepoints.isEmpty()) {
                    final int back = random.nextInt(savepoints.size());
                    journal.rollbackTo(back);
                    own = savepoints.get(back);
                    savepoints.subList(back, savepoints.size()).clear();
                } else {
                    step();
                }
            }
            if (random.nextInt(5) == 0) {
                journal.rollback();
                return false;
            }
            journal.commit();
            return true;
        }

        private void step() {
            final long key = random.nextInt(KEYS);
            final long content = random.nextLong();
            final int kind = random.nextInt(8);
            if (kind == 0) {
                assertEquals(own.containsKey(key), fixture.update(table, key, content));
                own.computeIfPresent(key, (k, old) -> content);
            } else if (kind < 6 == grows) {
                if (own.size() < table.capacity()) {
                    assertEquals(!own.containsKey(key), fixture.insert(table, key, content));
                    own.putIfAbsent(key, content);
                }
            } else {
                assertEquals(own.remove(key) != null, table.remove(key));
            }
            assertEquals(own.size(), table.size());
            final Cursor cursor = table.cursor();
            assertEquals(own.floorKey(key), cursor.floor(key) ? cursor.key() : null);
            assertEquals(own.ceilingKey(key), cursor.ceiling(key) ? cursor.key() : null);
        }
    }
}
