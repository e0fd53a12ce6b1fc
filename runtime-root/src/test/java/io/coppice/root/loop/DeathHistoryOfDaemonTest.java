package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.RecoveryWord;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Death;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.QuarantineReason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the board remembers of a daemon's deaths, and of why it is quarantined. */
class DeathHistoryOfDaemonTest {
    private static final int KILLED = 128 + 9;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void everyDeathThatNobodyAskedForIsRememberedUntilTheQuarantineAndAfterTheRelease() {
        final LoopTree tree = tree();
        tree.startAll();
        for (final int status : new int[] {KILLED, 1, 3, 7}) {
            readyAgain(tree);
            tree.die(1, status);
            tree.turn();
        }
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        assertEquals(QuarantineReason.TOO_MANY_DEATHS, reason(tree));
        assertEquals(
                List.of(ExitClass.SIGNAL, ExitClass.CODE, ExitClass.OUT_OF_MEMORY, ExitClass.CODE),
                classes(tree));
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                tree.board.reader().deaths(1).stream().map(Death::epoch).toList());

        tree.ask(Command.RELEASE, 1);
        assertEquals(QuarantineReason.NONE, reason(tree));
        readyAgain(tree);
        tree.ask(Command.RESTART, 1);
        tree.die(1, 0);
        tree.turn();
        assertEquals(4, classes(tree).size(), "an end that was asked for is no death");
    }

    @Test
    void theReasonOfAQuarantineIsOnTheBoard() {
        final LoopTree tree = tree();
        tree.startAll();
        tree.die(1, 100);
        tree.turn();
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        assertEquals(QuarantineReason.DO_NOT_RESTART, reason(tree));
        tree.ask(Command.RESTART, 1);
        assertEquals(QuarantineReason.NONE, reason(tree));
    }

    @Test
    void aSigkillIsTheKernelsForMemoryOnlyWhereTheKernelHasCountedOne() {
        final LoopTree tree = tree();
        tree.startAll();
        tree.countOutOfMemoryKills(1);
        tree.die(1, 1);
        tree.turn();
        readyAgain(tree);
        tree.die(1, KILLED);
        tree.turn();
        readyAgain(tree);
        tree.die(1, KILLED);
        tree.turn();

        assertEquals(
                List.of(ExitClass.CODE, ExitClass.OOM_KILLED, ExitClass.SIGNAL), classes(tree));
    }

    @Test
    void aKillOfTheKernelDuringRecoverySaysNothingAgainstTheArena() {
        final LoopTree tree = tree();
        tree.turn();
        tree.arenas[0].putLongRelease(
                ArenaLayout.RECOVERY, RecoveryWord.begun(tree.daemons[0].epoch()));
        tree.countOutOfMemoryKills(1);
        tree.die(1, KILLED);
        tree.turn();

        assertEquals(List.of(ExitClass.OOM_KILLED), classes(tree));
        assertEquals(0, tree.board.reader().word(1, BoardWord.FAILED_RECOVERIES));
    }

    private LoopTree tree() {
        return LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
    }

    private static void readyAgain(final LoopTree tree) {
        for (int turn = 0; turn < 1_000 && tree.state(1) != DaemonState.READY; turn++) {
            tree.turn(SECOND_NS / 100);
            if (tree.state(1) == DaemonState.STARTING) {
                tree.sayReady(1);
            }
        }
        assertEquals(DaemonState.READY, tree.state(1));
    }

    private static QuarantineReason reason(final LoopTree tree) {
        return QuarantineReason.of(tree.board.reader().word(1, BoardWord.QUARANTINE));
    }

    private static List<ExitClass> classes(final LoopTree tree) {
        return tree.board.reader().deaths(1).stream().map(Death::exitClass).toList();
    }
}
