package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.QuarantineReason;
import java.util.Random;

/**
 * Drives root's loop from one event to the next: daemons become ready, die and are released by a
 * seeded schedule, and beside root stands a second, simpler account of what each death must mean.
 */
final class SimulatedHours {
    private static final long NEVER_NS = Long.MAX_VALUE;
    private static final long WITHIN_NS = 60 * SECOND_NS;
    private static final long STABLE_NS = 10 * SECOND_NS;
    private static final long BACKOFF_MIN_NS = SECOND_NS / 20;
    private static final long BACKOFF_MAX_NS = 10 * SECOND_NS;
    private static final int KILLED = 128 + 9;
    private static final int FAILED = 1;

    private final LoopTree tree;
    private final Random random;
    private final Life[] lives;
    private long elapsedNs;
    private long turns;
    private boolean quiet;

    /** One daemon, as the schedule and the second account have it. */
    private static final class Life {
        private long epoch;
        private long readyInNs = NEVER_NS;
        private long deathInNs = NEVER_NS;
        private long releaseInNs = NEVER_NS;
        private long readyAtNs;
        private boolean ready;
        private final long[] deathsAtNs = new long[LoopTree.LIMIT];
        private int counted;
        private int inARow;
        private long restarts;
        private long deaths;
        private long quarantines;
    }

    SimulatedHours(final LoopTree tree, final long seed) {
        this.tree = tree;
        this.random = new Random(seed);
        this.lives = new Life[tree.daemons.length];
        for (int i = 0; i < lives.length; i++) {
            lives[i] = new Life();
        }
    }

    /** Returns how much simulated time has gone by, in nanoseconds. */
    long elapsedNs() {
        return elapsedNs;
    }

    long turns() {
        return turns;
    }

    long deaths() {
        long deaths = 0;
        for (final Life life : lives) {
            deaths += life.deaths;
        }
        return deaths;
    }

    long quarantines() {
        long quarantines = 0;
        for (final Life life : lives) {
            quarantines += life.quarantines;
        }
        return quarantines;
    }

    /** Returns whether in the last turn nobody was born, became ready, died or was released. */
    boolean wasQuiet() {
        return quiet;
    }

    /** Lets time pass to whatever comes first, and has root turn once. */
    void turn() {
        long laterNs = Math.max(1, tree.loop.waitNs(tree.nowNs));
        for (final Life life : lives) {
            laterNs = Math.min(laterNs, life.readyInNs);
            laterNs = Math.min(laterNs, life.deathInNs);
            laterNs = Math.min(laterNs, life.releaseInNs);
        }
        quiet = true;
        for (int i = 0; i < lives.length; i++) {
            pass(lives[i], i + 1, laterNs);
        }
        elapsedNs += laterNs;
        turns++;
        tree.turn(laterNs);
        for (int i = 0; i < lives.length; i++) {
            look(lives[i], i + 1);
        }
    }

    private void pass(final Life life, final int slot, final long laterNs) {
        if (life.epoch > 0 && life.deathInNs != NEVER_NS) {
            tree.beat(slot);
        }
        life.readyInNs = left(life.readyInNs, laterNs);
        life.deathInNs = left(life.deathInNs, laterNs);
        life.releaseInNs = left(life.releaseInNs, laterNs);
        if (life.readyInNs == 0) {
            life.readyInNs = NEVER_NS;
            quiet = false;
            tree.sayReady(slot);
        }
        if (life.deathInNs == 0) {
            quiet = false;
            life.readyInNs = NEVER_NS;
            tree.die(slot, random.nextBoolean() ? KILLED : FAILED);
        }
        if (life.releaseInNs == 0) {
            quiet = false;
            life.releaseInNs = NEVER_NS;
            tree.mailbox.post(Command.RELEASE, slot);
        }
    }

    private static long left(final long inNs, final long laterNs) {
        return inNs == NEVER_NS ? NEVER_NS : inNs - laterNs;
    }

    private void look(final Life life, final int slot) {
        if (life.deathInNs == 0) {
            life.deathInNs = NEVER_NS;
            onDeath(life, slot);
        }
        final DaemonState state = tree.state(slot);
        if (!life.ready && state == DaemonState.READY) {
            life.ready = true;
            life.readyAtNs = elapsedNs;
        }
        final long epoch = tree.daemons[slot - 1].epoch();
        if (epoch != life.epoch) {
            quiet = false;
            assertEquals(life.epoch + 1, epoch, "one incarnation after the other");
            life.epoch = epoch;
            life.ready = false;
            live(life);
        }
    }

    /** Plans an incarnation: some die before they are ready, some soon, most much later. */
    private void live(final Life life) {
        life.readyInNs = between(SECOND_NS / 50, SECOND_NS / 5);
        final int kind = random.nextInt(10);
        if (kind == 0) {
            life.deathInNs = between(1, life.readyInNs - 1);
        } else if (kind < 4) {
            life.deathInNs = life.readyInNs + between(1, 3 * SECOND_NS);
        } else {
            life.deathInNs = life.readyInNs + between(1, 600 * SECOND_NS);
        }
    }

    private void onDeath(final Life life, final int slot) {
        final String where = "daemon " + slot + " at " + elapsedNs + " ns, death " + life.deaths;
        final boolean wasReady = life.ready;
        life.deaths++;
        life.ready = false;
        if (wasReady && elapsedNs - life.readyAtNs >= STABLE_NS) {
            life.counted = 0;
            life.inARow = 0;
        }
        dropOld(life);
        if (life.counted == LoopTree.LIMIT) {
            life.quarantines++;
            assertEquals(DaemonState.QUARANTINED, tree.state(slot), where);
            assertEquals(
                    QuarantineReason.TOO_MANY_DEATHS.ordinal(),
                    tree.board.reader().word(slot, BoardWord.QUARANTINE),
                    where);
            life.releaseInNs = between(SECOND_NS, 300 * SECOND_NS);
            life.counted = 0;
            life.inARow = 0;
            return;
        }
        life.deathsAtNs[life.counted++] = elapsedNs;
        life.restarts++;
        if (life.inARow == 0) {
            assertEquals(DaemonState.STARTING, tree.state(slot), where);
        } else {
            assertEquals(DaemonState.BACKING_OFF, tree.state(slot), where);
            final long fullNs =
                    Math.min(BACKOFF_MAX_NS, BACKOFF_MIN_NS << Math.min(30, life.inARow - 1));
            final long waitNs = tree.daemons[slot - 1].untilDeadlineNs(tree.nowNs);
            assertTrue(waitNs <= fullNs && waitNs >= fullNs - fullNs / 4, where + ": " + waitNs);
        }
        life.inARow++;
    }

    private void dropOld(final Life life) {
        int kept = 0;
        for (int i = 0; i < life.counted; i++) {
            if (elapsedNs - life.deathsAtNs[i] <= WITHIN_NS) {
                life.deathsAtNs[kept++] = life.deathsAtNs[i];
            }
        }
        life.counted = kept;
    }

    /** Both accounts are compared word by word, and nothing was left behind. */
    void assertBoard() {
        for (int i = 0; i < lives.length; i++) {
            final Life life = lives[i];
            final int slot = i + 1;
            assertEquals(life.epoch, tree.board.reader().word(slot, BoardWord.EPOCH));
            assertEquals(life.restarts, tree.board.reader().word(slot, BoardWord.RESTARTS));
            assertEquals(0, tree.board.reader().word(slot, BoardWord.FAILED_RECOVERIES));
            assertEquals(
                    tree.daemons[i].pid(), tree.board.reader().word(slot, BoardWord.PID), "pid");
            assertTrue(life.epoch <= 1 + life.restarts + life.quarantines, "no spawn unasked");
            assertTrue(!tree.board.reader().deaths(slot).isEmpty(), "its deaths are shown");
        }
        assertEquals(turns, tree.board.reader().heartbeat());
    }

    /** Releases whoever is quarantined and has everybody live. */
    void settle() {
        for (int i = 0; i < lives.length; i++) {
            lives[i].deathInNs = NEVER_NS;
            lives[i].releaseInNs = NEVER_NS;
            lives[i].readyInNs = NEVER_NS;
            if (tree.state(i + 1) == DaemonState.QUARANTINED) {
                assertEquals(Answer.ACCEPTED, tree.ask(Command.RELEASE, i + 1));
                turns++;
            }
        }
    }

    private long between(final long least, final long most) {
        return least + (long) (random.nextDouble() * (most - least));
    }
}
