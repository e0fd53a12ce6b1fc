package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.QuarantineReason;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.plan.GroupPlan;
import io.coppice.pool.plan.GroupStrategy;
import io.coppice.pool.plan.RestartPolicy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another root makes of standbys, of groups and of reasons that the last one left. */
class AdoptedStandbyTest {
    private static final int KILLED = 128 + 9;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void aWarmStandbyIsAdoptedAndGoesOnUnderTheNextRoot() {
        final LoopTree tree = warm().adopted(os, false);
        tree.turn();
        assertEquals(StandbyState.WARM.ordinal(), word(tree, BoardWord.STANDBY_STATE));
        assertEquals(List.of(), os.signals);
        assertEquals(1, tree.daemons[0].epoch());
        final long standby = word(tree, BoardWord.STANDBY_PID);

        tree.die(1, KILLED);
        tree.turn();
        assertEquals(standby, tree.daemons[0].pid());
        assertEquals(2, tree.daemons[0].epoch());
        assertEquals(1, word(tree, BoardWord.TAKEOVERS));
        assertEquals(1, word(tree, BoardWord.RESTARTS));
    }

    @Test
    void theStandbyThatTookOverWithoutARootIsTheDaemon() {
        final LoopTree dead = warm();
        final long standby = word(dead, BoardWord.STANDBY_PID);
        dead.die(1, KILLED);
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(standby, tree.daemons[0].pid());
        assertEquals(2, tree.daemons[0].epoch());
        assertEquals(0, word(tree, BoardWord.STANDBY_PID));
        assertEquals(1, word(tree, BoardWord.TAKEOVERS));
        assertEquals(1, word(tree, BoardWord.RESTARTS));
        assertEquals(ExitClass.UNKNOWN, tree.board.reader().deaths(1).get(0).exitClass());
        tree.sayReady(1);
        tree.turn();
        assertEquals(DaemonState.READY, tree.state(1));
        assertEquals(List.of(), os.signals);
        tree.turn(SECOND_NS);
        assertEquals(3, word(tree, BoardWord.STANDBY_EPOCH), "the next one");
    }

    @Test
    void oneWhoseTurnCameWithTheRootDeadInBetweenIsNotReadyYet() {
        final LoopTree dead = warm();
        final long standby = word(dead, BoardWord.STANDBY_PID);
        // As a promotion leaves it before the state is stored.
        dead.board.word(1, BoardWord.START_TIME, word(dead, BoardWord.STANDBY_START_TIME));
        dead.board.word(1, BoardWord.EPOCH, 2);
        dead.board.word(1, BoardWord.PID, standby);
        dead.board.word(1, BoardWord.STANDBY_PID, 0);
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(standby, tree.daemons[0].pid());
        tree.sayReady(1);
        tree.turn();
        assertEquals(DaemonState.READY, tree.state(1));
    }

    @Test
    void aStandbyThatDiedWithoutARootIsReplaced() {
        final LoopTree dead = warm();
        dead.dieStandby(1, KILLED);
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(1, word(tree, BoardWord.STANDBY_DEATHS));
        for (int turn = 0; turn < 3; turn++) {
            tree.turn(SECOND_NS);
            tree.beat(1);
        }
        assertEquals(3, word(tree, BoardWord.STANDBY_EPOCH));
        assertTrue(word(tree, BoardWord.STANDBY_PID) > 0);
        assertEquals(1, tree.daemons[0].epoch());
    }

    @Test
    void bothThatDiedWithoutARootAreAColdStart() {
        final LoopTree dead = warm();
        dead.die(1, KILLED);
        dead.dieStandby(1, KILLED);
        final LoopTree tree = dead.adopted(os, false);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(3, tree.daemons[0].epoch());
        assertEquals(0, word(tree, BoardWord.TAKEOVERS));
    }

    @Test
    void aStopThatGoesOnEndsTheStandbyToo() {
        final LoopTree dead = warm();
        dead.ask(Command.STOP, 0);
        final LoopTree tree = dead.adopted(os, true);
        tree.die(1, 0);
        tree.turn();
        tree.turn();
        assertEquals(DaemonState.DONE, tree.state(1));
        assertFalse(tree.standby(1).isAlive());
    }

    @Test
    void aDeathIsInTheHistoryOnceWhoeverWroteItDown() {
        final LoopTree dead = warm();
        // As a root leaves it that died between the two stores.
        dead.board.addDeath(1, 7, 1, ExitClass.SIGNAL, KILLED);
        dead.die(1, KILLED);
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(1, tree.board.reader().deaths(1).size());
        assertEquals(ExitClass.SIGNAL, tree.board.reader().deaths(1).get(0).exitClass());
    }

    @Test
    void theReasonOfAQuarantineThatWasJudgedIsNotForgotten() {
        final LoopTree dead = plain();
        dead.startAll();
        dead.die(1, 100);
        dead.turn();
        assertEquals(DaemonState.QUARANTINED, dead.state(1));
        // As a root leaves it that died behind the judgement.
        dead.board.word(1, BoardWord.QUARANTINE, 0);
        dead.board.word(1, BoardWord.STATE, DaemonState.READY.ordinal());
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        assertEquals(QuarantineReason.DO_NOT_RESTART.ordinal(), word(tree, BoardWord.QUARANTINE));
    }

    @Test
    void aGroupThatWasBeingTakenDownIsTakenDown() {
        final LoopTree dead = plain();
        dead.startAll();
        dead.die(1, KILLED);
        // As a root leaves it that died before the other was asked.
        final LoopTree tree = dead.adopted(os, false);
        tree.turn();
        assertEquals(DaemonState.STOPPING, tree.state(2));
        assertEquals(DaemonState.WAITING, tree.state(1));
    }

    private static long word(final LoopTree tree, final BoardWord word) {
        return tree.board.reader().word(1, word);
    }

    private LoopTree warm() {
        final LoopTree tree =
                LoopTree.simulated(
                        folder,
                        os,
                        LoopTree.withStandby(
                                LoopTree.daemon(1, true, List.of()), RestartPolicy.ON_FAILURE));
        tree.startAll();
        tree.turn();
        tree.sayWarm(1);
        tree.turn();
        assertEquals(StandbyState.WARM.ordinal(), word(tree, BoardWord.STANDBY_STATE));
        return tree;
    }

    private LoopTree plain() {
        return new LoopTree(
                folder,
                os,
                os.waitPoint,
                os::start,
                0,
                0,
                List.of(new GroupPlan("both", GroupStrategy.ALL, List.of(1, 2))),
                LoopTree.daemon(1, true, List.of()),
                LoopTree.daemon(2, false, List.of(1)));
    }
}
