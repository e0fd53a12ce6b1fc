package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.RestartPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Raises every event in every state at a daemon that got there as daemons do, and looks whether it
 * did what the table says: the state on the board, the process, the signals.
 */
class SupervisionCellsTest {
    @TempDir Path folder;

    private SimulatedSystem os;
    private LoopTree tree;
    private boolean refuses;

    @Test
    void everyCellDoesWhatItSays() {
        int cells = 0;
        for (final DaemonState state : DaemonState.values()) {
            for (final DaemonEvent event : DaemonEvent.values()) {
                final DaemonAction action = Supervision.action(state, event);
                reach(state, action == DaemonAction.TAKE_OVER);
                if (action != DaemonAction.TAKE_OVER || state == DaemonState.READY) {
                    check(state, event);
                } else {
                    // A standby is only started beside a daemon that is ready.
                    assertEquals(0, tree.board.reader().word(1, BoardWord.STANDBY_EPOCH));
                }
                cells++;
            }
        }
        assertEquals(DaemonState.values().length * DaemonEvent.values().length, cells);
    }

    @Test
    void afterAStopThatWasARestartItWaitsForItsStart() {
        for (final DaemonEvent death : DaemonEvent.values()) {
            if (death.name().startsWith("DIED_")) {
                reach(DaemonState.READY, false);
                daemon().on(DaemonEvent.RESTART, tree.nowNs);
                daemon().on(death, tree.nowNs);
                assertEquals(DaemonState.WAITING, tree.state(1), death.name());
            }
        }
    }

    private void check(final DaemonState state, final DaemonEvent event) {
        final String where = state + " " + event;
        final DaemonAction action = Supervision.action(state, event);
        final long epoch = daemon().epoch();
        final long standby = tree.board.reader().word(1, BoardWord.STANDBY_EPOCH);
        final int signals = os.signals.size();

        final boolean taken = daemon().on(event, tree.nowNs);

        assertEquals(action != DaemonAction.REFUSE, taken, where);
        assertEquals(after(action, state), tree.state(1), where);
        assertEquals(tree.state(1), daemon().state(), where);
        assertEquals(
                action == DaemonAction.TAKE_OVER
                        ? standby
                        : epoch + (action == DaemonAction.SPAWN ? 1 : 0),
                daemon().epoch(),
                where);
        assertEquals(
                action == DaemonAction.KILL ? List.of("SIGKILL " + daemon().pid()) : List.of(),
                os.signals.subList(signals, os.signals.size()),
                where);
        if (action == DaemonAction.FINISH) {
            assertEquals(event == DaemonEvent.DIED_FINISHED, daemon().isFinished(), where);
        }
        if (action == DaemonAction.ASK_TO_STOP || action == DaemonAction.ASK_TO_RESTART) {
            assertTrue(tree.isAskedToStop(1), where);
        }
        if (action == DaemonAction.ASK_TO_HAND_OVER) {
            assertEquals(epoch, tree.board.reader().word(1, BoardWord.HANDOVER_EPOCH), where);
        }
        if (action == DaemonAction.TAKE_OVER) {
            assertEquals(0, tree.board.reader().word(1, BoardWord.STANDBY_PID), where);
            assertEquals(1, tree.board.reader().word(1, BoardWord.TAKEOVERS), where);
        }
        if (action == DaemonAction.SPAWN || action == DaemonAction.TAKE_OVER) {
            assertTrue(tree.board.reader().word(1, BoardWord.PID) > 0, where);
        }
    }

    private static DaemonState after(final DaemonAction action, final DaemonState state) {
        switch (action) {
            case SPAWN:
            case TAKE_OVER:
                return DaemonState.STARTING;
            case SERVE:
                return DaemonState.READY;
            case WAIT:
                return DaemonState.WAITING;
            case BACK_OFF:
                return DaemonState.BACKING_OFF;
            case QUARANTINE:
                return DaemonState.QUARANTINED;
            case FINISH:
            case AFTER_STOP:
                return DaemonState.DONE;
            case ASK_TO_STOP:
            case ASK_TO_RESTART:
                return DaemonState.STOPPING;
            default:
                return state;
        }
    }

    private void reach(final DaemonState state, final boolean withStandby) {
        os = new SimulatedSystem();
        refuses = state == DaemonState.BACKING_OFF;
        final DaemonPlan plan = LoopTree.daemon(1, false, List.of());
        tree =
                new LoopTree(
                        folder,
                        os,
                        os.waitPoint,
                        this::process,
                        0,
                        0,
                        withStandby ? LoopTree.withStandby(plan, RestartPolicy.ON_FAILURE) : plan);
        if (state != DaemonState.WAITING) {
            tree.turn();
        }
        switch (state) {
            case WAITING:
            case STARTING:
            case BACKING_OFF:
                break;
            case STOPPING:
                tree.startAll();
                tree.ask(Command.STOP, 0);
                break;
            case QUARANTINED:
                die(100);
                break;
            case DONE:
                tree.startAll();
                tree.finish(1);
                tree.turn();
                break;
            default:
                tree.startAll();
                break;
        }
        refuses = false;
        assertEquals(state, tree.state(1));
    }

    private void die(final int status) {
        tree.die(1, status);
        tree.turn();
    }

    private Process process() throws IOException {
        if (refuses) {
            throw new IOException("error=11, of a test");
        }
        return os.start();
    }

    private DaemonSlot daemon() {
        return tree.daemons[0];
    }
}
