package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.RecoveryWord;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.board.SetAside;
import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which deaths count as failed recoveries, and what root does at the limit of them. */
class SetAsideTest {
    private static final int KILLED = 128 + 9;
    private static final int STATE = ArenaLayout.FIXED_OFFSET + 8192;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private Path arena;
    private Path aside;

    @BeforeEach
    void names() {
        arena = folder.resolve("daemon1.arena");
        aside = folder.resolve("daemon1.arena.quarantined");
    }

    @Test
    void atTheLimitTheArenaGetsAnotherNameAndTheDaemonAFreshOne() throws IOException {
        final LoopTree tree = two();
        final Memory old = tree.arenas[0];
        old.putLong(STATE, 42);
        old.putLong(ArenaLayout.OWNER, 4711);
        for (int failed = 1; failed < LoopTree.RECOVERY_LIMIT; failed++) {
            fail(tree, ExitCodes.RECOVERY_FAILED);
            assertFailures(tree, failed, SetAside.NONE);
            assertFalse(Files.exists(aside));
        }
        assertEquals(ExitClass.RECOVERY_FAILED, lastExit(tree));
        fail(tree, ExitCodes.RECOVERY_FAILED);

        assertFailures(tree, 0, SetAside.DONE);
        final Memory fresh = tree.mapAnew(1);
        assertTrue(ArenaFile.isComplete(fresh));
        assertEquals(Files.size(aside), Files.size(arena));
        assertEquals(0, fresh.getLong(STATE));
        assertEquals(0, fresh.getLong(ArenaLayout.OWNER));
        assertEquals(0, fresh.getLong(ArenaLayout.SET_ASIDE));
        assertEquals(42, old.getLong(STATE));
        assertEquals(1, old.getLong(ArenaLayout.SET_ASIDE), "whoever maps it is told");
        assertFalse(Files.exists(folder.resolve("daemon1.arena.new")));
        starting(tree);
        tree.sayReady(1);
        tree.turn();
        assertEquals(DaemonState.READY, tree.state(1), "root looks at the fresh one");

        assertEquals(DaemonState.READY, tree.state(2));
        assertEquals(1, tree.daemons[1].epoch(), "the sibling goes on");
        assertEquals(List.of(), os.signals);
    }

    @Test
    void aDeathInTheMidstOfARecoveryCountsWhateverItsStatus() {
        final LoopTree tree = two();
        for (final int status : new int[] {KILLED, 70, 128 + 11}) {
            starting(tree);
            tree.arenas[0].putLong(ArenaLayout.RECOVERY, RecoveryWord.begun(epoch(tree)));
            tree.die(1, status);
            tree.turn();
            assertEquals(ExitClass.RECOVERY_FAILED, lastExit(tree), "status " + status);
        }
        assertTrue(Files.exists(aside));
    }

    @Test
    void whatRootOrAFullHeapEndsDoesNotCount() {
        final LoopTree tree = two();
        fail(tree, ExitCodes.RECOVERY_FAILED);

        starting(tree);
        tree.arenas[0].putLong(ArenaLayout.RECOVERY, RecoveryWord.begun(epoch(tree)));
        tree.daemons[0].killForChaos();
        tree.turn();
        assertEquals(ExitClass.KILLED_BY_ROOT, lastExit(tree));
        assertFailures(tree, 1, SetAside.NONE);

        starting(tree);
        tree.arenas[0].putLong(ArenaLayout.RECOVERY, RecoveryWord.begun(epoch(tree)));
        tree.turnFor(LoopTree.START_TIMEOUT_NS + 1);
        tree.turn();
        assertEquals(ExitClass.START_TIMEOUT, lastExit(tree));
        assertFailures(tree, 1, SetAside.NONE);

        starting(tree);
        tree.arenas[0].putLong(ArenaLayout.RECOVERY, RecoveryWord.begun(epoch(tree)));
        tree.die(1, ExitCodes.OUT_OF_MEMORY);
        tree.turn();
        assertEquals(ExitClass.OUT_OF_MEMORY, lastExit(tree));
        assertFailures(tree, 1, SetAside.NONE);
    }

    @Test
    void aDeathThatIsJudgedTwiceIsCountedOnceWhicheverRootDoesSo() {
        final LoopTree same = two();
        failAndCut(same, RootStep.RECOVERY_COUNTED);
        same.turn();
        assertFailures(same, 1, SetAside.NONE);

        final LoopTree dead = two();
        failAndCut(dead, RootStep.RECOVERY_COUNTED);
        final LoopTree next = dead.adopted(os, false);
        next.turn();
        assertFailures(next, 1, SetAside.NONE);
        failAndCut(next, RootStep.DEATH_JUDGED);
        assertFailures(next.adopted(os, false), 1, SetAside.NONE);
    }

    @Test
    void aRootThatDiesWhenItHasSetAnArenaAsideLeavesAFreshOneOfWhichNothingIsCounted() {
        final LoopTree tree = tree(LoopTree.recovering(plan(), 1, ""), sibling());
        failAndCut(tree, RootStep.RECOVERY_COUNTED);
        assertTrue(Files.exists(aside));
        tree.mapAnew(1);
        final LoopTree next = tree.adopted(os, false);
        next.turn();
        assertFailures(next, 0, SetAside.DONE);
        assertFalse(Files.exists(sibling(aside, ".2")));
        fail(next, ExitCodes.RECOVERY_FAILED);
        assertTrue(Files.exists(sibling(aside, ".2")), "one of its own counts");
    }

    /** Has the turn that sees a failed recovery end behind a step. */
    private static void failAndCut(final LoopTree tree, final RootStep step) {
        starting(tree);
        tree.die(1, ExitCodes.RECOVERY_FAILED);
        RootStep.broken = step;
        assertThrows(InternalError.class, tree::turn);
    }

    @Test
    void aRecoveryThatSucceedsBeginsTheCountAnew() {
        final LoopTree tree = two();
        fail(tree, ExitCodes.RECOVERY_FAILED);
        fail(tree, ExitCodes.RECOVERY_FAILED);
        starting(tree);
        tree.arenas[0].putLong(ArenaLayout.RECOVERY, RecoveryWord.done(epoch(tree)));
        tree.die(1, 70);
        tree.turn();
        assertFailures(tree, 0, SetAside.NONE);

        fail(tree, ExitCodes.RECOVERY_FAILED);
        starting(tree);
        tree.sayReady(1);
        tree.turn();
        assertFailures(tree, 0, SetAside.NONE);

        tree.die(1, ExitCodes.RECOVERY_FAILED);
        tree.turn();
        assertEquals(ExitClass.CODE, lastExit(tree), "it was ready: it has recovered");
        assertFailures(tree, 0, SetAside.NONE);
    }

    @Test
    void anotherLayoutIsTheOperatorsMatterAndNothingIsSetAside() {
        final LoopTree tree = two();
        for (int death = 0; tree.state(1) != DaemonState.QUARANTINED; death++) {
            assertTrue(death <= LoopTree.LIMIT, "the budget ends it");
            starting(tree);
            tree.arenas[0].putLong(ArenaLayout.RECOVERY, RecoveryWord.done(epoch(tree)));
            tree.die(1, ExitCodes.FAILED);
            tree.turn();
        }
        assertEquals(ExitClass.START_FAILURE, lastExit(tree));
        assertFalse(Files.exists(aside));
    }

    @Test
    void failuresBelowTheLimitUseUpNoRestartAndTheOneAtTheLimitUsesOne() {
        final LoopTree tree = tree(LoopTree.recovering(plan(), 2 * LoopTree.LIMIT, ""), sibling());
        for (int failed = 0; failed < 2 * LoopTree.LIMIT; failed++) {
            fail(tree, ExitCodes.RECOVERY_FAILED);
        }
        assertFailures(tree, 0, SetAside.DONE);
        tree.mapAnew(1);
        // The budget knows of the kill before them, and of the one at the limit.
        for (int death = 2; death < LoopTree.LIMIT; death++) {
            fail(tree, 1);
            assertFalse(tree.state(1) == DaemonState.QUARANTINED, "death " + death);
        }
        fail(tree, 1);
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
    }

    @Test
    void aLimitOfNoneSetsNothingAside() {
        final LoopTree tree = tree(LoopTree.recovering(plan(), 0, ""), sibling());
        // The kill before them is one that the budget knows.
        for (int death = 0; death < LoopTree.LIMIT; death++) {
            fail(tree, ExitCodes.RECOVERY_FAILED);
        }
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        assertFailures(tree, LoopTree.LIMIT, SetAside.NONE);
        assertFalse(Files.exists(aside));
    }

    @Test
    void withoutRoomTheDaemonIsQuarantinedWithItsArenaAndReleaseTriesAgain() throws IOException {
        final LoopTree tree = two();
        tree.arenas[0].putLong(STATE, 42);
        os.full = true;
        for (int failed = 0; failed < LoopTree.RECOVERY_LIMIT; failed++) {
            fail(tree, ExitCodes.RECOVERY_FAILED);
        }
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        assertFailures(tree, LoopTree.RECOVERY_LIMIT, SetAside.NO_SPACE);
        assertFalse(Files.exists(aside));
        assertFalse(Files.exists(folder.resolve("daemon1.arena.new")));
        assertEquals(42, tree.mapAnew(1).getLong(STATE));

        os.full = false;
        assertEquals(Answer.ACCEPTED, tree.ask(Command.RELEASE, 1));
        fail(tree, ExitCodes.RECOVERY_FAILED);
        assertFailures(tree, 0, SetAside.DONE);
        assertTrue(Files.exists(aside));
    }

    @Test
    void noMoreThanSomeAreKept() throws IOException {
        final LoopTree tree = two();
        for (int number = 1; number <= QuarantinedArenas.MOST; number++) {
            tree.arenas[0].putLong(STATE, number);
            for (int failed = 0; failed < LoopTree.RECOVERY_LIMIT; failed++) {
                fail(tree, ExitCodes.RECOVERY_FAILED);
            }
            tree.mapAnew(1);
            starting(tree);
            tree.sayReady(1);
            tree.turn(1);
            // Ready for so long that its deaths are forgotten.
            tree.nowNs += 100 * SECOND_NS;
            tree.die(1, KILLED);
            tree.turn();
        }
        assertEquals(
                List.of(aside, sibling(aside, ".2"), sibling(aside, ".3")),
                QuarantinedArenas.in(folder));
        assertEquals(QuarantinedArenas.in(folder), QuarantinedArenas.of(plan(), folder));
        tree.arenas[0].putLong(STATE, 99);
        for (int failed = 0; failed < LoopTree.RECOVERY_LIMIT; failed++) {
            fail(tree, ExitCodes.RECOVERY_FAILED);
        }
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        assertFailures(tree, LoopTree.RECOVERY_LIMIT, SetAside.TOO_MANY);
        assertEquals(99, tree.mapAnew(1).getLong(STATE));
        for (int number = 1; number <= QuarantinedArenas.MOST; number++) {
            final Path kept = QuarantinedArenas.in(folder).get(number - 1);
            assertEquals(number, MappedFile.readOnly(kept).getLong(STATE), "the first");
        }
    }

    @Test
    void anArenaOnDiskIsSetAsideThereAndTheFreshOneIsTrusted() throws IOException {
        final Path state = Files.createDirectory(folder.resolve("state"));
        Files.createSymbolicLink(arena, state.resolve("daemon1.arena"));
        final LoopTree tree = tree(LoopTree.recovering(plan(), 1, state.toString()), sibling());
        fail(tree, ExitCodes.RECOVERY_FAILED);

        assertFailures(tree, 0, SetAside.DONE);
        assertTrue(Files.exists(state.resolve("daemon1.arena.quarantined")));
        assertFalse(Files.exists(aside));
        assertTrue(Files.isSymbolicLink(arena));
        assertEquals(os.bootId, tree.mapAnew(1).getLong(ArenaLayout.BOOT_ID));
    }

    @Test
    void anArenaThatIsGoneIsMadeAgain() throws IOException {
        final LoopTree tree = two();
        Files.delete(arena);
        for (int failed = 0; failed < LoopTree.RECOVERY_LIMIT; failed++) {
            fail(tree, ExitCodes.RECOVERY_FAILED);
        }
        assertFailures(tree, 0, SetAside.DONE);
        assertTrue(ArenaFile.isComplete(tree.mapAnew(1)));
        assertFalse(Files.exists(aside));
    }

    private LoopTree two() {
        return tree(plan(), sibling());
    }

    /** Both ready, then the first killed. */
    private LoopTree tree(final DaemonPlan... plans) {
        final LoopTree tree = LoopTree.simulated(folder, os, plans);
        tree.startAll();
        tree.turn(20 * SECOND_NS);
        tree.beat(2);
        tree.die(1, KILLED);
        tree.turn();
        return tree;
    }

    private static DaemonPlan plan() {
        return LoopTree.daemon(1, true, List.of());
    }

    private static DaemonPlan sibling() {
        return LoopTree.daemon(2, true, List.of());
    }

    private static Path sibling(final Path file, final String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static long epoch(final LoopTree tree) {
        return tree.daemons[0].epoch();
    }

    private static ExitClass lastExit(final LoopTree tree) {
        return ExitClass.of(tree.board.reader().word(1, BoardWord.EXIT_CLASS));
    }

    /** Has the next incarnation of the first daemon end before it is ready. */
    private static void fail(final LoopTree tree, final int status) {
        starting(tree);
        tree.die(1, status);
        tree.turn();
    }

    private static void starting(final LoopTree tree) {
        for (int turn = 0; turn < 1_000 && tree.state(1) != DaemonState.STARTING; turn++) {
            tree.turn(SECOND_NS / 100);
            tree.beat(2);
        }
        assertEquals(DaemonState.STARTING, tree.state(1));
    }

    private static void assertFailures(final LoopTree tree, final int failed, final SetAside last) {
        assertEquals(failed, tree.board.reader().word(1, BoardWord.FAILED_RECOVERIES));
        assertEquals(last, SetAside.of(tree.board.reader().word(1, BoardWord.SET_ASIDE)));
    }
}
