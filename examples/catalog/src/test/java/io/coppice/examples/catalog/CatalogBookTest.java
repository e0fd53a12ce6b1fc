package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.daemon.DoNotRestartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogBookTest {
    @TempDir Path folder;
    private TestBook book;

    @BeforeEach
    void make() {
        book = new TestBook(folder.resolve("catalog.jsonl"), true);
    }

    @AfterEach
    void free() {
        book.close();
    }

    @Test
    void keepsARecordOfEachDocumentAndWhereItsLineIs() throws IOException {
        book.run(
                List.of(
                        Documents.begin(1),
                        Documents.died("x", DocumentOutcome.OUT_OF_MEMORY, 3),
                        Documents.ok("y", "text/plain", 9)));
        final String[] lines = book.content().split("\n", -1);
        final UnsafeBuffer record = book.record(1);

        assertEquals(
                CatalogLayout.hash("y".getBytes(StandardCharsets.UTF_8)),
                record.getLong(CatalogLayout.RECORD_PATH_HASH));
        assertEquals(9, record.getLong(CatalogLayout.RECORD_FILE_BYTES));
        assertEquals(lines[0].length() + 1, record.getLong(CatalogLayout.RECORD_LINE_OFFSET));
        assertEquals(lines[1].length() + 1, record.getInt(CatalogLayout.RECORD_LINE_BYTES));
        assertEquals(0, record.getInt(CatalogLayout.RECORD_MEDIA_TYPE));
        assertEquals(-1, book.record(0).getLong(CatalogLayout.RECORD_FILE_BYTES));
        assertEquals(
                DocumentOutcome.OUT_OF_MEMORY.ordinal(),
                book.record(0).getInt(CatalogLayout.RECORD_OUTCOME));
    }

    @Test
    void writesLinesBeyondItsRecordsAndSaysSo() throws IOException {
        final List<Documents.Message> messages = new ArrayList<>(List.of(Documents.begin(1)));
        for (int i = 0; i < TestBook.RECORDS + 3; i++) {
            messages.add(Documents.ok("p" + i, "text/plain", 1));
        }
        messages.add(Documents.end(1));
        book.run(messages);

        assertEquals(TestBook.RECORDS + 3, book.content().lines().count());
        assertTrue(
                book.summary()
                        .contains(
                                "3 files have a line but no record: raise capacities.documents (2)"),
                book::summary);
    }

    @Test
    void aRunWithoutFilesLeavesAnEmptyFile() throws IOException {
        book.content("what an earlier tree left\n");

        book.run(List.of(Documents.begin(1), Documents.end(1)));

        assertEquals("", book.content());
    }

    @Test
    void leavesAFinishedCatalogueAlone() throws IOException {
        final List<Documents.Message> messages =
                List.of(Documents.begin(1), Documents.ok("p", "a/b", 1), Documents.end(1));
        book.run(messages);
        book.content("moved away by its owner\n");

        book.run(messages);

        assertEquals("moved away by its owner\n", book.content());
    }

    @Test
    void refusesToGoOnWithAFileThatLostLines() throws IOException {
        final List<Documents.Message> messages =
                List.of(Documents.begin(1), Documents.ok("p", "a/b", 1));
        book.run(messages);
        book.content("");

        final Exception refusal =
                assertThrows(DoNotRestartException.class, () -> book.run(messages));

        assertTrue(refusal.getMessage().contains("someone changed it"), refusal::getMessage);
        assertEquals(1, refusal.getMessage().lines().count());
    }

    @Test
    void saysThatACatalogueWithoutABeginningIsNotWhole() throws IOException {
        book.run(List.of(Documents.ok("p", "a/b", 1), Documents.end(1)));

        assertEquals(1, book.content().lines().count());
        assertTrue(book.summary().startsWith("INCOMPLETE: "), book::summary);
    }

    @Test
    void refusesAMessageOfAnUnknownType() {
        assertThrows(
                IllegalArgumentException.class,
                () -> book.run(List.of(new Documents.Message(9, new UnsafeBuffer(new byte[8])))));
    }

    @Test
    void sumsUpForPeople() {
        book.clockMs(10_000);
        book.run(List.of(Documents.begin(1)));
        book.clockMs(12_000);
        book.run(
                List.of(
                        Documents.begin(1),
                        Documents.ok("a", "text/plain", 1_500_000),
                        Documents.ok("b", "text/plain", 500_000),
                        Documents.ok("c", "application/pdf", 2_000_000),
                        Documents.failed("d", "no"),
                        Documents.end(1)));

        assertEquals(
                """
                4 files, 4,000,000 bytes read in 2.0 s (2.0 files/s, 2.0 MB/s)

                  ok                      3
                  failed                  1
                  crashed                 0
                  timed-out               0
                  out-of-memory           0

                  text/plain                2         2,000,000 bytes
                  application/pdf           1         2,000,000 bytes

                2 files have a line but no record: raise capacities.documents (2)
                catalogue: %s
                """
                        .formatted(folder.resolve("catalog.jsonl")),
                book.summary());
    }

    @Test
    void listsTheCommonestTypesAndAddsUpTheOthers() {
        final List<Documents.Message> messages = new ArrayList<>(List.of(Documents.begin(1)));
        for (int type = 0; type < 20; type++) {
            for (int i = 0; i <= type; i++) {
                messages.add(Documents.ok("p", "type/" + (char) ('a' + type), 10));
            }
        }
        messages.add(Documents.end(1));
        book.run(messages);
        final List<String> types =
                book.summary()
                        .lines()
                        .filter(line -> line.contains(" bytes") && line.startsWith("  "))
                        .toList();

        assertEquals(CatalogSummary.TYPES_LISTED_MAX + 1, types.size(), book::summary);
        assertTrue(types.get(0).matches("  type/t +20 +200 bytes"), types.get(0));
        assertTrue(types.get(15).matches("  other +15 +150 bytes"), types.get(15));
        assertFalse(book.summary().lines().anyMatch(line -> line.endsWith(" ")), book::summary);
    }
}
