package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.Mailbox;
import io.coppice.pool.board.MailboxLayout;
import io.coppice.pool.board.TreeState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root's loop, turned by hand with a clock and processes of the test's own. */
class RootLoopTest {
    private static final int KILLED = 128 + 9;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void startsEachDaemonOnlyWhenThoseItComesAfterAreReady() {
        final LoopTree tree = three();
        tree.turn();
        assertStates(tree, DaemonState.WAITING, DaemonState.STARTING, DaemonState.WAITING);
        assertEquals(RootLoop.STARTING_WAIT_NS, tree.loop.waitNs(tree.nowNs));

        tree.sayReady(2);
        tree.turn();
        assertStates(tree, DaemonState.WAITING, DaemonState.READY, DaemonState.STARTING);
        assertEquals(TreeState.STARTING, tree.treeState());

        tree.sayReady(3);
        tree.turn();
        assertStates(tree, DaemonState.STARTING, DaemonState.READY, DaemonState.READY);

        tree.sayReady(1);
        tree.turn();
        assertEquals(TreeState.RUNNING, tree.treeState());
        assertEquals(4 * SECOND_NS / 10, tree.board.reader().allReadyNs());
        assertEquals(RootLoop.WAIT_NS_MAX, tree.loop.waitNs(tree.nowNs));
    }

    @Test
    void stopsInReverseOrderOneAfterTheOther() {
        final LoopTree tree = three();
        tree.startAll();

        assertEquals(Answer.ACCEPTED, tree.ask(Command.STOP, 0));
        for (final int slot : new int[] {1, 3, 2}) {
            assertFalse(tree.loop.isEnded());
            for (int other = 1; other <= 3; other++) {
                assertEquals(
                        tree.state(other) == DaemonState.STOPPING, other == slot, "slot " + other);
            }
            assertTrue(tree.isAskedToStop(slot));
            tree.die(slot, 0);
            tree.turn();
            assertEquals(DaemonState.DONE, tree.state(slot));
        }
        assertTrue(tree.loop.isEnded());
        assertEquals(List.of(), os.signals);
    }

    @Test
    void killsADaemonThatDoesNotStopInTime() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.startAll();
        tree.ask(Command.STOP, 0);

        tree.turnFor(LoopTree.STOP_TIMEOUT_NS);
        assertEquals(List.of(), os.signals);
        tree.turn(1);
        assertEquals(List.of("SIGKILL 1001"), os.signals);

        tree.turn();
        assertTrue(tree.loop.isEnded());
    }

    @Test
    void whoeverWasKilledIsWaitedForAndNotKilledAgainAndAgain() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.turn();
        os.waitPoint.untold = 1001;
        tree.turnFor(LoopTree.START_TIMEOUT_NS + SECOND_NS);
        assertEquals(List.of("SIGKILL 1001"), os.signals);
        assertEquals(RootLoop.WAIT_NS_MAX, tree.loop.waitNs(tree.nowNs));

        os.waitPoint.untold = 0;
        tree.turn();
        os.signals.clear();
        os.waitPoint.untold = 1002;
        tree.startAll();
        tree.ask(Command.STOP, 0);
        tree.turnFor(LoopTree.STOP_TIMEOUT_NS + SECOND_NS);
        assertEquals(List.of("SIGKILL 1002"), os.signals);
        assertEquals(RootLoop.WAIT_NS_MAX, tree.loop.waitNs(tree.nowNs));
    }

    @Test
    void whatWasRestartedAfterItHadFinishedIsNotTakenForFinishedWhenItIsStopped() {
        final LoopTree tree =
                LoopTree.simulated(
                        folder,
                        os,
                        LoopTree.daemon(1, true, List.of()),
                        LoopTree.daemon(2, true, List.of()));
        tree.startAll();
        tree.finish(1);
        tree.turn();
        assertTrue(tree.daemons[0].isFinished());
        tree.ask(Command.RESTART, 1);
        tree.startAll();
        assertEquals(DaemonState.READY, tree.state(1));
        assertFalse(tree.daemons[0].isFinished());

        // As a reload does that changes it.
        tree.daemons[0].on(DaemonEvent.STOP, tree.nowNs);
        tree.die(1, 0);
        tree.turn();
        assertEquals(DaemonState.DONE, tree.state(1));
        assertFalse(tree.daemons[0].isFinished());
        tree.finish(2);
        tree.turn();
        assertEquals(TreeState.RUNNING, tree.treeState(), "its work is not done");
    }

    @Test
    void endsWhenEverySignificantDaemonHasFinished() {
        final LoopTree tree = three();
        tree.startAll();

        tree.finish(2);
        tree.turn();
        assertEquals(TreeState.RUNNING, tree.treeState(), "the insignificant one does not count");
        tree.finish(1);
        tree.turn();
        assertEquals(TreeState.RUNNING, tree.treeState(), "one of two");
        tree.finish(3);
        tree.turn();
        assertEquals(TreeState.STOPPING, tree.treeState());
        tree.turn();
        assertTrue(tree.loop.isEnded());
    }

    @Test
    void startsADaemonAgainThatEndsWithZeroAndHasNotSaidThatItHasFinished() {
        final LoopTree tree = three();
        tree.startAll();

        tree.die(3, 0);
        tree.turn();

        assertEquals(DaemonState.STARTING, tree.state(3));
        assertEquals(TreeState.RUNNING, tree.treeState());
    }

    @Test
    void isFailedWhileASignificantDaemonIsQuarantined() {
        final LoopTree tree = three();
        tree.startAll();
        quarantine(tree, 3);
        assertEquals(TreeState.FAILED, tree.treeState());

        assertEquals(Answer.ACCEPTED, tree.ask(Command.RELEASE, 3));
        assertEquals(DaemonState.STARTING, tree.state(3));
        assertEquals(TreeState.RUNNING, tree.treeState());
    }

    @Test
    void isFailedAlsoBeforeAllWereReady() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        quarantine(tree, 1);
        assertEquals(TreeState.FAILED, tree.treeState());
        assertEquals(LoopTree.LIMIT, tree.board.reader().word(1, BoardWord.RESTARTS));

        tree.ask(Command.RELEASE, 1);
        assertEquals(TreeState.STARTING, tree.treeState());
    }

    @Test
    void startsAgainInTheTurnThatSeesTheDeathAndBacksOffAfterTheSecond() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.startAll();
        tree.die(1, KILLED);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(2, tree.daemons[0].epoch());
        assertEquals(ExitClass.SIGNAL.ordinal(), tree.board.reader().word(1, BoardWord.EXIT_CLASS));

        tree.die(1, 1);
        tree.turn();
        assertEquals(DaemonState.BACKING_OFF, tree.state(1));
        final long waitNs = tree.loop.waitNs(tree.nowNs);
        assertTrue(waitNs > SECOND_NS / 20 * 3 / 4 - 1 && waitNs <= SECOND_NS / 20, "" + waitNs);
        tree.turn(waitNs - 1);
        assertEquals(DaemonState.BACKING_OFF, tree.state(1));
        tree.turn(1);
        assertEquals(DaemonState.STARTING, tree.state(1));
    }

    @Test
    void aDaemonThatWasReadyAndDeadBetweenTwoTurnsHasBeenReady() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, false, List.of()));
        tree.turn();
        tree.sayReady(1);
        tree.finish(1);
        tree.turn();

        assertEquals(DaemonState.DONE, tree.state(1));
        assertEquals(TreeState.RUNNING, tree.treeState());
    }

    @Test
    void noticesADeathAlsoWhereNothingIsLeftToWatchItWith() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        os.waitPoint.exhausted = true;
        tree.startAll();
        assertEquals(DaemonState.READY, tree.state(1));

        tree.die(1, KILLED);
        os.waitPoint.exhausted = false;
        tree.turn();

        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(1, os.waitPoint.tokens());
    }

    @Test
    void killsADaemonThatDoesNotBecomeReady() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.turn();
        tree.turnFor(LoopTree.START_TIMEOUT_NS);
        assertEquals(List.of(), os.signals);
        tree.turn(1);
        assertEquals(List.of("SIGKILL 1001"), os.signals);
        tree.turn();
        assertEquals(
                ExitClass.START_TIMEOUT.ordinal(),
                tree.board.reader().word(1, BoardWord.EXIT_CLASS));
    }

    @Test
    void asksASilentDaemonForItsStacksAndThenKillsItButNotForAStallOfRoot() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.startAll();
        tree.turn(3600 * SECOND_NS);
        assertEquals(List.of(), os.signals);
        while (os.signals.isEmpty()) {
            tree.turn();
        }
        assertEquals(List.of("SIGQUIT 1001"), os.signals);
        while (os.signals.size() < 2) {
            tree.turn();
        }
        assertEquals(List.of("SIGQUIT 1001", "SIGKILL 1001"), os.signals);
        tree.turn();
        assertEquals(
                ExitClass.WATCHDOG.ordinal(), tree.board.reader().word(1, BoardWord.EXIT_CLASS));
    }

    @Test
    void refusesWhatMeansNothingInAState() {
        final LoopTree tree = three();
        tree.turn();
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.RESTART, 1), "WAITING");
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.RELEASE, 1), "WAITING");
        tree.startAll();
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.RELEASE, 1), "READY");
        assertEquals(Answer.ACCEPTED, tree.ask(Command.RESTART, 1));
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.RESTART, 1), "STOPPING");
        tree.finish(1);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(0, tree.board.reader().word(1, BoardWord.RESTARTS));

        assertEquals(Answer.ACCEPTED, tree.ask(Command.STOP, 0));
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.RESTART, 2), "the tree stops");
    }

    @Test
    void aRestartThatTheEndOfTheTreeOvertakesDoesNotKeepTheTreeAlive() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.startAll();
        tree.ask(Command.RESTART, 1);
        tree.ask(Command.STOP, 0);
        tree.finish(1);
        tree.turn();
        tree.turn();

        assertTrue(tree.loop.isEnded());
        assertEquals(1, tree.daemons[0].epoch());
    }

    @Test
    void answersGarbageInTheMailboxAndGoesOn() {
        final LoopTree tree = three();
        tree.startAll();
        final Memory raw = MappedFile.writable(folder.resolve(Mailbox.FILE));
        final long[] garbage = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 3, 4, 99, 1L << 32};
        final long[] commands = {
            -1, Long.MIN_VALUE, Long.MAX_VALUE, Command.values().length, 99, 1L << 32
        };
        long request = 1000;
        for (final long command : commands) {
            for (final long daemon : garbage) {
                final int slot = (int) (request % MailboxLayout.SLOTS);
                final long at = (long) slot * MailboxLayout.BYTES / MailboxLayout.SLOTS;
                // Restart and release of no daemon of this tree, and commands there are none of.
                raw.putLong(at + 8, daemon == 3 ? command : Command.RESTART.ordinal());
                raw.putLong(at + 16, daemon == 3 ? 1 : daemon);
                raw.putLongRelease(at, ++request);
                tree.turn(1);
                final long answer = tree.board.reader().answer(slot);
                assertTrue(Answer.isFor(answer, request));
                assertEquals(Answer.UNKNOWN, Answer.of(answer), command + " " + daemon);
            }
        }
        assertStates(tree, DaemonState.READY, DaemonState.READY, DaemonState.READY);
    }

    @Test
    void nothingGrowsInEightHours() {
        final LoopTree tree = three();
        tree.startAll();
        final int turns = 8 * 60 * 60 * 10;
        int deaths = 0;
        for (int turn = 0; turn < turns; turn++) {
            tree.turn();
            for (int slot = 1; slot <= 3; slot++) {
                tree.beat(slot);
                if (tree.state(slot) == DaemonState.STARTING) {
                    tree.sayReady(slot);
                }
            }
            final long waitNs = tree.loop.waitNs(tree.nowNs);
            assertTrue(waitNs > 0 && waitNs <= RootLoop.WAIT_NS_MAX, "" + waitNs);
            if (turn % 3_000 == 2_999) {
                tree.die(turn / 3_000 % 3 + 1, KILLED);
                deaths++;
            }
        }
        tree.turn();

        assertEquals(96, deaths);
        assertEquals(3, os.waitPoint.tokens());
        long restarts = 0;
        for (int slot = 1; slot <= 3; slot++) {
            restarts += tree.board.reader().word(slot, BoardWord.RESTARTS);
        }
        assertEquals(deaths, restarts);
        assertEquals(List.of(), os.signals);
    }

    /** Daemon 1 comes after 3, 3 after 2; 1 and 3 are significant. */
    private LoopTree three() {
        return LoopTree.simulated(
                folder,
                os,
                LoopTree.daemon(1, true, List.of(3)),
                LoopTree.daemon(2, false, List.of()),
                LoopTree.daemon(3, true, List.of(2)));
    }

    private static void quarantine(final LoopTree tree, final int slot) {
        for (int turn = 0; turn < 1_000 && tree.state(slot) != DaemonState.QUARANTINED; turn++) {
            tree.turn(SECOND_NS / 100);
            if (tree.state(slot) == DaemonState.STARTING || tree.state(slot) == DaemonState.READY) {
                tree.die(slot, 1);
            }
        }
        assertEquals(DaemonState.QUARANTINED, tree.state(slot));
    }

    private static void assertStates(final LoopTree tree, final DaemonState... states) {
        for (int slot = 1; slot <= states.length; slot++) {
            assertEquals(states[slot - 1], tree.state(slot), "daemon " + slot);
        }
    }
}
