package io.coppice.examples.catalog.extract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.EmptyParser;
import org.apache.tika.parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.helpers.DefaultHandler;

class DocumentLimitsTest {
    @TempDir private Path folder;

    @Test
    void refusesMoreTextThanTheLimitAndRemembersIt() throws Exception {
        DocumentLimits limits = new DocumentLimits();
        BodyText body = new BodyText(limits);
        char[] text = new char[1_000_000];
        for (int i = 0; i < 50; i++) {
            body.characters(text, 0, text.length);
        }
        assertEquals(DocumentLimits.TEXT_CHARS_MAX, body.length());
        limits.check();
        assertThrows(LimitExceededException.class, () -> body.characters(text, 0, 1));
        assertThrows(LimitExceededException.class, limits::check);
    }

    @Test
    void keepsNoMoreTextThanTheLanguageNeeds() throws Exception {
        BodyText body = new BodyText(new DocumentLimits());
        body.characters(new char[9_999], 0, 9_999);
        body.ignorableWhitespace(new char[4], 0, 4);
        body.characters(new char[9_999], 0, 9_999);
        assertEquals(DocumentLimits.LANGUAGE_CHARS_MAX, body.prefix().length());
        assertEquals(2 * 9_999, body.length());
    }

    @Test
    void refusesOneEmbeddedDocumentTooMany() throws Exception {
        DocumentLimits limits = new DocumentLimits();
        EmbeddedDocuments embedded =
                new EmbeddedDocuments(EmptyParser.INSTANCE, new ParseContext(), limits);
        for (int i = 0; i < DocumentLimits.EMBEDDED_COUNT_MAX; i++) {
            embed(embedded);
        }
        assertThrows(LimitExceededException.class, () -> embed(embedded));
        assertThrows(LimitExceededException.class, limits::check);
    }

    @Test
    void refusesXmlNestedSixtyThousandDeepWithoutTouchingTheEndOfTheStack() throws IOException {
        Path file = folder.resolve("deep.xml");
        Files.writeString(file, "<a>".repeat(60_000) + "</a>".repeat(60_000));
        Exception failure =
                assertThrows(Exception.class, () -> new DocumentExtractor().extract(file));
        assertEquals(
                "SAXParseException: JAXP00010006: The element \"a\" has a depth of \"101\" that"
                        + " exceeds the limit \"100\" set by \"jdk.xml.maxElementDepth\".",
                DocumentExtractor.describe(failure));
    }

    @Test
    void refusesABombInsideAnArchiveAsItRefusesTheBombItself() throws IOException {
        byte[] bomb = Files.readAllBytes(Path.of("documents", "nasty", "bomb.zip"));
        Path file = folder.resolve("holds a bomb.zip");
        Files.write(file, new TinyZip().add("fine.txt", "fine").add("bomb.zip", bomb).bytes());
        Exception failure =
                assertThrows(Exception.class, () -> new DocumentExtractor().extract(file));
        assertEquals(
                "SecureSAXException: Suspected zip bomb",
                DocumentExtractor.describe(failure).replaceAll(": \\d.*", ""));
    }

    @Test
    void forgivesADamagedMemberOfAnArchive() throws Exception {
        Path file = folder.resolve("damaged member.zip");
        Files.write(
                file,
                new TinyZip().add("broken.pdf", "%PDF-1.4\n").add("fine.txt", "fine").bytes());
        assertEquals(4, new DocumentExtractor().extract(file).textLength());
    }

    @Test
    void doesNotGuessTheLanguageOfWhatIsShortOrHasNoLetters() {
        assertNull(LanguageGuess.of("Just a few words."));
        assertNull(LanguageGuess.of("1234567890 ".repeat(100)));
        assertEquals("fr", LanguageGuess.of(TextDocuments.FRENCH));
    }

    @Test
    void everySampleOfTheWarmUpParses() {
        assertDoesNotThrow(() -> new DocumentExtractor().warmUp());
    }

    private static void embed(EmbeddedDocuments embedded) throws Exception {
        embedded.parseEmbedded(
                new ByteArrayInputStream(new byte[1]), new DefaultHandler(), new Metadata(), true);
    }
}
