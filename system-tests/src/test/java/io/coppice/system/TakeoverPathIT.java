package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import io.coppice.system.daemons.QuietDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a standby does between its wake-up and its first commits: it loads no class and collects no
 * garbage, and has each page of its arena mapped.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class TakeoverPathIT {
    private static final long SOME = 3;
    private static final String MEBIBYTES = "48";
    private static final long ARENA_KIB = 48 * 1024;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void aTakeoverLoadsNoClassAndCollectsNoGarbage() throws IOException {
        final Path logs = Files.createDirectories(AREA.files().resolve("jvm"));
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("path")
                                .daemon(
                                        "quiet",
                                        QuietDaemon.class,
                                        "'standby': 1",
                                        "'jvm': ['-Xlog:class+load,gc:file="
                                                + logs.resolve("%p.log")
                                                + "']"));
        tree.up();
        Waiting.until(
                "there is a warm standby",
                () ->
                        StandbyState.of(tree.word("quiet", BoardWord.STANDBY_STATE))
                                == StandbyState.WARM);
        final long standby = tree.word("quiet", BoardWord.STANDBY_PID);
        final Path log = logs.resolve(standby + ".log");
        final int before = Files.readAllLines(log).size();
        assertTrue(before > 0, "the log is written");
        tree.killDaemon("quiet");
        Waiting.until(
                "it serves",
                () -> tree.pid("quiet") == standby && tree.state("quiet") == DaemonState.READY);
        final long seen = tree.progress("quiet");
        tree.awaitProgress("quiet", seen + SOME);
        final List<String> lines = Files.readAllLines(log);
        assertEquals(List.of(), lines.subList(before, lines.size()));
        tree.stop();
    }

    @Test
    void aWarmStandbyHasEveryPageOfItsArenaMapped() throws IOException {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("pages")
                                .daemon("quiet", QuietDaemon.class, "'standby': 1"));
        tree.up("--set", "quiet.memory=" + MEBIBYTES + " MiB");
        Waiting.until(
                "there is a warm standby",
                () ->
                        StandbyState.of(tree.word("quiet", BoardWord.STANDBY_STATE))
                                == StandbyState.WARM);
        final long standby = tree.word("quiet", BoardWord.STANDBY_PID);
        assertTrue(
                residentKib(standby, tree.folder().resolve("quiet.arena")) >= ARENA_KIB,
                "resident: " + residentKib(standby, tree.folder().resolve("quiet.arena")));
        tree.stop();
    }

    /** Returns how much of a file the page tables of a process hold. */
    private static long residentKib(final long pid, final Path file) throws IOException {
        long kib = 0;
        boolean inside = false;
        for (final String line :
                Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                inside = line.endsWith(file.toString());
            } else if (inside && line.startsWith("Rss:")) {
                kib += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return kib;
    }
}
