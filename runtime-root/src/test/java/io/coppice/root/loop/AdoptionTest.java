package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another root makes of a board, with processes and a clock of the test's own. */
class AdoptionTest {
    private static final int KILLED = 128 + 9;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void goesOnWithTheProcessesAsTheyAre() {
        final LoopTree dead = two();
        dead.startAll();
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(DaemonState.READY, tree.state(1));
        tree.turn();
        assertEquals(DaemonState.READY, tree.state(1));
        assertEquals(DaemonState.READY, tree.state(2));
        assertEquals(TreeState.RUNNING, tree.treeState());
        assertEquals(1001, tree.daemons[0].pid());
        assertEquals(1, tree.daemons[0].epoch());
        assertEquals(List.of(), os.signals);
        assertTrue(tree.board.reader().allReadyNs() > 0);
    }

    @Test
    void aDeathOfAnAdoptedOneIsCertifiedAndItsStatusUnknown() {
        final LoopTree tree = readyAndAdopted();
        tree.die(1, KILLED);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(2, tree.daemons[0].epoch());
        assertEquals(1, word(tree, 1, BoardWord.RESTARTS));
        assertEquals(ExitClass.UNKNOWN.ordinal(), word(tree, 1, BoardWord.EXIT_CLASS));
        assertEquals(AdoptedProcess.STATUS_UNKNOWN, word(tree, 1, BoardWord.EXIT_STATUS));
        assertEquals(DaemonState.READY, tree.state(2));
    }

    @Test
    void anAdoptedOneThatHasFinishedSaysSoInItsArena() {
        final LoopTree tree = readyAndAdopted();
        tree.finish(1);
        tree.turn();
        assertEquals(DaemonState.DONE, tree.state(1));
        assertTrue(tree.daemons[0].isFinished());

        final LoopTree next = tree.adopted(os, false);
        next.turn();
        assertEquals(DaemonState.DONE, next.state(1), "it is not started again");
        assertTrue(next.daemons[0].isFinished());
    }

    @Test
    void whoDiedWithoutARootIsStartedAgain() {
        final LoopTree dead = two();
        dead.startAll();
        dead.die(2, KILLED);
        final LoopTree tree = dead.adopted(os, false);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(2));
        assertEquals(2, tree.daemons[1].epoch());
        assertEquals(1, word(tree, 2, BoardWord.RESTARTS));
        assertEquals(DaemonState.READY, tree.state(1));
    }

    @Test
    void noDeathIsForgottenOrCountedTwiceHoweverManyRootsThereWere() {
        LoopTree tree = two();
        tree.startAll();
        for (int death = 1; death <= LoopTree.LIMIT; death++) {
            tree.die(1, KILLED);
            tree = tree.adopted(os, false);
            assertEquals(death, word(tree, 1, BoardWord.RESTARTS));
            tree.turn(SECOND_NS);
            tree.turn(SECOND_NS);
            tree.sayReady(1);
            tree.turn(1);
            tree = tree.adopted(os, false);
            assertEquals(death, word(tree, 1, BoardWord.RESTARTS));
            assertEquals(DaemonState.READY, tree.state(1));
        }
        tree.die(1, KILLED);
        tree.turn();
        assertEquals(DaemonState.QUARANTINED, tree.state(1));

        tree = tree.adopted(os, false);
        tree.turn();
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        assertEquals(Answer.ACCEPTED, tree.ask(Command.RELEASE, 1));
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
    }

    @Test
    void aDelayGoesOnWhereItWas() {
        LoopTree tree = two();
        tree.startAll();
        tree.die(1, KILLED);
        tree.turn();
        tree.die(1, KILLED);
        tree.turn();
        assertEquals(DaemonState.BACKING_OFF, tree.state(1));
        final long left = tree.daemons[0].untilDeadlineNs(tree.nowNs);
        assertTrue(left > 0);

        tree = tree.adopted(os, false);
        assertEquals(left, tree.daemons[0].untilDeadlineNs(tree.nowNs));
        tree.turn(left - 1);
        assertEquals(DaemonState.BACKING_OFF, tree.state(1));
        tree.turn(1);
        assertEquals(DaemonState.STARTING, tree.state(1));
    }

    @Test
    void oneThatStillStartsHasItsStartTimeout() {
        final LoopTree dead = two();
        dead.turn();
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(TreeState.STARTING, tree.treeState());
        tree.turnFor(LoopTree.START_TIMEOUT_NS);
        assertEquals(List.of(), os.signals);
        tree.turn(1);
        assertTrue(os.signals.contains("SIGKILL 1001"), os.signals.toString());
    }

    @Test
    void oneThatWasAskedToStopStopsAndIsStartedAgain() {
        final LoopTree dead = two();
        dead.startAll();
        assertEquals(Answer.ACCEPTED, dead.ask(Command.RESTART, 1));
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(DaemonState.STOPPING, tree.state(1));
        tree.die(1, 0);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(0, word(tree, 1, BoardWord.RESTARTS));
    }

    @Test
    void aStopThatWasUnderWayGoesOnUnderAGuardAndIsTakenBackByRun() {
        for (final boolean guard : new boolean[] {true, false}) {
            final LoopTree dead = two();
            dead.startAll();
            dead.ask(Command.STOP, 0);
            assertEquals(DaemonState.STOPPING, dead.state(2));
            final LoopTree tree = dead.adopted(os, guard);
            tree.die(2, 0);
            tree.turn();
            tree.turn();
            assertEquals(guard ? DaemonState.DONE : DaemonState.STARTING, tree.state(2));
            assertEquals(guard ? DaemonState.STOPPING : DaemonState.READY, tree.state(1));
            assertFalse(tree.loop.isEnded());
        }
    }

    @Test
    void aKillOnPurposeCountsForNothingUnderTheNextRootToo() {
        final LoopTree dead = two();
        dead.startAll();
        dead.daemons[0].killForChaos();
        final LoopTree tree = dead.adopted(os, false);
        tree.turn();
        assertEquals(ExitClass.KILLED_BY_ROOT.ordinal(), word(tree, 1, BoardWord.EXIT_CLASS));
        assertEquals(DaemonState.STARTING, tree.state(1));
    }

    @Test
    void aSpawnThatWasCutIsMadeAgainWithAnotherEpoch() {
        final LoopTree dead = two();
        dead.startAll();
        // As spawn() leaves it between the store of the epoch and that of the pid.
        dead.board.word(1, BoardWord.PID, 0);
        dead.board.word(1, BoardWord.EPOCH, 2);
        dead.board.word(1, BoardWord.STATE, DaemonState.WAITING.ordinal());
        final LoopTree tree = dead.adopted(os, false);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(3, tree.daemons[0].epoch());
        assertEquals(0, word(tree, 1, BoardWord.RESTARTS));
    }

    @Test
    void aRowThatNoProcessHadYetGivesNoEpochOfItsArenaOutAgain() {
        final LoopTree dead = two();
        dead.startAll();
        dead.arenas[0].putLong(ArenaLayout.OWNER, OwnerWord.of(1, 7));
        // As a reload leaves the row of a daemon that has come back, before its epoch is stored.
        dead.die(1, 0);
        dead.board.clear(1);
        dead.board.word(1, BoardWord.EPOCH, 2);
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(7, word(tree, 1, BoardWord.EPOCH));
        tree.turn();
        assertEquals(8, tree.daemons[0].epoch());
    }

    @Test
    void whoServesIsNotTakenForItsStandbyThoughTheArenaNamesThat() {
        final LoopTree dead = two();
        dead.startAll();
        dead.arenas[0].putLong(ArenaLayout.WARM, 2);
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(1, tree.daemons[0].epoch());
        assertEquals(DaemonState.READY, tree.state(1));
    }

    @Test
    void wordsThatCannotBeRightAreBounded() {
        for (final long damage : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            final LoopTree dead = two();
            dead.startAll();
            for (final BoardWord word : BoardWord.values()) {
                if (word != BoardWord.EPOCH && word != BoardWord.PID) {
                    dead.board.word(1, word, damage);
                }
            }
            dead.board
                    .history(1)
                    .begin(damage, damage, damage)
                    .publish(1, damage, damage, damage, damage);
            final LoopTree tree = dead.adopted(os, false);
            for (int turn = 0; turn < 10; turn++) {
                tree.turn(SECOND_NS);
            }
            assertEquals(DaemonState.READY, tree.state(2));
        }
    }

    private LoopTree readyAndAdopted() {
        final LoopTree dead = two();
        dead.startAll();
        final LoopTree tree = dead.adopted(os, false);
        tree.turn();
        return tree;
    }

    private static long word(final LoopTree tree, final int slot, final BoardWord word) {
        return tree.board.reader().word(slot, word);
    }

    private LoopTree two() {
        return LoopTree.simulated(
                folder,
                os,
                LoopTree.daemon(1, true, List.of()),
                LoopTree.daemon(2, false, List.of()));
    }
}
