package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.GroupPlan;
import io.coppice.pool.plan.GroupStrategy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group of the daemons 1, 2 and 3, each after the one before it, and 4 beside it. */
class GroupsTest {
    private static final int KILLED = 128 + 9;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private LoopTree tree;

    @Test
    void withRestStopsThoseBehindInReverseOrderAndStartsAllInOrderAgain() {
        start(GroupStrategy.REST);
        tree.die(1, KILLED);
        tree.turn();
        assertStates(DaemonState.WAITING, DaemonState.READY, DaemonState.STOPPING);
        assertTrue(tree.isAskedToStop(3));

        tree.die(3, 0);
        tree.turn();
        assertStates(DaemonState.WAITING, DaemonState.STOPPING, DaemonState.WAITING);

        tree.die(2, 0);
        tree.turn();
        assertStates(DaemonState.STARTING, DaemonState.WAITING, DaemonState.WAITING);
        readyInOrder(1, 2, 3);
        assertEpochs(2, 2, 2, 1);
        assertRestarts(1, 0, 0);
    }

    @Test
    void withRestLeavesThoseBeforeAlone() {
        start(GroupStrategy.REST);
        tree.die(2, KILLED);
        tree.turn();
        assertStates(DaemonState.READY, DaemonState.WAITING, DaemonState.STOPPING);
        tree.die(3, 0);
        tree.turn();
        readyInOrder(2, 3);
        assertEpochs(1, 2, 2, 1);

        tree.die(3, KILLED);
        tree.turn();
        assertStates(DaemonState.READY, DaemonState.READY, DaemonState.STARTING);
    }

    @Test
    void withAllStopsAllOthersAndStartsNoneBeforeTheLastIsDown() {
        start(GroupStrategy.ALL);
        tree.die(2, KILLED);
        tree.turn();
        assertStates(DaemonState.READY, DaemonState.WAITING, DaemonState.STOPPING);
        tree.die(3, 0);
        tree.turn();
        assertStates(DaemonState.STOPPING, DaemonState.WAITING, DaemonState.WAITING);
        tree.turn();
        assertStates(DaemonState.STOPPING, DaemonState.WAITING, DaemonState.WAITING);
        tree.die(1, 0);
        tree.turn();
        readyInOrder(1, 2, 3);
        assertEpochs(2, 2, 2, 1);
        assertRestarts(0, 1, 0);
    }

    @Test
    void withSelfNobodyFollows() {
        start(GroupStrategy.SELF);
        tree.die(1, KILLED);
        tree.turn();
        assertStates(DaemonState.STARTING, DaemonState.READY, DaemonState.READY);
    }

    @Test
    void aMemberThatDoesNotStopIsKilledAndThatIsNoDeathOfIts() {
        start(GroupStrategy.REST);
        tree.die(2, KILLED);
        tree.turn();
        tree.turnFor(LoopTree.STOP_TIMEOUT_NS + 1);
        assertEquals(List.of("SIGKILL 1003"), os.signals);
        tree.turn();
        readyInOrder(2, 3);
        assertRestarts(0, 1, 0);
        assertEquals(List.of(), tree.board.reader().deaths(3));
    }

    @Test
    void twoThatDieTogetherComeBackOnce() {
        start(GroupStrategy.ALL);
        tree.die(1, KILLED);
        tree.die(3, KILLED);
        tree.turn();
        assertStates(DaemonState.WAITING, DaemonState.STOPPING, DaemonState.WAITING);
        tree.die(2, KILLED);
        tree.turn();
        readyInOrder(1, 2, 3);
        assertEpochs(2, 2, 2, 1);
        assertRestarts(1, 0, 1);
    }

    @Test
    void onlyTheBudgetOfTheOneThatDiesIsUsedUpAndItsQuarantineKeepsTheOthersDown() {
        start(GroupStrategy.ALL);
        exhaust(2);
        assertEquals(DaemonState.QUARANTINED, tree.state(2));
        stopAsked();
        assertStates(DaemonState.WAITING, DaemonState.QUARANTINED, DaemonState.WAITING);
        assertEquals(DaemonState.READY, tree.state(4));
        tree.turn(60 * SECOND_NS);
        assertStates(DaemonState.WAITING, DaemonState.QUARANTINED, DaemonState.WAITING);
        assertRestarts(0, LoopTree.LIMIT, 0);

        assertEquals(Answer.ACCEPTED, tree.ask(Command.RELEASE, 2));
        tree.turn();
        readyInOrder(1, 2, 3);
    }

    @Test
    void aQuarantineLeavesThoseBeforeItRunningWithRest() {
        start(GroupStrategy.REST);
        exhaust(2);
        stopAsked();
        assertStates(DaemonState.READY, DaemonState.QUARANTINED, DaemonState.WAITING);
        assertEquals(1, tree.daemons[0].epoch());
    }

    @Test
    void theTreeIsFailedWhereASignificantMemberIsHeldDownByAnother() {
        for (final GroupStrategy with :
                new GroupStrategy[] {GroupStrategy.ALL, GroupStrategy.REST}) {
            start(with, 3);
            exhaust(2);
            stopAsked();
            tree.turn();
            assertEquals(TreeState.FAILED, tree.treeState(), with.name());
            tree.ask(Command.RELEASE, 2);
            tree.turn();
            assertEquals(TreeState.RUNNING, tree.treeState(), with.name());
        }
        start(GroupStrategy.REST, 1);
        exhaust(2);
        stopAsked();
        tree.turn();
        assertEquals(TreeState.RUNNING, tree.treeState(), "the first goes on");
    }

    @Test
    void aRestartOnRequestTakesTheOthersWithIt() {
        start(GroupStrategy.ALL);
        assertEquals(Answer.ACCEPTED, tree.ask(Command.RESTART, 1));
        stopAsked();
        tree.turn();
        readyInOrder(1, 2, 3);
        assertEpochs(2, 2, 2, 1);
        assertRestarts(0, 0, 0);
    }

    @Test
    void aMemberThatHasFinishedStaysDoneAndThoseBehindItComeBackWithoutIt() {
        start(GroupStrategy.ALL);
        tree.finish(1);
        tree.turn();
        assertStates(DaemonState.DONE, DaemonState.READY, DaemonState.READY);

        tree.die(2, KILLED);
        tree.turn();
        stopAsked();
        tree.turn();
        readyInOrder(2, 3);
        assertEquals(DaemonState.DONE, tree.state(1));
    }

    @Test
    void theEndOfTheTreeOvertakesAGroupThatIsTakenDown() {
        start(GroupStrategy.ALL);
        tree.die(1, KILLED);
        tree.turn();
        tree.ask(Command.STOP, 0);
        for (int turn = 0; turn < 10 && !tree.loop.isEnded(); turn++) {
            stopAsked();
            tree.turn();
        }
        assertTrue(tree.loop.isEnded());
        assertEpochs(1, 1, 1, 1);
    }

    private void start(final GroupStrategy with) {
        start(with, 4);
    }

    private void start(final GroupStrategy with, final int significant) {
        tree =
                new LoopTree(
                        folder,
                        os,
                        os.waitPoint,
                        os::start,
                        0,
                        0,
                        List.of(new GroupPlan("line", with, List.of(1, 2, 3))),
                        LoopTree.daemon(1, significant == 1, List.of()),
                        LoopTree.daemon(2, significant == 2, List.of(1)),
                        LoopTree.daemon(3, significant == 3, List.of(2)),
                        LoopTree.daemon(4, significant == 4, List.of(3)));
        tree.startAll();
        assertStates(DaemonState.READY, DaemonState.READY, DaemonState.READY);
    }

    /** Has everybody who is asked to stop do so, until nobody is. */
    private void stopAsked() {
        boolean any = true;
        while (any) {
            any = false;
            for (int slot = 1; slot <= 4; slot++) {
                if (tree.state(slot) == DaemonState.STOPPING) {
                    tree.die(slot, 0);
                    any = true;
                }
            }
            if (any) {
                tree.turn(1);
            }
        }
    }

    /** Has a daemon die whenever it is there, until it is quarantined. */
    private void exhaust(final int slot) {
        for (int turn = 0; turn < 10_000 && tree.state(slot) != DaemonState.QUARANTINED; turn++) {
            stopAsked();
            for (int each = 1; each <= 4; each++) {
                if (each != slot && tree.state(each) == DaemonState.STARTING) {
                    tree.sayReady(each);
                }
            }
            if (tree.state(slot) == DaemonState.STARTING || tree.state(slot) == DaemonState.READY) {
                tree.die(slot, 1);
            }
            tree.turn(SECOND_NS / 100);
        }
        assertEquals(DaemonState.QUARANTINED, tree.state(slot));
    }

    /** Each of them is STARTING only when the one before is ready. */
    private void readyInOrder(final int... slots) {
        for (int i = 0; i < slots.length; i++) {
            for (int later = i; later < slots.length; later++) {
                assertEquals(
                        later == i ? DaemonState.STARTING : DaemonState.WAITING,
                        tree.state(slots[later]),
                        "daemon " + slots[later]);
            }
            tree.sayReady(slots[i]);
            tree.turn();
            assertEquals(DaemonState.READY, tree.state(slots[i]));
        }
    }

    private void assertStates(final DaemonState... states) {
        for (int slot = 1; slot <= states.length; slot++) {
            assertEquals(states[slot - 1], tree.state(slot), "daemon " + slot);
        }
    }

    private void assertEpochs(final long... epochs) {
        for (int slot = 1; slot <= epochs.length; slot++) {
            assertEquals(epochs[slot - 1], tree.daemons[slot - 1].epoch(), "daemon " + slot);
        }
    }

    private void assertRestarts(final long... restarts) {
        for (int slot = 1; slot <= restarts.length; slot++) {
            assertEquals(
                    restarts[slot - 1],
                    tree.board.reader().word(slot, BoardWord.RESTARTS),
                    "daemon " + slot);
        }
    }
}
