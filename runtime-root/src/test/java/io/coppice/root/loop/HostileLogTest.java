package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.ExitClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child puts in the place of its files must not stop root. */
class HostileLogTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private Path log;
    private Path crashes;

    @BeforeEach
    void folders() throws IOException {
        log = Files.createDirectories(folder.resolve("log")).resolve("daemon1.log");
        crashes = Files.createDirectories(folder.resolve("crash"));
    }

    @Test
    void aFifoInPlaceOfTheLogIsReplacedAndRootDoesNotWaitForItsReader() throws Exception {
        makeFifo(log);
        spawnInVain();
        assertTrue(Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aLinkInPlaceOfTheLogIsReplacedAndNotFollowed() throws IOException {
        final Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "untouched");
        Files.createSymbolicLink(log, elsewhere);
        spawnInVain();
        assertTrue(Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS));
        assertEquals("untouched", Files.readString(elsewhere));
    }

    @Test
    void aFolderInPlaceOfTheLogIsASpawnFailure() throws IOException {
        Files.createDirectories(log.resolve("inside"));
        spawnInVain();
        assertTrue(Files.isDirectory(log));
    }

    @Test
    void fifosInTheCrashFolderAreReplacedByReports() throws Exception {
        final Path report = crashes.resolve("daemon1-1.txt");
        final Path dump = crashes.resolve("daemon1-1.threads.txt");
        for (final Path each : List.of(report, dump)) {
            makeFifo(each);
            makeFifo(each.resolveSibling(each.getFileName() + ".part"));
        }
        assertTimeoutPreemptively(
                LONG,
                () -> {
                    final DeathNotes notes = new DeathNotes(crashes, folder.resolve("log"));
                    notes.write("daemon1", 1, 4711, ExitClass.SIGNAL, 137, 1, 2);
                    final ThreadDumps dumps = notes.threadDumps("daemon1");
                    makeFifo(log);
                    dumps.ask(1, 0);
                    dumps.end();
                });
        assertTrue(Files.readString(report).contains("SIGKILL"));
        assertTrue(Files.readString(dump).contains("It printed nothing"));
    }

    /** The plan's command is empty, so what is run is the run directory; the log comes first. */
    private void spawnInVain() {
        final LoopTree tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        assertTimeoutPreemptively(
                LONG,
                () ->
                        assertThrows(
                                IOException.class,
                                () -> new Spawner(folder).spawn(tree.daemons[0])));
    }

    private static void makeFifo(final Path file) throws IOException, InterruptedException {
        final Process mkfifo = new ProcessBuilder("mkfifo", file.toString()).start();
        Assumptions.assumeTrue(mkfifo.waitFor() == 0, "mkfifo");
    }
}
