package io.coppice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashReportTest {
    private static final long DIED_MS = 1_795_248_000_123L;

    @TempDir Path folder;

    @Test
    void saysWhatIsKnown() throws IOException {
        final CrashReport report =
                new CrashReport(
                        "scan",
                        3,
                        4711,
                        "SIGNAL",
                        137,
                        DIED_MS - 2500,
                        DIED_MS,
                        List.of("one", "two"));
        final Path file = report.writeTo(folder.resolve("crashes"));
        assertEquals(folder.resolve("crashes").resolve("scan-3.txt"), file);
        assertEquals(
                """
                process   scan
                epoch     3
                pid       4711
                exit      signal, SIGKILL (status 137)
                started   2026-11-21T07:59:57.623Z
                died      2026-11-21T08:00:00.123Z, after 2.5 s

                Its last log lines:
                  one
                  two
                """,
                Files.readString(file));
    }

    @Test
    void saysSoWhereThereIsNothingToSay() {
        final String text =
                new CrashReport("scan", 1, 2, "OUT_OF_MEMORY", 3, 0, DIED_MS, List.of()).text();
        assertTrue(text.contains("exit      out of memory, exit code 3\ndied "), text);
        assertTrue(text.endsWith("\n\nIt left no log lines.\n"), text);
        assertFalse(text.contains("started"));
    }

    @Test
    void namesAWorkersReportWithoutAFolder() throws IOException {
        assertEquals(
                folder.resolve("scan-extract-1-9.txt"),
                report("scan/extract/1", 9).writeTo(folder));
    }

    @Test
    void showsOnlyTheNewestLogLines() {
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i <= CrashReport.LINES_MAX; i++) {
            lines.add("line-" + i);
        }
        final String text = new CrashReport("scan", 1, 2, "CODE", 70, 0, DIED_MS, lines).text();
        assertFalse(text.contains("line-0\n"));
        assertTrue(text.contains("line-1\n"));
        assertTrue(text.endsWith("  line-" + CrashReport.LINES_MAX + "\n"));
    }

    @Test
    void keepsTheNewestReportsAndLeavesOtherFilesAlone() throws IOException {
        Files.writeString(folder.resolve("notes.md"), "mine");
        for (int epoch = 1; epoch <= CrashReport.REPORTS_MAX; epoch++) {
            final Path file = report("scan", epoch).writeTo(folder);
            Files.setLastModifiedTime(file, FileTime.fromMillis(DIED_MS + epoch));
        }
        assertEquals(CrashReport.REPORTS_MAX + 1, count());
        report("catalog", 1).writeTo(folder);
        assertEquals(CrashReport.REPORTS_MAX + 1, count());
        assertFalse(Files.exists(folder.resolve("scan-1.txt")));
        assertTrue(Files.exists(folder.resolve("scan-2.txt")));
        assertTrue(Files.exists(folder.resolve("catalog-1.txt")));
        assertTrue(Files.exists(folder.resolve("notes.md")));
    }

    @Test
    void refusesAFolderThatIsAFile() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "");
        assertThrows(IOException.class, () -> report("scan", 1).writeTo(file));
    }

    private static CrashReport report(final String name, final long epoch) {
        return new CrashReport(name, epoch, 1, "SIGNAL", 137, 0, DIED_MS, List.of());
    }

    private long count() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
