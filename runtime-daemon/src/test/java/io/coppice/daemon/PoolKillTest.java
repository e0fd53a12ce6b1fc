package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.daemon.ScriptTransaction.Kind;
import io.coppice.daemon.SimulatedProcesses.SimulatedProcess;
import io.coppice.os.Signals;
import io.coppice.pool.Cuts;
import io.coppice.pool.JournalLayout;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a daemon at every store of its work with a pool, and its successor at every store of the
 * recovery from each of these; then, with the daemon alive, a worker at every store of its own.
 * Every task is delivered exactly once, with the attempts that count, and what its transaction
 * changed stands exactly where it committed.
 *
 * <p>A cut that leaves the same bytes as the cut before it is visited, but not recovered from a
 * second time.
 */
@Tag("cuts")
class PoolKillTest {
    private static final int TURNS_MAX = 200;

    @TempDir Path folder;

    private PoolTree tree;
    private byte[] start;
    private long incarnations;
    private long points;

    /** What workers still do when their daemon is dead already, until they die too. */
    private enum Afterlife {
        NONE,
        ONE_STEP,
        HALF_A_STEP
    }

    @BeforeEach
    void layOut() throws IOException {
        assertTrue(Cuts.ENABLED);
        tree = PoolTree.create(folder);
        // Cuts of the layout are another test's.
        incarnation();
        start = tree.image();
    }

    @Test
    void everyTaskIsDeliveredOnceWhereverTheDaemonDies() {
        final Scalpel counting = new Scalpel(Scalpel.NEVER);
        assertTrue(liveAsDaemon(incarnation(), counting));
        verifyUndisturbed();
        final long stores = counting.stores();
        long expected = 0;
        for (final Afterlife afterlife : Afterlife.values()) {
            expected += stores;
            byte[] last = null;
            for (long store = 0; store < stores; store++) {
                tree.restore(start);
                final ScriptDaemon daemon = incarnation();
                assertFalse(liveAsDaemon(daemon, new Scalpel(store)));
                points++;
                sound("store " + store);
                live(afterlife, daemon);
                if (!tree.isImage(last)) {
                    last = tree.image();
                    sound("store " + store + ", workers " + afterlife);
                    expected += killRecoveryEverywhere(last, "store " + store + " " + afterlife);
                }
            }
        }
        System.out.println(
                "pool: " + points + " cuts of the daemon, " + stores + " of them in its work");
        assertEquals(expected, points);
    }

    @Test
    void everyTaskIsDeliveredOnceWhereverAWorkerDies() {
        final Scalpel counting = new Scalpel(Scalpel.NEVER);
        liveAsWorkers(incarnation(), counting, false, 0);
        verifyUndisturbed();
        final long stores = counting.stores();
        for (final boolean byRoot : new boolean[] {false, true}) {
            for (int looksBeforeNotice = 0; looksBeforeNotice < 6; looksBeforeNotice++) {
                for (long store = 0; store < stores; store++) {
                    tree.restore(start);
                    liveAsWorkers(incarnation(), new Scalpel(store), byRoot, looksBeforeNotice);
                }
            }
        }
        System.out.println("pool: " + points + " cuts of workers, " + stores + " stores");
        assertEquals(2 * 6 * stores, points);
    }

    /** Runs the story to its end; returns false where the daemon was cut. */
    private boolean liveAsDaemon(final ScriptDaemon daemon, final Scalpel scalpel) {
        for (int turn = 0; turn < TURNS_MAX && !daemon.isDone(); turn++) {
            if (!scalpel.survives(daemon::doWork)) {
                return false;
            }
            for (int worker = 0; worker < tree.pool.workersMax(); worker++) {
                daemon.stepWorker(worker);
            }
        }
        assertTrue(daemon.isDone(), "the story has an end");
        return true;
    }

    private void live(final Afterlife afterlife, final ScriptDaemon daemon) {
        for (int worker = 0; worker < tree.pool.workersMax(); worker++) {
            final SimulatedProcess process = daemon.processes.process(worker);
            if (afterlife == Afterlife.ONE_STEP) {
                daemon.stepWorker(worker);
            } else if (afterlife == Afterlife.HALF_A_STEP && process != null && process.runs()) {
                ScriptDaemon.stepHalf(process);
            }
        }
    }

    private long killRecoveryEverywhere(final byte[] image, final String where) {
        final Scalpel counting = new Scalpel(Scalpel.NEVER);
        final ScriptDaemon[] born = new ScriptDaemon[1];
        final long before = tree.count(PoolCount.INTERRUPTED);
        assertTrue(counting.survives(() -> born[0] = incarnation()));
        final long interrupted = tree.count(PoolCount.INTERRUPTED);
        assertEquals(before + born[0].interrupted, interrupted, where);
        finish(born[0], interrupted, where);
        byte[] last = null;
        for (long store = 0; store < counting.stores(); store++) {
            tree.restore(image);
            assertFalse(new Scalpel(store).survives(this::incarnation));
            points++;
            if (!tree.isImage(last)) {
                last = tree.image();
                final String deeper = where + ", store " + store + " of the recovery";
                sound(deeper);
                finish(incarnation(), interrupted, deeper);
            }
        }
        return counting.stores();
    }

    private void finish(final ScriptDaemon daemon, final long interrupted, final String where) {
        sound(where);
        assertEquals(interrupted, tree.count(PoolCount.INTERRUPTED), where);
        assertTrue(liveAsDaemon(daemon, new Scalpel(Scalpel.NEVER)));
        verify(daemon, -1, null, 0, where);
    }

    /** Runs the story to its end with one worker cut. */
    private void liveAsWorkers(
            final ScriptDaemon daemon,
            final Scalpel scalpel,
            final boolean byRoot,
            final int looksBeforeNotice) {
        int victimNumber = -1;
        Outcome outcome = null;
        long attempts = 0;
        boolean cut = false;
        String where = "no cut";
        for (int turn = 0; turn < TURNS_MAX && !daemon.isDone(); turn++) {
            daemon.doWork();
            sound(where);
            for (int i = 0; i < tree.pool.workersMax(); i++) {
                final int worker = i;
                if (cut) {
                    daemon.stepWorker(worker);
                } else if (!scalpel.survives(() -> daemon.stepWorker(worker))) {
                    cut = true;
                    points++;
                    where = "store " + scalpel.stores() + ", by root " + byRoot;
                    sound(where);
                    final SimulatedProcess process = daemon.processes.process(worker);
                    final boolean begun =
                            tree.state(worker) == WorkerState.RUNNING
                                    && tree.slotJournalState(worker) != JournalLayout.COMMITTED;
                    if (begun) {
                        victimNumber = tree.requestInt(worker, ScriptTransaction.NUMBER);
                        attempts = tree.slotWord(worker, PoolLayout.SLOT_ATTEMPT);
                        final int kind = tree.requestInt(worker, ScriptTransaction.KIND);
                        if (!byRoot && attempts == tree.pool.attempts()) {
                            outcome = Outcome.CRASHED;
                        } else {
                            outcome = natural(Kind.values()[kind]);
                            attempts =
                                    Math.max(
                                            attempts + (byRoot ? 0 : 1),
                                            naturalAttempts(Kind.values()[kind]));
                        }
                    }
                    if (byRoot) {
                        tree.board.recordKill(process.pid(), incarnations);
                    }
                    process.die(
                            byRoot ? Signals.EXIT_BASE + Signals.KILL : ScriptDaemon.CRASH_STATUS,
                            looksBeforeNotice);
                }
            }
        }
        assertTrue(daemon.isDone(), where);
        if (cut) {
            verify(daemon, victimNumber, outcome, attempts, where);
            assertEquals(
                    byRoot && victimNumber >= 0 ? 1 : 0, tree.count(PoolCount.INTERRUPTED), where);
        }
    }

    private void verifyUndisturbed() {
        final ScriptDaemon successor = incarnation();
        verify(successor, -1, null, 0, "undisturbed");
        // The three deaths of the tasks that die; workers that were replaced after their two tasks
        // are none.
        assertEquals(3, tree.count(PoolCount.DIED));
        assertEquals(0, tree.count(PoolCount.INTERRUPTED));
    }

    private void verify(
            final ScriptDaemon daemon,
            final int exception,
            final Outcome outcome,
            final long attempts,
            final String where) {
        sound(where);
        for (int number = 0; number < ScriptDaemon.TASKS; number++) {
            final String who = "task " + number + " after " + where;
            final Kind kind =
                    number == ScriptDaemon.FOLLOWER ? Kind.COMMITS : Kind.values()[number];
            final boolean excepted = number == exception;
            final Outcome expected = excepted ? outcome : natural(kind);
            assertEquals(1, daemon.deliveries(number), who);
            assertEquals(expected, daemon.outcome(number), who);
            assertEquals(excepted ? attempts : naturalAttempts(kind), daemon.attempts(number), who);
            assertEquals(number, daemon.reply(number), who);
            assertEquals(expected == Outcome.OK ? 1 : 0, daemon.runs(number), who);
        }
        assertEquals(0, daemon.unfinished());
        assertEquals(ScriptDaemon.TASKS, tree.count(PoolCount.SUBMITTED));
        assertEquals(ScriptDaemon.TASKS, tree.count(PoolCount.FINISHED));
    }

    private static Outcome natural(final Kind kind) {
        switch (kind) {
            case THROWS:
                return Outcome.FAILED;
            case DIES:
                return Outcome.CRASHED;
            default:
                return Outcome.OK;
        }
    }

    private static long naturalAttempts(final Kind kind) {
        return kind == Kind.DIES || kind == Kind.DIES_ONCE ? 2 : 1;
    }

    private void sound(final String where) {
        assertEquals(List.of(), tree.wrong(), where);
    }

    /** Begins an incarnation whose workers' start times nobody had before. */
    private ScriptDaemon incarnation() {
        return new ScriptDaemon(tree, ++incarnations);
    }
}
