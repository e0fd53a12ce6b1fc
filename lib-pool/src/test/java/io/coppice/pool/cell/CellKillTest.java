package io.coppice.pool.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.TestArena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills cells and counters at every store: a value is the old one or the new one. */
@Tag("cuts")
class CellKillTest {
    private static final int JOURNAL_BYTES = 4096;
    private static final int LONG_AT = JOURNAL_BYTES;
    private static final int DOUBLE_AT = LONG_AT + 64;
    private static final int TEXT_AT = DOUBLE_AT + 64;
    private static final int TEXT_MAX = 48;
    private static final int COUNTER_AT = TEXT_AT + 64 + 128;
    private static final int END = COUNTER_AT + 256;

    private final TestArena arena = new TestArena(END);

    @AfterEach
    void free() {
        arena.close();
    }

    /** A process's view of all cells. */
    private final class Cells {
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        final Cell number;
        final Cell rate;
        final Cell title;

        Cells() {
            journal.recover();
            number = Cell.attach("number", journal, arena.memory(), LONG_AT, Cell.bytes());
            rate = Cell.attach("rate", journal, arena.memory(), DOUBLE_AT, Cell.bytes());
            title = Cell.attach("title", journal, arena.memory(), TEXT_AT, Cell.bytes(TEXT_MAX));
        }

        void set(final long value, final String text) {
            number.setLong(value);
            rate.setDouble((double) value);
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            title.setText(new UnsafeBuffer(bytes), 0, bytes.length);
        }

        void transact(final long value, final String text) {
            journal.begin();
            set(value, text);
            journal.commit();
        }
    }

    private void layOut() {
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        Cell.layOutLong("number", journal, arena.memory(), LONG_AT);
        Cell.layOutDouble("rate", journal, arena.memory(), DOUBLE_AT);
        Cell.layOutText("title", journal, arena.memory(), TEXT_AT, TEXT_MAX);
        Counter.layOut("hits", arena.memory(), COUNTER_AT, 3, "how often it was met");
    }

    private String contents(final String where) {
        assertEquals(
                List.of(),
                CellInvariants.check(arena.memory(), TEXT_AT, Cell.bytes(TEXT_MAX)),
                where);
        final String number =
                CellReader.attach("number", arena.memory(), LONG_AT, Cell.bytes()).getLong() + "";
        return number
                + " "
                + CellReader.attach("rate", arena.memory(), DOUBLE_AT, Cell.bytes()).getDouble()
                + " "
                + CellReader.attach("title", arena.memory(), TEXT_AT, Cell.bytes(TEXT_MAX))
                        .getString();
    }

    @Test
    void layingOutStartsOverFromZeroes() {
        final long points =
                new KillEverywhere(
                                "Cell.layOut and Counter.layOut",
                                arena,
                                memory -> layOut(),
                                memory -> layOut(),
                                (memory, where) -> {
                                    assertEquals("0 0.0 ", contents(where));
                                    assertEquals(
                                            List.of(),
                                            CounterInvariants.check(
                                                    memory, COUNTER_AT, Counter.bytes()));
                                })
                        .run();
        assertTrue(points > 100);
    }

    @Test
    void setsStandTogetherOrNotAtAll() {
        layOut();
        new Cells().transact(1, "one");
        kill("set", "1 1.0 one", "2 2.0 two, a longer text", () -> twoStands(false));
    }

    @Test
    void setsAroundASavepointStandTogetherOrNotAtAll() {
        layOut();
        new Cells().transact(1, "one");
        kill("set, return, commit", "1 1.0 one", "2 2.0 two, a longer text", () -> twoStands(true));
    }

    private void twoStands(final boolean withSavepoint) {
        final Cells cells = new Cells();
        cells.journal.begin();
        cells.set(2, "two, a longer text");
        if (withSavepoint) {
            final int savepoint = cells.journal.savepoint();
            cells.set(3, "three");
            cells.journal.rollbackTo(savepoint);
        }
        cells.journal.commit();
    }

    @Test
    void aRollbackLeavesTheOldWhereverItIsCut() {
        layOut();
        new Cells().transact(1, "one");
        kill(
                "set and rollback",
                "1 1.0 one",
                "1 1.0 one",
                () -> {
                    final Cells cells = new Cells();
                    cells.journal.begin();
                    cells.set(2, "two");
                    cells.journal.rollback();
                });
    }

    private void kill(
            final String name, final String before, final String after, final Runnable operation) {
        new KillEverywhere(
                        "Cell, " + name,
                        arena,
                        memory -> operation.run(),
                        memory -> assertTrue(new Cells().number.capacity() == 0),
                        (memory, where) -> {
                            final String found = contents(where);
                            if (!found.equals(before)) {
                                assertEquals(after, found, where);
                            }
                        })
                .run();
    }

    @Test
    void aCounterCountsOrDoesNot() {
        layOut();
        new KillEverywhere(
                        "Counter",
                        arena,
                        memory -> {
                            final Counter hits =
                                    Counter.attach("hits", memory, COUNTER_AT, Counter.bytes());
                            hits.increment();
                            hits.incrementRelease();
                            hits.addAndGet(1);
                            hits.proposeMax(4);
                            hits.set(5);
                        },
                        memory -> Counter.attach("hits", memory, COUNTER_AT, Counter.bytes()),
                        (memory, where) -> {
                            final long found = memory.getLong(COUNTER_AT);
                            assertTrue(found >= 0 && found <= 5, where);
                        })
                .run();
    }

    @Test
    void randomTransactionsSurviveRandomKills() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        final Random random = new Random(seed);
        layOut();
        String committed = "0 0.0 ";
        Cells cells = new Cells();
        for (int i = 0; i < 5000; i++) {
            final List<String> states = new ArrayList<>(List.of(committed));
            if (random.nextInt(3) == 0) {
                Cuts.arm(random.nextInt(60));
            }
            try {
                committed = transaction(cells, random, states);
            } catch (final Cuts.Cut died) {
                Cuts.disarm();
                cells = new Cells();
                final String found = contents("-Dcoppice.seed=" + seed);
                assertTrue(
                        found.equals(committed) || found.equals(states.get(states.size() - 1)),
                        "-Dcoppice.seed=" + seed + ": " + found + " of " + states);
                committed = found;
            } finally {
                Cuts.disarm();
            }
            assertEquals(committed, contents("-Dcoppice.seed=" + seed));
        }
    }

    private static String transaction(
            final Cells cells, final Random random, final List<String> states) {
        final String before = states.get(0);
        cells.journal.begin();
        final List<String> savepoints = new ArrayList<>();
        for (int steps = random.nextInt(5); steps > 0; steps--) {
            if (random.nextInt(4) == 0) {
                cells.journal.savepoint();
                savepoints.add(states.get(states.size() - 1));
            } else if (random.nextInt(4) == 0 && !savepoints.isEmpty()) {
                final int back = random.nextInt(savepoints.size());
                cells.journal.rollbackTo(back);
                states.add(savepoints.get(back));
                savepoints.subList(back, savepoints.size()).clear();
            } else {
                final long value = random.nextInt(1000);
                final String text = "x".repeat(random.nextInt(TEXT_MAX - 4)) + value;
                cells.set(value, text);
                states.add(value + " " + (double) value + " " + text);
            }
        }
        if (random.nextInt(4) == 0) {
            cells.journal.rollback();
            return before;
        }
        cells.journal.commit();
        return states.get(states.size() - 1);
    }
}
