package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A turn that throws in the middle of something, as where a store to the board does. */
class FailedTurnTest {
    private static final int KILLED = 128 + 9;
    private static final int TURNS = 50;

    @TempDir Path folder;

    private SimulatedSystem os = new SimulatedSystem();

    @AfterEach
    void nothingIsBroken() {
        RootStep.broken = null;
    }

    @Test
    void aProcessWhoseStartWasCutIsEndedBeforeThereIsAnother() throws IOException {
        for (final RootStep step :
                List.of(
                        RootStep.EPOCH_STORED,
                        RootStep.SPAWNED,
                        RootStep.START_TIME_STORED,
                        RootStep.PID_STORED,
                        RootStep.STARTING_STORED)) {
            final LoopTree tree = tree(LoopTree.daemon(1, true, List.of()));
            fail(tree, step);
            awaitReady(tree, step);
            assertEquals(1, os.living(), step.name());
            assertEquals(1, os.waitPoint.tokens(), step + ": one at a time");
        }
    }

    @Test
    void aDeathWhoseAnswerWasCutIsAnsweredAllTheSame() throws IOException {
        for (final RootStep step :
                List.of(
                        RootStep.DEATH_SEEN,
                        RootStep.EXIT_STORED,
                        RootStep.PID_CLEARED,
                        RootStep.DEATH_JUDGED,
                        RootStep.RESTARTS_STORED,
                        RootStep.DEATH_ANSWERED)) {
            final LoopTree tree = tree(LoopTree.daemon(1, true, List.of()));
            tree.startAll();
            tree.die(1, KILLED);
            fail(tree, step);
            awaitReady(tree, step);
            assertEquals(1, os.living(), step.name());
            assertEquals(1, word(tree, BoardWord.RESTARTS), step + ": counted once");
            assertEquals(2, tree.daemons[0].epoch(), step.name());
        }
    }

    @Test
    void aTakeoverThatWasCutIsEndedAndTheDaemonStartedAnew() throws IOException {
        for (final RootStep step :
                List.of(
                        RootStep.DEATH_JUDGED,
                        RootStep.TAKEOVER_EPOCH_STORED,
                        RootStep.TAKEOVER_PID_STORED,
                        RootStep.TAKEOVER_STORED)) {
            final LoopTree tree = warm();
            tree.die(1, KILLED);
            fail(tree, step);
            awaitReady(tree, step);
            turn(tree, 1);
            assertEquals(2, os.living(), step + ": the daemon and its standby");
        }
    }

    @Test
    void stopAtOnceWaitsForAStandbyThatDiesAfterItsDaemon() throws IOException {
        final LoopTree tree = warm();
        os.waitPoint.untold = tree.standby(1).pid();
        assertEquals(Answer.ACCEPTED, tree.ask(Command.STOP_AT_ONCE, 0));
        assertEquals(0, os.living());
        tree.turn();
        tree.turnFor(LoopTree.STOP_TIMEOUT_NS + LoopTree.SECOND_NS);
        assertEquals(DaemonState.STOPPING, tree.state(1));
        assertEquals(RootLoop.WAIT_NS_MAX, tree.loop.waitNs(tree.nowNs), "nothing is due");
        os.waitPoint.untold = 0;
        tree.turn();
        assertTrue(tree.loop.isEnded());
    }

    @Test
    void deathsAreLookedForAfterATurnThatFailedToo() throws IOException {
        final LoopTree tree = tree(LoopTree.daemon(1, true, List.of()));
        tree.loop.lookAfter(
                new Spawner(folder) {
                    @Override
                    void step(final long nowNs) {
                        if (os.waitPoint.waits == 0) {
                            throw new IllegalStateException("it needs the news of a death");
                        }
                    }
                });
        tree.loop.requestStop();
        assertEquals(TreeState.STOPPED, tree.loop.run());
    }

    private LoopTree tree(final DaemonPlan plan) throws IOException {
        os = new SimulatedSystem();
        return LoopTree.simulated(Files.createTempDirectory(folder, "tree"), os, plan);
    }

    private LoopTree warm() throws IOException {
        final LoopTree tree =
                tree(
                        LoopTree.withStandby(
                                LoopTree.daemon(1, true, List.of()), RestartPolicy.ON_FAILURE));
        tree.startAll();
        turn(tree, 1);
        tree.sayWarm(1);
        turn(tree, 1);
        return tree;
    }

    private static void fail(final LoopTree tree, final RootStep step) {
        RootStep.broken = step;
        assertThrows(InternalError.class, () -> turn(tree, 1), step.name());
    }

    /** A process says that it is ready once it has found itself on the board. */
    private static void awaitReady(final LoopTree tree, final RootStep step) {
        for (int i = 0; i < TURNS; i++) {
            turn(tree, LoopTree.SECOND_NS / 10);
            if (tree.state(1) == DaemonState.READY && tree.daemons[0].pid() != 0) {
                return;
            }
            if (tree.state(1) == DaemonState.STARTING
                    && word(tree, BoardWord.PID) == tree.daemons[0].pid()
                    && word(tree, BoardWord.EPOCH) == tree.daemons[0].epoch()) {
                tree.sayReady(1);
            }
        }
        throw new AssertionError(step + ": " + tree.state(1));
    }

    private static void turn(final LoopTree tree, final long laterNs) {
        tree.beat(1);
        tree.turn(laterNs);
    }

    private static long word(final LoopTree tree, final BoardWord word) {
        return tree.board.reader().word(1, word);
    }
}
