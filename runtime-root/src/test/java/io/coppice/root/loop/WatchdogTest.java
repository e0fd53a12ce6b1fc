package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.ProcessActivity;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watchdog in root's loop: dumpAfter is 3 s, killAfter 5 s. */
class WatchdogTest {
    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void theDumpLiesInTheCrashFolderBeforeTheKill() throws IOException {
        final LoopTree tree = tree();
        Files.createDirectories(log().getParent());
        Files.writeString(log(), "before\n");
        silentUntil(tree, 1);
        assertEquals(List.of("SIGQUIT 1001"), os.signals);
        assertFalse(Files.exists(dump(1)));

        Files.writeString(log(), "Full thread dump, of a test\n", StandardOpenOption.APPEND);
        for (int turn = 0; turn < 10; turn++) {
            tree.turn();
        }
        final String text = Files.readString(dump(1));
        assertTrue(text.endsWith("Its log since then:\nFull thread dump, of a test\n"), text);
        assertTrue(text.startsWith("process   daemon1\nepoch     1\nasked     2"), text);

        Files.writeString(log(), "last words\n", StandardOpenOption.APPEND);
        silentUntil(tree, 2);
        assertEquals(List.of("SIGQUIT 1001", "SIGKILL 1001"), os.signals);
        tree.turn();
        assertTrue(Files.readString(dump(1)).endsWith("of a test\nlast words\n"));
        assertEquals(
                ExitClass.WATCHDOG.ordinal(), tree.board.reader().word(1, BoardWord.EXIT_CLASS));
    }

    @Test
    void aDumpThatNobodyPrintedSaysSoAndALogThatIsNoFileIsLeftAlone() throws IOException {
        final LoopTree tree = tree();
        Files.createDirectories(log());
        silentUntil(tree, 2);
        assertTrue(Files.readString(dump(1)).contains("It printed nothing"));
    }

    @Test
    void aDumpIsCutWhereItIsTooLong() throws IOException {
        final LoopTree tree = tree();
        Files.createDirectories(log().getParent());
        silentUntil(tree, 1);
        Files.writeString(log(), "x".repeat(2 * ThreadDumps.BYTES_MAX));
        silentUntil(tree, 2);
        final long bytes = Files.size(dump(1));
        assertTrue(bytes > ThreadDumps.BYTES_MAX && bytes < ThreadDumps.BYTES_MAX + 1024);
    }

    @Test
    void aStarvedDaemonIsGivenTimeAndASpinningOneIsNot() {
        final LoopTree tree = tree();
        os.activity = new ProcessActivity(false, true, 0);
        for (int turn = 0; turn < 110; turn++) {
            tree.turn();
        }
        assertEquals(List.of(), os.signals);
        os.activity = new ProcessActivity(false, true, 60 * SECOND_NS);
        silentUntil(tree, 2);
        assertEquals(List.of("SIGQUIT 1001", "SIGKILL 1001"), os.signals);
    }

    @Test
    void aStallOfEverythingKillsNobodyHoweverOftenItComes() {
        final LoopTree tree = tree();
        for (int stall = 0; stall < 50; stall++) {
            tree.turn(3600 * SECOND_NS);
            tree.turn();
            tree.beat(1);
            tree.turn();
        }
        assertEquals(List.of(), os.signals);
        assertEquals(DaemonState.READY, tree.state(1));
    }

    private LoopTree tree() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.startAll();
        return tree;
    }

    private void silentUntil(final LoopTree tree, final int signals) {
        for (int turn = 0; turn < 1_000 && os.signals.size() < signals; turn++) {
            tree.turn();
        }
        assertEquals(signals, os.signals.size());
    }

    private Path log() {
        return folder.resolve("log").resolve("daemon1.log");
    }

    private Path dump(final long epoch) {
        return folder.resolve("crash").resolve("daemon1-" + epoch + ".threads.txt");
    }
}
