package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.KillScript.Target;
import io.coppice.pool.KillScript.Transaction;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills a script of transactions at every store, recovers, and kills every such recovery at every
 * store of its own. A state is what it was before the transaction under way or what it is after it,
 * its deferred words included, and nothing between.
 */
@Tag("cuts")
class JournalKillTest {
    private static final int RANDOM_SCRIPTS = 200;
    private static final int JOURNAL_BYTES = 4096;
    private static final int STATE = JOURNAL_BYTES;
    private static final int ARENA_BYTES = STATE + KillScript.STATE_BYTES;

    private final TestArena arena = new TestArena(ARENA_BYTES);
    private final byte[] start = new byte[ARENA_BYTES];
    private long points;
    private long pointsInRecovery;
    private long pointsCountedInRecovery;
    private int completed;

    @BeforeEach
    void fill() {
        assertTrue(Cuts.ENABLED, "these tests need -Dcoppice.cuts=true");
        new Random(5).nextBytes(start);
        Arrays.fill(start, 0, JOURNAL_BYTES, (byte) 0);
    }

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void scriptedTransactionsAreAllOrNothingWhereverTheyAreCut() {
        final long counted = killEverywhere(KillScript.scripted());

        report("scripted");
        assertEquals(counted, points);
        assertEquals(pointsCountedInRecovery, pointsInRecovery);
        assertTrue(points > 100 && pointsInRecovery > 1000, "the script is too small to mean much");
    }

    @Test
    void randomTransactionsAreAllOrNothingWhereverTheyAreCut() {
        final long firstSeed = Long.getLong("coppice.seed", System.nanoTime());
        long counted = 0;
        for (long seed = firstSeed; seed < firstSeed + RANDOM_SCRIPTS; seed++) {
            try {
                counted += killEverywhere(KillScript.random(seed));
            } catch (final AssertionError | RuntimeException failure) {
                throw new AssertionError(
                        "-Dcoppice.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }

        report(RANDOM_SCRIPTS + " random scripts from seed " + firstSeed);
        assertEquals(counted, points);
        assertEquals(pointsCountedInRecovery, pointsInRecovery);
    }

    /**
     * A test that cannot fail proves nothing: each of these is a mistake that some cut must show.
     */
    @Test
    void findsAStoreThatWasNotSaved() {
        final KillScript.Step forgetful =
                step(
                        target -> target.arena().putLong(target.state() + 8, 1),
                        state -> state.putLong(8, 1));

        assertIsCaught(List.of(forgetful, new KillScript.PutLong(80, 1)));
    }

    @Test
    void findsAStoreBeforeItsSave() {
        final KillScript.Step hasty =
                step(
                        target -> {
                            target.arena().putLong(target.state() + 8, 1);
                            target.journal().save(target.state() + 8, 8);
                        },
                        state -> state.putLong(8, 1));

        assertIsCaught(List.of(hasty, new KillScript.PutLong(80, 1)));
    }

    @Test
    void findsAStoreThatTheModelDoesNotKnow() {
        final KillScript.Step unknown =
                step(target -> target.journal().putLong(target.state() + 8, 1), state -> {});

        assertIsCaught(List.of(unknown));
    }

    private void assertIsCaught(final List<KillScript.Step> steps) {
        final KillScript wrong = new KillScript(List.of(new Transaction(steps, true)));

        assertThrows(AssertionError.class, () -> killEverywhere(wrong));
    }

    /** Returns how many stores the script makes when nothing cuts it. */
    private long killEverywhere(final KillScript script) {
        final List<byte[]> states = script.model(Arrays.copyOfRange(start, STATE, ARENA_BYTES));
        final long counted = count(script);
        assertArrayEquals(states.get(states.size() - 1), state(), "uncut");
        int lastFound = 0;
        for (long store = 0; store < counted; store++) {
            lastFound = killAt(script, store, states, lastFound);
            points++;
        }
        return counted;
    }

    private long count(final KillScript script) {
        arena.setImage(0, start);
        Cuts.count();
        run(script, 0);
        return Cuts.disarm();
    }

    /** Returns which state was found, which can never be one before that of an earlier cut. */
    private int killAt(
            final KillScript script,
            final long store,
            final List<byte[]> states,
            final int lastFound) {
        final String where = "cut at store " + store;
        arena.setImage(0, start);
        Cuts.arm(store);
        assertThrows(Cuts.Cut.class, () -> run(script, 0), where);
        Cuts.disarm();
        final byte[] cut = arena.image();

        Cuts.count();
        attach().recover();
        final long recoveryStores = Cuts.disarm();
        final byte[] recovered = state();
        final int found =
                Arrays.equals(recovered, states.get(completed)) ? completed : completed + 1;
        assertArrayEquals(states.get(found), recovered, where + " is neither before nor after");
        assertTrue(
                found >= lastFound || Arrays.equals(recovered, states.get(lastFound)),
                where + " lost a commit");
        assertFalse(attach().recover(), where + ": recovery left something to undo");

        killRecovery(cut, recoveryStores, recovered, where);
        arena.setImage(0, cut);
        attach().recover();
        run(script, found);
        assertArrayEquals(states.get(states.size() - 1), state(), where + ", then resumed");
        return found;
    }

    private void killRecovery(
            final byte[] cut,
            final long recoveryStores,
            final byte[] recovered,
            final String where) {
        pointsCountedInRecovery += recoveryStores;
        for (long store = 0; store < recoveryStores; store++) {
            arena.setImage(0, cut);
            Cuts.arm(store);
            assertThrows(Cuts.Cut.class, () -> attach().recover());
            Cuts.disarm();
            attach().recover();
            assertArrayEquals(
                    recovered, state(), where + ", then at store " + store + " of recovery");
            pointsInRecovery++;
        }
    }

    /**
     * Runs the transactions from one on; where it is cut, {@link #completed} tells how many were
     * through.
     */
    private void run(final KillScript script, final int from) {
        final Journal journal = attach();
        final Target target =
                new Target(
                        journal,
                        arena.memory(),
                        STATE,
                        new JournaledBuffer(
                                journal, arena.memory(), STATE, KillScript.STATE_BYTES));
        completed = from;
        for (final Transaction transaction :
                script.transactions().subList(from, script.transactions().size())) {
            journal.begin();
            transaction.steps().forEach(step -> step.run(target));
            if (transaction.commits()) {
                journal.commit();
            } else {
                journal.rollback();
            }
            completed++;
        }
    }

    private void report(final String what) {
        System.out.println(
                "JournalKillTest, "
                        + what
                        + ": "
                        + points
                        + " cuts, "
                        + pointsInRecovery
                        + " cuts of recovery");
    }

    private Journal attach() {
        return new Journal(arena.memory(), 0, JOURNAL_BYTES);
    }

    private byte[] state() {
        return arena.image(STATE, KillScript.STATE_BYTES);
    }

    private static KillScript.Step step(
            final Consumer<Target> run, final Consumer<ByteBuffer> model) {
        return new KillScript.Step() {
            @Override
            public void run(final Target target) {
                run.accept(target);
            }

            @Override
            public void model(final ByteBuffer state) {
                model.accept(state);
            }
        };
    }
}
