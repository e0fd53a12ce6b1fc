package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.plan.RestartPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root does with a standby; that one gets its turn by the kernel's word alone. */
class StandbySlotTest {
    private static final int KILLED = 128 + 9;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void aReadyDaemonGetsAStandbyWithTheNextEpoch() {
        final LoopTree tree = tree(RestartPolicy.ON_FAILURE);
        tree.turn();
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertNull(tree.standby(1));
        tree.sayReady(1);
        tree.turn();
        tree.turn();
        assertStandby(tree, StandbyState.STARTING);
        assertEquals(2, word(tree, BoardWord.STANDBY_EPOCH));
        assertEquals(tree.standby(1).pid(), word(tree, BoardWord.STANDBY_PID));
        assertEquals(7 * tree.standby(1).pid(), word(tree, BoardWord.STANDBY_START_TIME));
        assertEquals(1, word(tree, BoardWord.EPOCH));
        tree.sayWarm(1);
        turn(tree);
        assertStandby(tree, StandbyState.WARM);
    }

    @Test
    void underThePolicyNeverThereIsNone() {
        final LoopTree tree = tree(RestartPolicy.NEVER);
        tree.startAll();
        turn(tree);
        assertNull(tree.standby(1));
        assertStandby(tree, StandbyState.NONE);
    }

    @Test
    void aDeathMakesTheStandbyTheDaemonWarmOrNot() {
        for (final boolean warm : new boolean[] {true, false}) {
            final LoopTree tree = warm ? warm() : starting();
            final long standby = tree.standby(1).pid();
            final long takeovers = word(tree, BoardWord.TAKEOVERS);
            tree.die(1, KILLED);
            turn(tree);
            assertEquals(DaemonState.STARTING, tree.state(1));
            assertStandby(tree, StandbyState.TAKING_OVER);
            assertEquals(standby, word(tree, BoardWord.PID));
            assertEquals(7 * standby, word(tree, BoardWord.START_TIME));
            assertEquals(2, word(tree, BoardWord.EPOCH));
            assertEquals(1, word(tree, BoardWord.EXIT_EPOCH));
            assertEquals(ExitClass.SIGNAL.ordinal(), word(tree, BoardWord.EXIT_CLASS));
            assertEquals(0, word(tree, BoardWord.STANDBY_PID));
            assertEquals(takeovers + 1, word(tree, BoardWord.TAKEOVERS));
            assertEquals(1, word(tree, BoardWord.RESTARTS));

            tree.sayReady(1);
            turn(tree);
            assertEquals(DaemonState.READY, tree.state(1));
            turn(tree);
            assertStandby(tree, StandbyState.STARTING);
            assertNotEquals(standby, tree.standby(1).pid());
            assertEquals(3, word(tree, BoardWord.STANDBY_EPOCH));
            assertEquals(List.of(), os.signals);
        }
    }

    @Test
    void anHeirThatDiesBeforeItIsReadyIsStartedColdWithAnotherEpoch() {
        final LoopTree tree = warm();
        tree.die(1, KILLED);
        turn(tree);
        tree.dieStandby(1, 1);
        turn(tree);
        assertEquals(DaemonState.BACKING_OFF, tree.state(1));
        assertStandby(tree, StandbyState.NONE);
        tree.turn(SECOND_NS);
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(3, word(tree, BoardWord.EPOCH));
        assertEquals(ExitClass.START_FAILURE.ordinal(), word(tree, BoardWord.EXIT_CLASS));
    }

    @Test
    void bothDeadAtOnceIsARestart() {
        final LoopTree tree = warm();
        tree.dieStandby(1, KILLED);
        tree.die(1, KILLED);
        turn(tree);
        turn(tree);
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(3, word(tree, BoardWord.EPOCH));
        assertEquals(0, word(tree, BoardWord.TAKEOVERS));
    }

    @Test
    void aStandbyThatDiesIsReplacedLaterEachTime() {
        final LoopTree tree = warm();
        long delayNs = SECOND_NS / 20;
        for (int death = 1; death <= 4; death++) {
            tree.dieStandby(1, 1);
            turn(tree);
            assertStandby(tree, StandbyState.NONE);
            assertEquals(death, word(tree, BoardWord.STANDBY_DEATHS));
            tree.beat(1);
            tree.turn(delayNs - 2);
            assertStandby(tree, StandbyState.NONE);
            tree.beat(1);
            tree.turn(2);
            assertStandby(tree, StandbyState.STARTING);
            delayNs *= 2;
        }
        assertEquals(DaemonState.READY, tree.state(1));
        assertEquals(0, word(tree, BoardWord.RESTARTS));
    }

    @Test
    void aStandbyThatIsNeverWarmIsKilled() {
        final LoopTree tree = starting();
        tree.turnFor(LoopTree.START_TIMEOUT_NS + SECOND_NS);
        assertTrue(os.signals.get(0).startsWith("SIGKILL"), os.signals.toString());
        assertEquals(1, word(tree, BoardWord.STANDBY_DEATHS));
        assertEquals(DaemonState.READY, tree.state(1));
    }

    @Test
    void aStandbyThatTakesTimeToDieIsKilledOnceAndSoIsTheNext() {
        final LoopTree tree = starting();
        os.killsTakeTime = true;
        for (int i = 1; i <= 2; i++) {
            final long pid = tree.standby(1).pid();
            os.signals.clear();
            tree.turnFor(LoopTree.START_TIMEOUT_NS + SECOND_NS);
            assertEquals(
                    1,
                    os.signals.stream().filter(("SIGKILL " + pid)::equals).count(),
                    os.signals.toString());
            assertEquals(i - 1, word(tree, BoardWord.STANDBY_DEATHS));
            tree.dieStandby(1, KILLED);
            tree.turnFor(SECOND_NS);
            assertEquals(i, word(tree, BoardWord.STANDBY_DEATHS));
        }
    }

    @Test
    void aStandbyThatCannotBeStartedIsTriedAgain() {
        final boolean[] refuses = {false};
        final LoopTree tree =
                new LoopTree(
                        folder,
                        os,
                        os.waitPoint,
                        () -> {
                            if (refuses[0]) {
                                throw new IOException("error=11, Resource temporarily unavailable");
                            }
                            return os.start();
                        },
                        0,
                        0,
                        LoopTree.withStandby(
                                LoopTree.daemon(1, true, List.of()), RestartPolicy.ON_FAILURE));
        tree.turn();
        tree.sayReady(1);
        refuses[0] = true;
        turn(tree);
        turn(tree);
        assertStandby(tree, StandbyState.NONE);
        refuses[0] = false;
        tree.turn(SECOND_NS);
        assertStandby(tree, StandbyState.STARTING);
        assertEquals(DaemonState.READY, tree.state(1));
    }

    @Test
    void stopEndsTheStandbyFirstAndWaitsForBoth() {
        final LoopTree tree = warm();
        final long standby = tree.standby(1).pid();
        assertEquals(Answer.ACCEPTED, tree.ask(Command.STOP, 0));
        assertEquals(List.of("SIGKILL " + standby), os.signals);
        assertEquals(DaemonState.STOPPING, tree.state(1));
        turn(tree);
        assertEquals(DaemonState.STOPPING, tree.state(1));
        tree.die(1, 0);
        turn(tree);
        assertEquals(DaemonState.DONE, tree.state(1));
        assertTrue(tree.loop.isEnded());
        assertEquals(0, word(tree, BoardWord.TAKEOVERS));
    }

    @Test
    void finishedWorkAndGivingUpWaitForTheStandbysDeath() {
        final LoopTree finished = warm();
        finished.finish(1);
        assertEndsBoth(finished, DaemonState.DONE);
        final LoopTree hopeless = warm();
        hopeless.die(1, ExitCodes.DO_NOT_RESTART);
        assertEndsBoth(hopeless, DaemonState.QUARANTINED);
    }

    @Test
    void takeoversUseUpTheBudget() {
        final LoopTree tree = warm();
        for (int death = 0; death < LoopTree.LIMIT; death++) {
            tree.die(1, KILLED);
            takeOver(tree);
        }
        tree.die(1, KILLED);
        assertEndsBoth(tree, DaemonState.QUARANTINED);
        assertEquals(LoopTree.LIMIT, word(tree, BoardWord.TAKEOVERS));
    }

    @Test
    void aHandoverNeedsAWarmStandbyAndCostsNothing() {
        final LoopTree tree = starting();
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.HANDOVER, 1));
        assertEquals(Answer.UNKNOWN, tree.ask(Command.HANDOVER, 2));
        tree.sayWarm(1);
        turn(tree);
        assertEquals(Answer.ACCEPTED, tree.ask(Command.HANDOVER, 1));
        assertEquals(1, word(tree, BoardWord.HANDOVER_EPOCH));
        assertEquals(DaemonState.READY, tree.state(1));
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.HANDOVER, 1), "twice at once");
        tree.die(1, 0);
        takeOver(tree);
        assertEquals(1, word(tree, BoardWord.TAKEOVERS));
        assertEquals(0, word(tree, BoardWord.RESTARTS));
        assertEquals(ExitClass.FINISHED.ordinal(), word(tree, BoardWord.EXIT_CLASS));
        assertEquals(List.of(), os.signals);
    }

    @Test
    void aHandoverThatTakesTooLongEndsInAKill() {
        final LoopTree tree = warm();
        tree.ask(Command.HANDOVER, 1);
        final long standby = tree.standby(1).pid();
        for (long ns = 0; ns <= LoopTree.STOP_TIMEOUT_NS; ns += SECOND_NS / 10) {
            tree.beat(1);
            tree.turn(SECOND_NS / 10);
        }
        turn(tree);
        assertEquals(standby, word(tree, BoardWord.PID));
        assertEquals(ExitClass.KILLED_BY_ROOT.ordinal(), word(tree, BoardWord.EXIT_CLASS));
    }

    private void assertEndsBoth(final LoopTree tree, final DaemonState end) {
        final long standby = tree.standby(1).pid();
        turn(tree);
        assertEquals(DaemonState.READY, tree.state(1), "not before the standby is gone");
        assertEquals("SIGKILL " + standby, os.signals.get(os.signals.size() - 1));
        assertEquals(0, word(tree, BoardWord.PID));
        turn(tree);
        assertEquals(end, tree.state(1));
        assertStandby(tree, StandbyState.NONE);
        assertFalse(tree.standby(1).isAlive());
    }

    /** After a death: the standby becomes the daemon, and the next one is warm. */
    private static void takeOver(final LoopTree tree) {
        tree.adoptStandby(1);
        turn(tree);
        tree.sayReady(1);
        turn(tree);
        tree.turn(SECOND_NS / 5);
        tree.sayWarm(1);
        turn(tree);
        assertStandby(tree, StandbyState.WARM);
    }

    private LoopTree starting() {
        final LoopTree tree = tree(RestartPolicy.ON_FAILURE);
        tree.startAll();
        turn(tree);
        assertStandby(tree, StandbyState.STARTING);
        return tree;
    }

    private LoopTree warm() {
        final LoopTree tree = starting();
        tree.sayWarm(1);
        turn(tree);
        return tree;
    }

    private LoopTree tree(final RestartPolicy policy) {
        return LoopTree.simulated(
                folder, os, LoopTree.withStandby(LoopTree.daemon(1, true, List.of()), policy));
    }

    private static void turn(final LoopTree tree) {
        tree.beat(1);
        tree.turn(1);
    }

    private static long word(final LoopTree tree, final BoardWord word) {
        return tree.board.reader().word(1, word);
    }

    private static void assertStandby(final LoopTree tree, final StandbyState state) {
        assertEquals(state, StandbyState.of(word(tree, BoardWord.STANDBY_STATE)));
    }
}
