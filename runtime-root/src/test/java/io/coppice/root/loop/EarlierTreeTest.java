package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.Death;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier root left, with real processes in the place of its daemons. */
class EarlierTreeTest {
    private final OperatingSystem os = OperatingSystem.current();

    @TempDir Path folder;
    @TempDir Path elsewhere;

    private Process process;
    private Process standby;

    @AfterEach
    void endWhatATestLeft() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        if (standby != null) {
            standby.destroyForcibly().waitFor();
        }
    }

    @Test
    void killsTheDaemonsThatStillLiveAndGoesOnWithTheirEpochs() throws Exception {
        process = daemon(41);
        final BoardWriter board = board();
        board.root(4, 5, 6, 7);
        board.word(1, BoardWord.EPOCH, 41);
        board.word(1, BoardWord.START_TIME, os.startTime(process.pid()));
        board.word(1, BoardWord.PID, process.pid());
        board.addDeath(1, 77, 40, ExitClass.SIGNAL, 137);

        final EarlierTree earlier = EarlierTree.find(folder);
        earlier.end(os);

        assertEquals(List.of(new Death(77, 40, ExitClass.SIGNAL, 137)), earlier.deaths("daemon1"));
        assertEquals(List.of(), earlier.deaths("daemon2"));
        assertEquals(List.of(), earlier.deaths("stranger"));

        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(41, earlier.epoch("daemon1"));
        assertEquals(0, earlier.epoch("daemon2"));
        assertEquals(0, earlier.epoch("stranger"));
        assertEquals(6, earlier.rootEpoch());
    }

    @Test
    void killsStandbysTooAndGivesNoEpochOfTheirsOutAgain() throws Exception {
        process = daemon(41);
        standby = daemon(42);
        final BoardWriter board = board();
        board.word(1, BoardWord.EPOCH, 41);
        board.word(1, BoardWord.START_TIME, os.startTime(process.pid()));
        board.word(1, BoardWord.PID, process.pid());
        board.word(1, BoardWord.STANDBY_EPOCH, 42);
        board.word(1, BoardWord.STANDBY_START_TIME, os.startTime(standby.pid()));
        board.word(1, BoardWord.STANDBY_PID, standby.pid());

        final EarlierTree earlier = EarlierTree.find(folder);
        earlier.end(os);

        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertTrue(standby.waitFor(10, TimeUnit.SECONDS));
        assertEquals(42, earlier.epoch("daemon1"));
    }

    @Test
    void aTreeThatLostItsRootIsTakenOverWithWhatLives() throws Exception {
        process = daemon(41);
        final BoardWriter board = board();
        name(board, process);
        ArenaFile.create(os, folder.resolve("daemon1.arena"), LoopTree.daemon(1, true, List.of()));
        final TreePlan otherChaos = new TreePlan("test", 5, 6, board.reader().plan().daemons());

        final BoardWriter adopted = EarlierTree.find(folder).takeOver(os, otherChaos);

        assertNotNull(adopted);
        assertEquals(otherChaos, Board.open(folder).plan());
        assertEquals(process.pid(), adopted.reader().word(1, BoardWord.PID));
        assertTrue(process.isAlive());
    }

    @Test
    void whoseMarkNamesTheFolderByAnotherWayIsTakenOver() throws Exception {
        final Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder.getParent());
        process = marked(Kin.mark(link.resolve(folder.getFileName()), 1, 41));
        assertTakenOver(true);
        process.destroyForcibly().waitFor();
        process = marked(Kin.mark(link.resolve(folder.getFileName()), 1, 40));
        assertTakenOver(false);
        process.destroyForcibly().waitFor();
        process = marked(Kin.mark(elsewhere.resolve(folder.getFileName()), 1, 41));
        assertTakenOver(false);
    }

    @Test
    void whatIsLeftIsFoundByAnotherWayToTheFolderAndWhoLivesIsSpared() throws Exception {
        final Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder.getParent());
        process = marked(Kin.mark(link.resolve(folder.getFileName()), 1, 40));
        standby = marked(Kin.mark(link.resolve(folder.getFileName()), 1, 41));
        Leftovers.endBut(os, folder, Set.of(Identity.place(1, 41)));
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertTrue(standby.isAlive());
    }

    @Test
    void whoseMarkCannotBeReadIsKnownByItsCommandLine() throws Exception {
        final String[] place = {"io.coppice.daemon.DaemonMain", folder.toString(), "1", "41", "9"};
        process = waiter(place);
        assertTakenOver(true);
        for (int i = 0; i < place.length - 1; i++) {
            process.destroyForcibly().waitFor();
            final String[] other = place.clone();
            other[i] = "7";
            process = waiter(other);
            assertTakenOver(false);
        }
    }

    /** Where it is not, it is left alone as somebody else's. */
    private void assertTakenOver(final boolean expected) throws Exception {
        final BoardWriter board = board();
        name(board, process);
        Files.deleteIfExists(folder.resolve("daemon1.arena"));
        ArenaFile.create(os, folder.resolve("daemon1.arena"), LoopTree.daemon(1, true, List.of()));
        assertNotNull(EarlierTree.find(folder).takeOver(os, board.reader().plan()));
        assertEquals(
                expected ? os.startTime(process.pid()) : 0,
                Board.open(folder).word(1, BoardWord.START_TIME));
        assertTrue(process.isAlive());
    }

    @Test
    void aPromotionThatWasCutIsEnded() throws Exception {
        standby = daemon(42);
        final BoardWriter board = board();
        ArenaFile.create(os, folder.resolve("daemon1.arena"), LoopTree.daemon(1, true, List.of()));
        board.word(1, BoardWord.EPOCH, 42);
        board.word(1, BoardWord.STANDBY_EPOCH, 42);
        board.word(1, BoardWord.STANDBY_START_TIME, os.startTime(standby.pid()));
        board.word(1, BoardWord.STANDBY_PID, standby.pid());

        final BoardWriter adopted = EarlierTree.find(folder).takeOver(os, board.reader().plan());

        assertNotNull(adopted);
        final Board shown = Board.open(folder);
        assertEquals(standby.pid(), shown.word(1, BoardWord.PID));
        assertEquals(os.startTime(standby.pid()), shown.word(1, BoardWord.START_TIME));
        assertEquals(0, shown.word(1, BoardWord.STANDBY_PID));
        assertTrue(standby.isAlive());
    }

    @Test
    void whoLivesWithoutAnArenaIsEnded() throws Exception {
        process = daemon(41);
        final BoardWriter board = board();
        name(board, process);
        assertNotNull(EarlierTree.find(folder).takeOver(os, board.reader().plan()));
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }

    @Test
    void aTreeThatWasStoppedOrIsOfAnotherBootBeginsAnew() throws Exception {
        process = daemon(41);
        final BoardWriter board = board();
        board.treeState(TreeState.STOPPED);
        assertNull(EarlierTree.find(folder).takeOver(os, board.reader().plan()));

        board.treeState(TreeState.RUNNING);
        name(board, process);
        final SimulatedSystem afterReboot = new SimulatedSystem();
        afterReboot.bootId = os.bootId() + 1;
        assertNull(EarlierTree.find(folder).takeOver(afterReboot, board.reader().plan()));
        assertEquals(List.of(), afterReboot.signals, "a pid of another boot is anybody's");
        assertTrue(process.isAlive());
    }

    @Test
    void aRowThatTheBoardLacksNeedsAnotherBoard() throws Exception {
        final BoardWriter board = board();
        final TreePlan plan = board.reader().plan();
        final TreePlan other =
                new TreePlan(
                        "test",
                        0,
                        0,
                        List.of(
                                LoopTree.daemon(1, false, List.of()),
                                LoopTree.daemon(board.reader().daemons() + 1, true, List.of())));
        assertNull(EarlierTree.find(folder).takeOver(os, other));
        assertEquals(plan, board.reader().plan());
    }

    @Test
    void aLivingRootIsSeenOnTheBoard() throws Exception {
        process = daemon(41);
        final BoardWriter board = board();
        assertFalse(EarlierTree.find(folder).hasLivingRoot(os));
        board.root(process.pid(), os.startTime(process.pid()) - 1, 1, 0);
        assertFalse(EarlierTree.find(folder).hasLivingRoot(os));
        board.root(process.pid(), os.startTime(process.pid()), 1, 0);
        assertTrue(EarlierTree.find(folder).hasLivingRoot(os));
        assertNull(RunDirectory.at(folder).tryLock());
        assertTrue(RunDirectory.at(folder).isLocked());
    }

    private void name(final BoardWriter board, final Process daemon) {
        board.word(1, BoardWord.EPOCH, 41);
        board.word(1, BoardWord.START_TIME, os.startTime(daemon.pid()));
        board.word(1, BoardWord.PID, daemon.pid());
    }

    @Test
    void leavesAProcessAloneThatMerelyGotTheSamePid() throws Exception {
        process = new ProcessBuilder("sleep", "60").start();
        final BoardWriter board = board();
        board.word(1, BoardWord.START_TIME, os.startTime(process.pid()) - 1);
        board.word(1, BoardWord.PID, process.pid());

        EarlierTree.find(folder).end(os);

        assertFalse(process.waitFor(200, TimeUnit.MILLISECONDS));
    }

    @Test
    void leavesAProcessAloneThatTheBoardNamesAndThatIsNoDaemon() throws Exception {
        process = daemon(40);
        standby = new ProcessBuilder("sleep", "60").start();
        final BoardWriter board = board();
        name(board, process);
        board.word(1, BoardWord.STANDBY_EPOCH, 42);
        board.word(1, BoardWord.STANDBY_START_TIME, os.startTime(standby.pid()));
        board.word(1, BoardWord.STANDBY_PID, standby.pid());

        final EarlierTree earlier = EarlierTree.find(folder);
        assertNotNull(earlier.takeOver(os, board.reader().plan()));

        final Board file = Board.open(folder);
        assertEquals(0, file.word(1, BoardWord.START_TIME));
        assertEquals(0, file.word(1, BoardWord.STANDBY_START_TIME));
        assertTrue(process.isAlive());
        assertTrue(standby.isAlive());
    }

    @Test
    void nothingIsThereWithoutABoardOrWithADamagedOne() throws IOException {
        assertNothing();
        Files.writeString(folder.resolve(Board.FILE), "not a board");
        assertNothing();

        for (final long offset : new long[] {0, 8, 16}) {
            Files.deleteIfExists(folder.resolve(Board.FILE));
            board().root(4, 5, 6, 7);
            final Memory raw = MappedFile.writable(folder.resolve(Board.FILE));
            raw.putLong(offset, -1);
            assertNothing();
        }
    }

    private void assertNothing() {
        final EarlierTree earlier = EarlierTree.find(folder);
        earlier.end(os);
        assertEquals(0, earlier.epoch("daemon1"));
        assertEquals(0, earlier.rootEpoch());
    }

    private BoardWriter board() throws IOException {
        final BoardWriter board =
                BoardWriter.create(
                        os,
                        folder,
                        new TreePlan(
                                "test",
                                0,
                                0,
                                List.of(
                                        LoopTree.daemon(1, true, List.of()),
                                        LoopTree.daemon(2, true, List.of()))));
        board.publish();
        return board;
    }

    /** Starts a process that says that it is an incarnation of the first daemon. */
    private Process daemon(final long epoch) throws IOException {
        return marked(Kin.mark(folder, 1, epoch));
    }

    /** Starts a process without a mark that waits for its stdin, with any arguments. */
    private static Process waiter(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of("cat", "-"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private Process marked(final String mark) throws IOException {
        final ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().put(Kin.VARIABLE, mark);
        final Process started = builder.start();
        while (started.isAlive()
                && os.processTree().variable(started.pid(), Kin.VARIABLE).isEmpty()) {
            // It is between two programs, when the kernel shows no environment.
            Thread.onSpinWait();
        }
        return started;
    }
}
