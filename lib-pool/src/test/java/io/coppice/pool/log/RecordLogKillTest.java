package io.coppice.pool.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.KillEverywhere;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills appends at every store. What is kept is the newest of what was there, or the newest of that
 * and all of the transaction: nothing of it may be missing, and nothing older between.
 */
@Tag("cuts")
class RecordLogKillTest {
    @Test
    void layingOutStartsOverFromZeroes() {
        try (LogFixture fixture = new LogFixture(64)) {
            fixture.arena.setImage(0, new byte[(int) fixture.memory().bytes()]);
            new KillEverywhere(
                            "RecordLog.layOut",
                            fixture.arena,
                            memory -> layOut(fixture),
                            memory -> {
                                memory.putLong(LogFixture.JOURNAL_BYTES, 0);
                                layOut(fixture);
                            },
                            (memory, where) -> assertEquals(List.of(), fixture.contents(where)))
                    .run();
        }
    }

    private static void layOut(final LogFixture fixture) {
        final Journal journal = new Journal(fixture.memory(), 0, LogFixture.JOURNAL_BYTES);
        RecordLog.layOut(LogFixture.NAME, journal, fixture.memory(), LogFixture.JOURNAL_BYTES, 64);
    }

    @Test
    void theFirstAppendStandsOrDoesNot() {
        kill("first append", new int[0], 20);
    }

    @Test
    void anAppendThatDropsTheOldestStandsOrDoesNot() {
        kill("append that drops one", new int[] {20, 30, 10}, 25);
    }

    @Test
    void severalAppendsThatDropEverythingStandTogetherOrNotAtAll() {
        kill("appends that drop all", new int[] {40, 9, 7}, 20, 1, 30);
    }

    @Test
    void anAppendThatIsRolledBackCostsTheOldestAtMost() {
        final int[] before = {20, 30, 10};
        try (LogFixture fixture = new LogFixture(128)) {
            transact(fixture, log -> appendAll(fixture, log, before));
            final List<String> was = fixture.contents("before");
            new KillEverywhere(
                            "RecordLog, append and rollback",
                            fixture.arena,
                            memory -> {
                                final Journal journal = fixture.journal();
                                final RecordLog log = fixture.attach(journal);
                                journal.begin();
                                appendAll(fixture, log, 25);
                                journal.rollback();
                            },
                            memory -> fixture.attach(fixture.journal()),
                            (memory, where) -> requireNewest(was, fixture.contents(where), where))
                    .run();
        }
    }

    private static void kill(final String name, final int[] before, final int... lengths) {
        try (LogFixture fixture = new LogFixture(128)) {
            transact(fixture, log -> appendAll(fixture, log, before));
            final byte[] start = fixture.arena.image();
            final List<String> was = fixture.contents("before");
            transact(fixture, log -> appendAll(fixture, log, lengths));
            final List<String> after = fixture.contents("after");
            assertTrue(after.size() >= lengths.length);
            fixture.arena.setImage(0, start);

            new KillEverywhere(
                            "RecordLog, " + name,
                            fixture.arena,
                            memory -> transact(fixture, log -> appendAll(fixture, log, lengths)),
                            memory -> fixture.attach(fixture.journal()),
                            (memory, where) -> {
                                final List<String> found = fixture.contents(where);
                                if (!found.equals(after)) {
                                    requireNewest(was, found, where);
                                }
                            })
                    .run();
        }
    }

    private static void requireNewest(
            final List<String> of, final List<String> found, final String where) {
        assertTrue(found.size() <= of.size(), where);
        assertEquals(of.subList(of.size() - found.size(), of.size()), found, where);
    }

    private static void appendAll(
            final LogFixture fixture, final RecordLog log, final int... lengths) {
        for (final int length : lengths) {
            fixture.append(log, length);
        }
    }

    private static void transact(final LogFixture fixture, final Consumer<RecordLog> work) {
        final Journal journal = fixture.journal();
        final RecordLog log = fixture.attach(journal);
        journal.begin();
        work.accept(log);
        journal.commit();
    }

    @Test
    void randomTransactionsSurviveRandomKills() {
        final long firstSeed = Long.getLong("coppice.seed", System.nanoTime());
        for (long seed = firstSeed; seed < firstSeed + 200; seed++) {
            try (LogFixture fixture = new LogFixture(256)) {
                new RandomAppends(fixture, seed).run(60);
            } catch (final AssertionError | RuntimeException failure) {
                throw new AssertionError(
                        "-Dcoppice.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** Appends beside a queue; some transactions are cut, and so are some of their recoveries. */
    private static final class RandomAppends {
        private final LogFixture fixture;
        private final Random random;
        private final ArrayDeque<String> committed = new ArrayDeque<>();
        private final List<String> own = new ArrayList<>();
        private Journal journal;
        private RecordLog log;
        private boolean committedUncut;

        RandomAppends(final LogFixture fixture, final long seed) {
            this.fixture = fixture;
            this.random = new Random(seed);
            attach();
        }

        private void attach() {
            journal = fixture.journal();
            log = fixture.attach(journal);
        }

        void run(final int transactions) {
            for (int i = 0; i < transactions; i++) {
                own.clear();
                final boolean mayDie = random.nextInt(3) == 0;
                final boolean died = mayDie && dies();
                final boolean stands = !died && (mayDie ? committedUncut : transaction());
                final List<String> found = fixture.contents("after transaction " + i);
                final boolean finished = died && !own.isEmpty() && endsWithOwn(found);
                if (stands || finished) {
                    committed.addAll(own);
                }
                while (committed.size() > found.size()) {
                    committed.removeFirst();
                }
                assertEquals(List.copyOf(committed), found, "after transaction " + i);
                assertTrue(log.usedBytes() <= log.capacity());
            }
        }

        private boolean endsWithOwn(final List<String> found) {
            return found.size() >= own.size()
                    && found.subList(found.size() - own.size(), found.size()).equals(own);
        }

        private boolean dies() {
            Cuts.arm(random.nextInt(150));
            try {
                committedUncut = transaction();
                return false;
            } catch (final Cuts.Cut died) {
                Cuts.arm(random.nextInt(40));
                try {
                    attach();
                } catch (final Cuts.Cut diedAgain) {
                    // The next successor has to cope with it.
                }
                Cuts.disarm();
                attach();
                return true;
            } finally {
                Cuts.disarm();
            }
        }

        private boolean transaction() {
            journal.begin();
            final List<Integer> savepoints = new ArrayList<>();
            long usedBytes = 0;
            for (int steps = random.nextInt(6); steps > 0; steps--) {
                final int kind = random.nextInt(8);
                final int length = random.nextInt(60);
                if (kind == 0) {
                    journal.savepoint();
                    savepoints.add(own.size());
                } else if (kind == 1 && !savepoints.isEmpty()) {
                    final int back = random.nextInt(savepoints.size());
                    journal.rollbackTo(back);
                    own.subList(savepoints.get(back), own.size()).clear();
                    savepoints.subList(back, savepoints.size()).clear();
                } else if (usedBytes + RecordLogLayout.recordBytes(length) <= log.capacity()) {
                    usedBytes += RecordLogLayout.recordBytes(length);
                    own.add(fixture.append(log, length) + ":" + length);
                }
            }
            if (random.nextInt(5) == 0) {
                journal.rollback();
                own.clear();
                return false;
            }
            journal.commit();
            return true;
        }
    }
}
