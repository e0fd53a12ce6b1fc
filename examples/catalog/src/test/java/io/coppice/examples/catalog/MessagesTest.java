package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.examples.catalog.extract.Extraction;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[32 * 1024]);

    @Test
    void requestKeepsBothPathsByteForByte() {
        final byte[] folder = {'/', (byte) 0xff};
        final byte[] path = {'\n', '%', (byte) 0x80};

        final int length = ExtractRequest.encode(buffer, -7, folder, path);
        final UnsafeBuffer request = new UnsafeBuffer(buffer, 0, length);

        assertEquals(ExtractRequest.length(folder, path), length);
        assertEquals(-7, ExtractRequest.runId(request));
        assertArrayEquals(folder, ExtractRequest.folder(request));
        assertArrayEquals(path, ExtractRequest.path(request));
    }

    @Test
    void requestHoldsTheRootFolder() {
        ExtractRequest.encode(buffer, 1, new byte[0], new byte[] {'x'});

        assertEquals(0, ExtractRequest.folder(buffer).length);
        assertArrayEquals(new byte[] {'x'}, ExtractRequest.path(buffer));
    }

    @Test
    void replyKeepsTextsNullsAndEmptyTextsApart() {
        final Extraction full =
                new Extraction("a/b", Long.MAX_VALUE, 0, "\ud83c\udf33", "\u00e4", "de", "00");
        final Extraction sparse = new Extraction("", 0, 7, null, "", null, "");

        ExtractReply.encode(buffer, full);
        assertEquals(full, ExtractReply.decode(buffer, 0));
        ExtractReply.encode(buffer, sparse);
        assertEquals(sparse, ExtractReply.decode(buffer, 0));
    }

    @Test
    void replyOfTheLongestTextsFits() {
        final String text = "\u20ac".repeat(5_000);
        final Extraction found = new Extraction(text, 1, 1, text, text, text, text);

        final int length = ExtractReply.encode(buffer, found);
        final Extraction there = ExtractReply.decode(buffer, 0);

        assertTrue(length <= ExtractReply.BYTES_MAX);
        assertEquals("\u20ac".repeat(ExtractReply.METADATA_BYTES_MAX / 3), there.title());
    }

    @Test
    void documentKeepsWhatItsOutcomeHas() {
        final Extraction found = new Extraction("a/b", 1, 2, "t", null, null, Documents.SHA256);

        final DocumentResult ok = Documents.result(Documents.ok("p", found));
        final DocumentResult failed = Documents.result(Documents.failed("q", "why: \u00e4"));

        assertEquals(found, ok.extraction());
        assertNull(ok.detail());
        assertNull(failed.extraction());
        assertEquals("why: \u00e4", failed.detail());
        assertEquals(1, failed.attempts());
        assertEquals("q", new String(failed.path(), StandardCharsets.UTF_8));
    }

    @Test
    void detailNamesTheSignalOrTheExitCode() {
        assertEquals("SIGSEGV", detail(DocumentOutcome.CRASHED, 139));
        assertEquals("SIGKILL", detail(DocumentOutcome.CRASHED, 137));
        assertEquals("exit code 7", detail(DocumentOutcome.CRASHED, 7));
        assertEquals("no result within the deadline", detail(DocumentOutcome.TIMED_OUT, 137));
        assertEquals("the heap was exhausted", detail(DocumentOutcome.OUT_OF_MEMORY, 3));
    }

    @Test
    void theLongestDocumentFitsAMessage() {
        final byte[] path = new byte[CatalogMessage.PATH_BYTES_MAX];
        final UnsafeBuffer reply = new UnsafeBuffer(new byte[ExtractReply.BYTES_MAX]);
        final UnsafeBuffer detail = new UnsafeBuffer(new byte[4_000]);
        final UnsafeBuffer message = new UnsafeBuffer(new byte[CatalogMessage.BYTES_MAX]);

        for (final DocumentOutcome outcome : DocumentOutcome.ALL) {
            final int length =
                    CatalogMessage.encodeDocument(message, outcome, 1, 0, path, reply, detail);
            assertTrue(length <= CatalogMessage.BYTES_MAX);
        }
    }

    @Test
    void runIdsAreKept() {
        assertEquals(
                Long.MIN_VALUE, CatalogMessage.runId(Documents.begin(Long.MIN_VALUE).payload(), 0));
    }

    @Test
    void describesFailuresWithinTheRoomAndWithWholeCharacters() {
        final String detail = ExtractTransaction.describe(new Exception("\u20ac".repeat(5_000)));

        assertTrue(
                detail.getBytes(StandardCharsets.UTF_8).length <= CatalogMessage.DETAIL_BYTES_MAX);
        assertEquals(-1, detail.indexOf('\ufffd'));
    }

    private static String detail(final DocumentOutcome outcome, final int exitStatus) {
        return Documents.result(Documents.died("p", outcome, exitStatus)).detail();
    }
}
