package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that grow too fast, and what is no log. */
class LogFilesTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final byte[] MUCH = new byte[(int) LogFiles.BYTES_MAX];
    private static final byte[] LAST = "the last line\n".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    private Path log;
    private Path old;
    private LogFiles logs;

    @BeforeEach
    void keepLogs() {
        log = folder.resolve("daemon1.log");
        old = folder.resolve("daemon1.log.old");
        logs = new LogFiles(folder);
        logs.keep(LoopTree.daemon(1, true, List.of()));
        logs.keep(LoopTree.daemon(1, true, List.of()));
    }

    @Test
    void aLogBeyondItsBoundIsCutItsEndIsKeptAndItsWriterGoesOnAtTheBeginning() throws IOException {
        try (FileOutputStream writer = new FileOutputStream(log.toFile(), true)) {
            writer.write(MUCH);
            logs.step(SECOND_NS);
            assertEquals(MUCH.length, Files.size(log), "not beyond its bound");

            writer.write(LAST);
            logs.step(2 * SECOND_NS - 1);
            assertEquals(MUCH.length + LAST.length, Files.size(log), "not a second later");

            logs.step(2 * SECOND_NS);
            assertEquals(0, Files.size(log));
            assertEquals(LogFiles.KEPT_BYTES, Files.size(old));
            assertTrue(Files.readString(old).endsWith("the last line\n"));

            writer.write(LAST);
            assertEquals("the last line\n", Files.readString(log));

            writer.write(MUCH);
            logs.step(2 * SECOND_NS + 1);
            assertEquals(0, Files.size(log), "looked at in each turn while it is flooded");
        }
    }

    @Test
    void linksAreNotFollowedAndFifosAreNotWaitedFor() throws Exception {
        final Path elsewhere = folder.resolve("elsewhere");
        Files.write(elsewhere, MUCH);
        Files.write(elsewhere, LAST, java.nio.file.StandardOpenOption.APPEND);
        Files.createSymbolicLink(log, elsewhere);
        logs.step(SECOND_NS);
        assertEquals(MUCH.length + LAST.length, Files.size(elsewhere));
        assertFalse(Files.exists(old));

        Files.delete(log);
        makeFifo(log);
        assertTimeoutPreemptively(LONG, () -> logs.step(3 * SECOND_NS));

        Files.delete(log);
        Files.move(elsewhere, log);
        makeFifo(old);
        assertTimeoutPreemptively(LONG, () -> logs.step(5 * SECOND_NS));
        assertEquals(0, Files.size(log));
        assertTrue(Files.isRegularFile(old, LinkOption.NOFOLLOW_LINKS));
    }

    private static void makeFifo(final Path file) throws IOException, InterruptedException {
        final Process mkfifo = new ProcessBuilder("mkfifo", file.toString()).start();
        Assumptions.assumeTrue(mkfifo.waitFor() == 0, "mkfifo");
    }
}
