package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload up to the point of no return, and back from there. */
class PlanReloadTest {
    private static final long WRITER = 4711;
    private static final int MAIL_SLOT = 3;
    private static final long REQUEST = 9;
    private static final long LARGER = 512 * 1024;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private LoopTree tree;
    private TreePlan plan;
    private PlanReload reload;

    @BeforeEach
    void start() {
        tree =
                LoopTree.simulated(
                        folder,
                        os,
                        LoopTree.daemon(1, false, List.of()),
                        LoopTree.daemon(2, false, List.of()));
        tree.startAll();
        plan = tree.board.reader().plan();
        reload =
                new PlanReload(
                        RunDirectory.at(folder),
                        os,
                        tree.board,
                        tree.daemons,
                        folder.resolve("own"),
                        false);
    }

    @Test
    void whatIsNoPlanForThisTreeIsRefusedAndNothingStops() throws IOException {
        assertEquals(Answer.UNKNOWN, begin(), "no file");
        assertEquals(Answer.UNKNOWN, reload.begin(-1, MAIL_SLOT, REQUEST));
        Files.createDirectory(draft());
        assertEquals(Answer.UNKNOWN, begin());
        Files.delete(draft());

        final byte[] whole = PlanCodec.encode(changed());
        for (int length = 0; length < whole.length; length += 3) {
            Files.write(draft(), Arrays.copyOf(whole, length));
            assertEquals(Answer.REFUSED, begin(), "cut off at " + length);
        }
        Files.write(draft(), new byte[(int) tree.board.reader().planRoom() + 1]);
        assertEquals(Answer.REFUSED, begin(), "too long");
        write(new TreePlan("other", 0, 0, plan.daemons()));
        assertEquals(Answer.REFUSED, begin(), "of another tree");
        write(tree(plan.daemon(1), plan.daemon(1)));
        assertEquals(Answer.REFUSED, begin(), "two in a slot");
        write(tree(LoopTree.daemon(tree.board.reader().daemons() + 1, false, List.of())));
        assertEquals(Answer.REFUSED, begin(), "beyond the board");
        assertUntouched();
    }

    @Test
    void whereThereIsNoRoomNothingIsLeftBehind() throws IOException {
        write(changed());
        os.full = true;
        assertEquals(Answer.REFUSED, begin());
        assertUntouched();
        assertFalse(Files.exists(folder.resolve("daemon3.arena")));
    }

    @Test
    void aSecondOneIsRefusedAndAStopOfTheTreeEndsTheFirst() throws IOException {
        write(changed());
        assertEquals(Answer.ACCEPTED, begin());
        assertEquals(Answer.WRONG_STATE, begin());
        reload.abandon();
        assertEquals(Answer.REFUSED, answer());
        assertFalse(Files.exists(draft()));
    }

    @Test
    void whereTheKernelRefusesTheTreeGoesOnAsItWas() throws IOException {
        write(changed());
        assertEquals(Answer.ACCEPTED, begin());
        assertTrue(Files.exists(folder.resolve("daemon3.arena")));
        reload.step(tree.nowNs);
        assertEquals(DaemonState.STOPPING, tree.state(2));
        assertEquals(DaemonState.READY, tree.state(1), "it does not change");
        tree.die(2, 0);
        tree.turn();
        assertEquals(DaemonState.DONE, tree.state(2));

        reload.step(tree.nowNs);
        assertEquals(Answer.REFUSED, answer());
        assertFalse(Files.exists(draft()));
        assertFalse(Files.exists(folder.resolve("own")));
        assertFalse(Files.exists(folder.resolve("daemon3.arena")));
        assertEquals(plan.daemon(2).memoryBytes(), Files.size(folder.resolve("daemon2.arena")));
        assertEquals(DaemonState.WAITING, tree.state(2));
        tree.startAll();
        assertEquals(DaemonState.READY, tree.state(2));
        assertEquals(plan, tree.board.reader().plan());
        write(changed());
        assertEquals(Answer.ACCEPTED, begin(), "it may be tried again");
    }

    @Test
    void whoWasUpgradedGoesOnWhereTheManifestSaysNothingElseAboutIt() throws IOException {
        final DaemonPlan upgraded =
                plan.daemon(1).commanded(List.of("java", "-cp", "new.jar", "Main"), List.of());
        write(tree(upgraded, plan.daemon(2)));
        assertEquals(Answer.ACCEPTED, tree.ask(Command.UPGRADE, 1, 0, WRITER));
        tree.turn();
        tree.sayWarm(1);
        tree.turn();
        tree.turn();
        tree.die(1, 0);
        tree.turn();
        tree.sayReady(1);
        tree.turn();
        assertFalse(tree.board.reader().isUpgrading());
        assertEquals(upgraded, tree.board.reader().plan().daemon(1));

        write(
                tree(
                        upgraded,
                        plan.daemon(2).rehearsing(LARGER, OnCrash.RESUME, List.of()),
                        LoopTree.daemon(3, false, List.of())));
        assertEquals(Answer.ACCEPTED, begin());
        reload.step(tree.nowNs);
        assertEquals(DaemonState.STOPPING, tree.state(2));
        tree.die(2, 0);
        tree.turn();
        reload.step(tree.nowNs);
        assertFalse(tree.isAskedToStop(1));
        assertEquals(DaemonState.READY, tree.state(1));
        assertEquals(Answer.REFUSED, answer(), "this system cannot begin anew");
        tree.startAll();

        write(changed());
        assertEquals(Answer.ACCEPTED, begin());
        reload.step(tree.nowNs);
        tree.die(2, 0);
        tree.turn();
        reload.step(tree.nowNs);
        assertTrue(tree.isAskedToStop(1), "the manifest has gone back to the jars before");
    }

    @Test
    void aStopThatIsAskedForInTheLastTurnIsNotForgottenByBeginningAnew() throws IOException {
        final boolean[] stop = {false};
        reload.heed(() -> stop[0]);
        write(changed());
        assertEquals(Answer.ACCEPTED, begin());
        reload.step(tree.nowNs);
        tree.die(2, 0);
        tree.turn();

        stop[0] = true;
        reload.step(tree.nowNs);
        assertFalse(reload.isUnderWay());
        assertEquals(Answer.REFUSED, answer());
        assertEquals(DaemonState.DONE, tree.state(2), "nothing is started for a tree that stops");
        assertFalse(Files.exists(draft()));
        assertFalse(Files.exists(folder.resolve("own")));
        assertFalse(Files.exists(folder.resolve("daemon3.arena")));
        assertEquals(plan.daemon(2).memoryBytes(), Files.size(folder.resolve("daemon2.arena")));
    }

    private void assertUntouched() {
        reload.step(tree.nowNs);
        tree.turn();
        for (int slot = 1; slot <= 2; slot++) {
            assertEquals(DaemonState.READY, tree.state(slot));
            assertFalse(tree.isAskedToStop(slot));
        }
    }

    /** The second daemon is larger, and there is a third one. */
    private TreePlan changed() {
        return tree(
                plan.daemon(1),
                plan.daemon(2).rehearsing(LARGER, OnCrash.RESUME, List.of()),
                LoopTree.daemon(3, false, List.of()));
    }

    private static TreePlan tree(final DaemonPlan... daemons) {
        return new TreePlan("test", 0, 0, List.of(daemons));
    }

    private Answer begin() {
        return reload.begin(WRITER, MAIL_SLOT, REQUEST);
    }

    private Answer answer() {
        final long word = tree.board.reader().answer(MAIL_SLOT);
        assertTrue(Answer.isFor(word, REQUEST));
        return Answer.of(word);
    }

    private void write(final TreePlan wanted) throws IOException {
        Files.write(draft(), PlanCodec.encode(wanted));
    }

    private Path draft() {
        return RunDirectory.at(folder).planOf(WRITER);
    }
}
