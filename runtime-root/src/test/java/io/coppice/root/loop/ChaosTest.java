package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.Signals;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosTest {
    private static final PoolPlan POOL =
            new PoolPlan("pool", "T", 1, 3, 2, 64, 64, 4096, 4, 1, 1, 2, 1, List.of());

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void killsNobodyBeforeTheTreeWasReadyAndThenOnePerPeriod() throws IOException {
        final LoopTree tree = withoutPools(7);
        tree.turn(60 * SECOND_NS / 10);
        tree.turn(SECOND_NS);
        assertEquals(List.of(), os.signals);
        assertEquals(RootLoop.STARTING_WAIT_NS, tree.loop.waitNs(tree.nowNs));
        tree.startAll();
        tree.turn(SECOND_NS - 2);
        assertEquals(List.of(), os.signals);

        tree.turn(SECOND_NS);

        assertEquals(List.of("SIGKILL " + tree.daemons[0].pid()), os.signals);
        assertEquals(1, tree.board.reader().chaosKills());
        assertEquals(1, tree.board.reader().word(1, BoardWord.CHAOS_KILLS));
    }

    @Test
    void aKillOfADaemonCostsNothingAndLooksLikeACrashToIt() throws IOException {
        final LoopTree tree = withoutPools(7);
        tree.startAll();
        for (int kill = 0; kill < 10 * LoopTree.LIMIT; kill++) {
            tree.turn(SECOND_NS);
            tree.turn(1);
            assertEquals(DaemonState.STARTING, tree.state(1), "kill " + kill);
            tree.sayReady(1);
            tree.turn(1);
        }
        assertEquals(10 * LoopTree.LIMIT, tree.board.reader().chaosKills());
    }

    @Test
    void waitsWhileFewerThanHalfOfTheDaemonsAreReady() throws IOException {
        final LoopTree tree =
                new LoopTree(
                        Files.createTempDirectory(folder, "tree"),
                        os,
                        os.waitPoint,
                        os::start,
                        SECOND_NS,
                        7,
                        LoopTree.daemon(1, true, List.of()),
                        LoopTree.daemon(2, true, List.of()),
                        LoopTree.daemon(3, true, List.of()),
                        LoopTree.daemon(4, true, List.of()));
        tree.startAll();
        for (int period = 0; period < 6; period++) {
            tree.turn(SECOND_NS);
            tree.turn(1);
        }
        assertEquals(3, tree.board.reader().chaosKills(), "until one of four is ready");
        assertEquals(3, tree.board.reader().chaosSpared());

        for (int slot = 1; slot <= 4; slot++) {
            if (tree.state(slot) == DaemonState.STARTING) {
                tree.sayReady(slot);
            }
        }
        tree.turn(1);
        tree.turn(SECOND_NS);
        assertEquals(4, tree.board.reader().chaosKills());
    }

    @Test
    void sparesATaskThatWasInterruptedBeforeAndTheDaemonItWouldDieWith() throws IOException {
        final LoopTree tree = tree(7);
        tree.startAll();
        worker(tree, 0, WorkerState.RUNNING, os.start().pid(), 1);
        tree.turn(SECOND_NS);
        assertEquals(List.of(), os.signals);
        assertEquals(1, tree.board.reader().chaosSpared());

        worker(tree, 0, WorkerState.ASSIGNED, os.start().pid(), 1);
        tree.turn(SECOND_NS);
        assertEquals(List.of(), os.signals);

        // Its neighbour has no such task, and may be killed without it.
        final long neighbour = os.start().pid();
        worker(tree, 1, WorkerState.RUNNING, neighbour, 0);
        tree.turn(SECOND_NS);
        assertEquals(List.of("SIGKILL " + neighbour), os.signals);
    }

    @Test
    void leavesWorkersThatStartOrHaveAResultAlone() throws IOException {
        for (final WorkerState state :
                new WorkerState[] {
                    WorkerState.EMPTY,
                    WorkerState.STARTING,
                    WorkerState.COMMITTED,
                    WorkerState.FAILED
                }) {
            os.signals.clear();
            final LoopTree tree = tree(7);
            tree.startAll();
            worker(tree, 0, state, os.start().pid(), 0);
            tree.turn(SECOND_NS);
            // A daemon whose pool has no worker yet is spared; one whose worker has a result is
            // not.
            final boolean open = state == WorkerState.COMMITTED || state == WorkerState.FAILED;
            assertEquals(
                    open ? List.of("SIGKILL " + tree.daemons[0].pid()) : List.of(),
                    os.signals,
                    state.name());
        }
    }

    @Test
    void neverKillsAPidThatTheKernelDoesNotKnowByThatStartTime() throws IOException {
        final long pid = os.start().pid();
        for (final long[] claim :
                new long[][] {
                    {0, 0},
                    {1, 7},
                    {-1, -7},
                    {ProcessHandle.current().pid(), 7 * ProcessHandle.current().pid()},
                    {pid, 7 * pid + 1},
                    {pid, 0},
                    {Long.MAX_VALUE, 0},
                }) {
            for (long seed = 0; seed < 20; seed++) {
                os.signals.clear();
                final LoopTree tree = tree(seed);
                tree.startAll();
                worker(tree, 0, WorkerState.IDLE, claim[0], 0);
                word(tree, 0, PoolLayout.SLOT_START_TIME, claim[1]);
                tree.turn(SECOND_NS);
                final String daemon = "SIGKILL " + tree.daemons[0].pid();
                assertTrue(
                        os.signals.isEmpty() || os.signals.equals(List.of(daemon)),
                        os.signals.toString());
            }
        }
    }

    @Test
    void writesTheKillDownBeforeItSendsTheSignal() throws IOException {
        final LoopTree tree = tree(7);
        tree.startAll();
        final long spared = os.start().pid();
        worker(tree, 0, WorkerState.RUNNING, spared, 1);
        final long pid = os.start().pid();
        worker(tree, 1, WorkerState.RUNNING, pid, 0);
        final List<Boolean> recorded = new ArrayList<>();
        os.beforeSignal =
                () -> recorded.add(tree.board.reader().wasKilledByRoot(pid, os.startTime(pid)));
        assertFalse(tree.board.reader().wasKilledByRoot(pid, os.startTime(pid)));

        tree.turn(SECOND_NS);

        assertEquals(List.of("SIGKILL " + pid), os.signals);
        assertEquals(List.of(true), recorded);
        assertFalse(tree.board.reader().wasKilledByRoot(spared, os.startTime(spared)));
    }

    @Test
    void theSameSeedKillsTheSameVictims() throws IOException {
        assertEquals(victims(7), victims(7));
        assertNotEquals(victims(7), victims(8));
    }

    @Test
    void aTreeThatStopsIsLeftAloneAndRootDoesNotSpin() throws IOException {
        final LoopTree tree = tree(7);
        tree.startAll();
        tree.loop.requestStop();
        tree.turn(1);
        tree.turn(2 * SECOND_NS);
        assertEquals(List.of(), os.signals);
        assertEquals(RootLoop.WAIT_NS_MAX, tree.loop.waitNs(tree.nowNs));
    }

    /** Returns which of the candidates died, in order. */
    private List<Integer> victims(final long seed) throws IOException {
        final LoopTree tree = tree(seed);
        tree.startAll();
        final List<Integer> victims = new ArrayList<>();
        for (int kill = 0; kill < 30; kill++) {
            os.signals.clear();
            final List<Long> candidates = new ArrayList<>();
            candidates.add(tree.daemons[0].pid());
            for (int worker = 0; worker < POOL.workersMax(); worker++) {
                candidates.add(os.start().pid());
                worker(tree, worker, WorkerState.IDLE, candidates.get(worker + 1), 0);
            }
            tree.turn(SECOND_NS);
            final String signal = os.signals.get(0);
            victims.add(candidates.indexOf(Long.parseLong(signal.substring("SIGKILL ".length()))));
            if (tree.daemons[0].pid() == candidates.get(0) && victims.get(kill) == 0) {
                tree.turn(1);
                tree.sayReady(1);
                tree.turn(1);
            }
        }
        assertFalse(victims.contains(-1));
        return victims;
    }

    private LoopTree withoutPools(final long seed) throws IOException {
        return new LoopTree(
                Files.createTempDirectory(folder, "tree"),
                os,
                os.waitPoint,
                os::start,
                SECOND_NS,
                seed,
                LoopTree.daemon(1, true, List.of()));
    }

    private LoopTree tree(final long seed) throws IOException {
        return new LoopTree(
                Files.createTempDirectory(folder, "tree"),
                os,
                os.waitPoint,
                os::start,
                SECOND_NS,
                seed,
                LoopTree.daemon(1, true, List.of(), POOL));
    }

    private static void worker(
            final LoopTree tree,
            final int worker,
            final WorkerState state,
            final long pid,
            final long interruptions) {
        word(tree, worker, PoolLayout.SLOT_PID, pid);
        word(tree, worker, PoolLayout.SLOT_START_TIME, 7 * pid);
        word(tree, worker, PoolLayout.SLOT_INTERRUPTIONS, interruptions);
        word(tree, worker, PoolLayout.SLOT_STATE, state.word(3));
    }

    private static void word(
            final LoopTree tree, final int worker, final int offset, final long value) {
        final long pool = ArenaPlan.pool(tree.daemons[0].plan(), POOL.name()).offset();
        tree.arenas[0].putLongRelease(pool + PoolLayout.of(POOL).slot(worker) + offset, value);
    }

    @Test
    void aKilledDaemonsSignalIsTheOneNothingCatches() throws IOException {
        final LoopTree tree = withoutPools(1);
        tree.startAll();
        tree.turn(SECOND_NS);
        tree.turn(1);
        assertEquals(
                Signals.EXIT_BASE + Signals.KILL,
                tree.board.reader().word(1, BoardWord.EXIT_STATUS));
    }
}
