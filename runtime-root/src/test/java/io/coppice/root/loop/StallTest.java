package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.plan.RestartPolicy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stall of the whole machine, root included, uses up nobody's time. */
class StallTest {
    private static final long HOUR_NS = 3600 * SECOND_NS;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void whoStartsHasItsTimeAllTheSame() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertIsKilledLate(tree, LoopTree.START_TIMEOUT_NS, 1001);
    }

    @Test
    void whoStopsHasItsTimeAllTheSame() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.startAll();
        tree.ask(Command.STOP, 0);
        assertEquals(DaemonState.STOPPING, tree.state(1));
        assertIsKilledLate(tree, LoopTree.STOP_TIMEOUT_NS, 1001);
    }

    @Test
    void aStandbyThatStartsHasItsTimeAllTheSame() {
        assertIsKilledLate(starting(), LoopTree.START_TIMEOUT_NS, 1002);
    }

    @Test
    void aHandoverHasItsTimeAllTheSame() {
        final LoopTree tree = starting();
        tree.sayWarm(1);
        turn(tree, 1);
        assertEquals(Answer.ACCEPTED, tree.ask(Command.HANDOVER, 1));
        assertIsKilledLate(tree, LoopTree.STOP_TIMEOUT_NS, 1001);
    }

    private LoopTree starting() {
        final LoopTree tree =
                LoopTree.simulated(
                        folder,
                        os,
                        LoopTree.withStandby(
                                LoopTree.daemon(1, true, List.of()), RestartPolicy.ON_FAILURE));
        tree.startAll();
        turn(tree, 1);
        assertEquals(
                StandbyState.STARTING,
                StandbyState.of(tree.board.reader().word(1, BoardWord.STANDBY_STATE)));
        return tree;
    }

    /** Of the stall one late turn counts, and the rest of the time is there when it is over. */
    private void assertIsKilledLate(final LoopTree tree, final long timeoutNs, final long pid) {
        turn(tree, HOUR_NS);
        assertEquals(List.of(), os.signals);
        final long mostNs = timeoutNs - 2 * RootLoop.WAIT_NS_MAX;
        tree.turnFor(mostNs - SECOND_NS / 5);
        assertEquals(List.of(), os.signals);
        tree.turnFor(2 * SECOND_NS / 5);
        assertEquals("SIGKILL " + pid, os.signals.get(0));
    }

    private static void turn(final LoopTree tree, final long laterNs) {
        tree.beat(1);
        tree.turn(laterNs);
    }
}
