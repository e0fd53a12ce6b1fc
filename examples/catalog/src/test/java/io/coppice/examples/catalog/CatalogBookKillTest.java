package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the catalogue at every store of a run that follows another one, and every second
 * incarnation at some stores of its own; what comes out in the end is always the same.
 */
class CatalogBookKillTest {
    private static final List<Documents.Message> EARLIER =
            List.of(
                    Documents.begin(3),
                    Documents.ok("old/first", "text/html", 1_000_000),
                    Documents.ok("old/second", "application/pdf", 2_000_000),
                    Documents.failed("old/third", "a long text ".repeat(40)),
                    Documents.end(3));
    private static final List<Documents.Message> MESSAGES =
            List.of(
                    Documents.begin(7),
                    Documents.ok("a/b", "text/plain", 100),
                    Documents.failed("c", "SomeException: why"),
                    Documents.died("d", DocumentOutcome.CRASHED, 139),
                    Documents.end(7));
    private static final String HALF_LINE = "{\"path\":\"half a line that nobody counted";
    private static final int SECOND_CUT_STRIDE = 197;

    @TempDir Path folder;
    private TestBook book;
    private byte[] start;
    private String startContent;
    private String expectedContent;
    private byte[] expectedState;

    @BeforeEach
    void requireCuts() {
        assertTrue(Cuts.ENABLED, "these tests need -Dcoppice.cuts=true");
    }

    @AfterEach
    void free() {
        Cuts.disarm();
        book.close();
    }

    @Test
    void comesOutTheSameWhereverItIsCut() throws IOException {
        final long stores = prepare(true);

        for (long store = 0; store < stores; store++) {
            killAt(store);
        }

        assertTrue(stores > 200, "the run is too small to mean much: " + stores);
        assertEquals(3, expectedContent.lines().count());
    }

    @Test
    void comesOutTheSameWhereverItIsCutTwice() throws IOException {
        final long stores = prepare(true);

        for (long store = 0; store < stores; store++) {
            for (long second = store % SECOND_CUT_STRIDE; second < stores; ) {
                reset();
                cut(store);
                if (cut(second)) {
                    finish("cut at store " + store + ", then at " + second);
                }
                second += SECOND_CUT_STRIDE;
            }
        }
    }

    /** A test that cannot fail proves nothing. */
    @Test
    void findsStateThatIsNotJournaled() throws IOException {
        final long stores = prepare(false);

        assertThrows(
                AssertionError.class,
                () -> {
                    for (long store = 0; store < stores; store++) {
                        killAt(store);
                    }
                });
    }

    /** Returns how many stores the run makes when nothing cuts it. */
    private long prepare(final boolean isJournaled) throws IOException {
        book = new TestBook(folder.resolve("catalog.jsonl"), isJournaled);
        book.run(EARLIER);
        book.startOver();
        start = book.image();
        startContent = book.content();
        Cuts.count();
        book.run(MESSAGES);
        final long stores = Cuts.disarm();
        expectedContent = book.content();
        expectedState = book.state();
        return stores;
    }

    private void killAt(final long store) throws IOException {
        reset();
        assertTrue(cut(store));
        finish("cut at store " + store);
    }

    private void reset() throws IOException {
        book.image(start);
        book.content(startContent);
    }

    /** Returns whether it came to the cut. */
    private boolean cut(final long store) throws IOException {
        Cuts.arm(store);
        boolean isCut = false;
        try {
            book.run(MESSAGES);
        } catch (final Cuts.Cut expected) {
            isCut = true;
        }
        Cuts.disarm();
        if (isCut) {
            leaveHalfALine();
        }
        return isCut;
    }

    /** A death in the middle of a write leaves a part of it behind what counts. */
    private void leaveHalfALine() throws IOException {
        final byte[] cut = book.image();
        book.recover();
        final int next = book.used();
        final int counted = (int) book.word(CatalogLayout.OUTPUT_BYTES);
        book.image(cut);
        if (next < MESSAGES.size() && MESSAGES.get(next).type() == CatalogMessage.DOCUMENT) {
            book.content(book.content().substring(0, counted) + HALF_LINE.repeat(20));
        }
    }

    private void finish(final String where) throws IOException {
        book.run(MESSAGES);
        assertEquals(expectedContent, book.content(), where);
        assertArrayEquals(expectedState, book.state(), where);
    }
}
