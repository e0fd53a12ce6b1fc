package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardLayout;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.ChaosKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chaos on request: its kinds, and what becomes of it when root dies. */
class ChaosKindsTest {
    private static final long STOP_FOR_NS = SECOND_NS / 5;
    private static final int KILL = ChaosKind.KILL.mask();
    private static final int STOP = ChaosKind.STOP.mask();
    private static final int ROOT = ChaosKind.ROOT.mask();

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void beginsAndEndsOnRequest() throws IOException {
        final LoopTree tree = tree();
        assertEquals(Answer.WRONG_STATE, off(tree));
        assertEquals(Answer.ACCEPTED, ask(tree, SECOND_NS, KILL, 7));
        assertEquals(Answer.WRONG_STATE, ask(tree, SECOND_NS, KILL, 7), "twice");
        assertEquals(SECOND_NS, tree.board.reader().chaosPeriodNs());
        tree.turn(SECOND_NS - 2);
        assertEquals(List.of(), os.signals);
        tree.turn(SECOND_NS);
        assertEquals(1, os.signals.size());
        assertEquals(1, tree.board.reader().chaosKills());
        assertEquals(Answer.ACCEPTED, off(tree));
        os.signals.clear();
        readyAgain(tree);
        tree.turn(10 * SECOND_NS);
        assertEquals(List.of(), os.signals);
        assertEquals(0, tree.board.reader().chaosPeriodNs());
    }

    @Test
    void numbersThatNobodyCanHaveMeantAreRefused() throws IOException {
        final LoopTree tree = tree();
        for (final long period : new long[] {-1, 1, 999_999, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertEquals(Answer.UNKNOWN, ask(tree, period, KILL, 7));
            assertEquals(Answer.UNKNOWN, tree.ask(Command.CHAOS, 0, SECOND_NS, KILL, period, 7));
        }
        for (final long kinds : new long[] {0, ChaosKind.ALL + 1, -1, 1L << 40}) {
            assertEquals(Answer.UNKNOWN, ask(tree, SECOND_NS, kinds, 7));
        }
        assertEquals(0, tree.board.reader().chaosPeriodNs());
    }

    @Test
    void aTreeThatStopsTakesNone() throws IOException {
        final LoopTree tree = tree();
        tree.loop.requestStop();
        tree.turn(1);
        assertEquals(Answer.WRONG_STATE, ask(tree, SECOND_NS, KILL, 7));
    }

    @Test
    void whoIsStoppedIsWrittenDownFirstAndLetGoInTime() throws IOException {
        final LoopTree tree = tree();
        final Board board = tree.board.reader();
        ask(tree, SECOND_NS, STOP, 7);
        os.beforeSignal = () -> assertEquals(1, stopped(board).size());
        tree.turn(SECOND_NS);
        final long victim = stopped(board).iterator().next();
        assertEquals(List.of("SIGSTOP " + victim), os.signals);
        tree.turn(STOP_FOR_NS - 1);
        assertEquals(1, tree.loop.waitNs(tree.nowNs));
        assertEquals(1, os.signals.size());
        tree.turn(1);
        assertEquals(List.of("SIGSTOP " + victim, "SIGCONT " + victim), os.signals);
        assertEquals(Set.of(), stopped(board));
        assertEquals(1, board.chaosStops());
        assertEquals(0, board.chaosKills());
        assertEquals(DaemonState.READY, tree.state(1));
        assertEquals(DaemonState.READY, tree.state(2));
    }

    @Test
    void aStopTakesAtMostHalfOfTheWatchdogsPatience() throws IOException {
        final LoopTree tree = tree();
        tree.ask(Command.CHAOS, 0, 60 * SECOND_NS, STOP, 3600 * SECOND_NS, 7);
        tree.turn(60 * SECOND_NS);
        assertEquals(1, os.signals.size());
        final long half = tree.daemons[0].plan().dumpAfterNs() / 2;
        tree.turn(half - 1);
        assertEquals(1, os.signals.size());
        tree.turn(1);
        assertEquals(2, os.signals.size());
    }

    @Test
    void anEndOfChaosAndAStopOfTheTreeLetGoAtOnce() throws IOException {
        for (final boolean stops : new boolean[] {false, true}) {
            os.signals.clear();
            final LoopTree tree = tree();
            ask(tree, SECOND_NS, STOP, 7);
            tree.turn(SECOND_NS);
            assertEquals(1, os.signals.size());
            if (stops) {
                tree.loop.requestStop();
                tree.turn(1);
            } else {
                off(tree);
            }
            assertTrue(os.signals.get(1).startsWith("SIGCONT "), os.signals.toString());
            assertEquals(Set.of(), stopped(tree.board.reader()));
        }
    }

    @Test
    void neverStopsOneTwiceNorMoreThanTheBoardHasLinesFor() throws IOException {
        final LoopTree tree = tree();
        // As long as the watchdog lets it: one and a half seconds.
        tree.ask(Command.CHAOS, 0, SECOND_NS / 10, STOP, 60 * SECOND_NS, 7);
        for (int period = 0; period < 10; period++) {
            tree.turn(SECOND_NS / 10);
        }
        final Set<String> distinct = new HashSet<>(os.signals);
        assertEquals(distinct.size(), os.signals.size(), os.signals.toString());
        assertTrue(distinct.size() <= 2);
        assertEquals(10, os.signals.size() + tree.board.reader().chaosSpared());
    }

    @Test
    void aRootThatDiesWithSomebodyStoppedLeavesItToTheNext() throws IOException {
        final LoopTree tree = tree();
        ask(tree, SECOND_NS, STOP | KILL, 12);
        while (stopped(tree.board.reader()).isEmpty()) {
            readyAgain(tree);
            tree.turn(SECOND_NS);
        }
        final long victim = stopped(tree.board.reader()).iterator().next();
        os.signals.clear();

        final LoopTree next = tree.adopted(os, false);
        assertEquals(List.of("SIGCONT " + victim), os.signals);
        assertEquals(Set.of(), stopped(next.board.reader()));
    }

    @Test
    void theNextRootGoesOnWithChaosAndItsSequence() throws IOException {
        final LoopTree tree = tree();
        ask(tree, SECOND_NS, STOP, 7);
        final long before = tree.board.reader().chaosRandom();
        tree.turn(SECOND_NS);
        final long random = tree.board.reader().chaosRandom();
        assertFalse(before == random);
        os.signals.clear();
        final LoopTree next = tree.adopted(os, false);
        assertEquals(random, next.board.reader().chaosRandom());
        next.turn(1);
        next.turn(SECOND_NS);
        assertEquals(2, os.signals.size(), os.signals.toString());
        assertTrue(os.signals.get(1).startsWith("SIGSTOP "), os.signals.toString());
    }

    @Test
    void rootKillsItselfWhereItsGuardIsItsParentStill() throws IOException {
        os.parentPid = 77;
        final LoopTree tree = tree();
        final long self = ProcessHandle.current().pid();
        tree.board.root(self, os.startTime(self), 1, 0);
        assertEquals(Answer.ACCEPTED, ask(tree, SECOND_NS, ROOT, 7));
        final boolean[] known = new boolean[1];
        os.beforeSignal =
                () ->
                        known[0] =
                                tree.board
                                        .reader()
                                        .wasKilledByRoot(self, tree.board.reader().rootStartTime());
        tree.turn(SECOND_NS);
        assertEquals(List.of("SIGKILL " + self), os.signals);
        assertTrue(known[0], "the guard finds it on the board");

        os.parentPid = 1;
        tree.turn(SECOND_NS);
        assertEquals(1, os.signals.size(), "the guard has ended");
    }

    @Test
    void withoutAGuardRootIsNoVictim() throws IOException {
        final LoopTree tree = tree();
        assertEquals(Answer.WRONG_STATE, ask(tree, SECOND_NS, ROOT, 7));
        assertEquals(Answer.WRONG_STATE, ask(tree, SECOND_NS, ChaosKind.ALL, 7));
        tree.turn(2 * SECOND_NS);
        assertEquals(List.of(), os.signals);
    }

    @Test
    void allKindsThatAreOnComeUpAndNoOthers() throws IOException {
        final LoopTree tree = tree();
        ask(tree, SECOND_NS, KILL | STOP, 7);
        for (int period = 0; period < 40; period++) {
            tree.turn(SECOND_NS);
            readyAgain(tree);
        }
        assertTrue(tree.board.reader().chaosKills() > 5);
        assertTrue(tree.board.reader().chaosStops() > 5);
        assertEquals(0, tree.board.reader().word(1, BoardWord.QUARANTINE));
    }

    private static Set<Long> stopped(final Board board) {
        final Set<Long> pids = new HashSet<>();
        for (int line = 0; line < BoardLayout.STOPPED; line++) {
            pids.add(board.stoppedPid(line));
        }
        pids.remove(0L);
        return pids;
    }

    private static void readyAgain(final LoopTree tree) {
        for (int turn = 0; turn < 3; turn++) {
            tree.turn(1);
            for (int slot = 1; slot <= 2; slot++) {
                if (tree.state(slot) == DaemonState.STARTING) {
                    tree.sayReady(slot);
                }
                tree.beat(slot);
            }
        }
    }

    private static Answer off(final LoopTree tree) {
        return tree.ask(Command.CHAOS, 0);
    }

    private static Answer ask(
            final LoopTree tree, final long periodNs, final long kinds, final long seed) {
        return tree.ask(Command.CHAOS, 0, periodNs, kinds, STOP_FOR_NS, seed);
    }

    private LoopTree tree() throws IOException {
        final LoopTree tree =
                LoopTree.simulated(
                        Files.createTempDirectory(folder, "tree"),
                        os,
                        LoopTree.daemon(1, true, List.of()),
                        LoopTree.daemon(2, true, List.of()));
        tree.startAll();
        return tree;
    }
}
