package io.coppice.examples.catalog.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** Holds the shipped documents to the table in README.md, and to the generator that made them. */
class ShippedDocumentsTest {
    private static final Path DOCUMENTS = Path.of("documents");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| [^|]+ \\| `([^`]+)` \\|");
    private static final Set<String> DEADLY = Set.of("crashed", "timed-out", "out-of-memory");
    private static final long TOTAL_BYTES_MAX = 1024 * 1024;

    @Test
    void everyDocumentHasTheOutcomeThatTheReadmeSays() throws Exception {
        assertEquals(readme(), outcomes(readme()));
    }

    @Test
    void aSecondExtractorSaysTheSameOfEveryDocument() throws Exception {
        assertEquals(extractions(), extractions());
    }

    @Test
    void theReadmeListsEveryDocumentAndNoOther() throws IOException {
        assertEquals(files(), readme().keySet());
    }

    @Test
    void theGeneratorMakesEveryDocumentAsItIsShipped() throws IOException {
        Map<String, byte[]> made = DocumentsGenerator.documents();
        assertEquals(files(), made.keySet());
        // How well zlib compresses depends on its version, so of the bomb only what it holds is
        // compared.
        byte[] bomb = made.remove("nasty/bomb.zip");
        assertEquals(
                expandedBytes(
                        Files.readAllBytes(DocumentsGenerator.at(DOCUMENTS, "nasty/bomb.zip"))),
                expandedBytes(bomb));
        for (Map.Entry<String, byte[]> document : made.entrySet()) {
            byte[] shipped =
                    Files.readAllBytes(DocumentsGenerator.at(DOCUMENTS, document.getKey()));
            assertArrayEquals(document.getValue(), shipped, document.getKey());
        }
    }

    @Test
    void theDocumentsStaySmall() throws IOException {
        long bytes = 0;
        for (String file : files()) {
            bytes += Files.size(DocumentsGenerator.at(DOCUMENTS, file));
        }
        assertTrue(bytes < TOTAL_BYTES_MAX, bytes + " bytes");
    }

    private static Map<String, String> readme() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(row.group(1), row.group(2));
            }
        }
        return rows;
    }

    private static Map<String, String> outcomes(Map<String, String> expected) {
        DocumentExtractor extractor = new DocumentExtractor();
        Map<String, String> outcomes = new TreeMap<>();
        expected.forEach(
                (file, outcome) ->
                        outcomes.put(
                                file,
                                DEADLY.contains(outcome) ? outcome : outcome(extractor, file)));
        return outcomes;
    }

    private static String outcome(DocumentExtractor extractor, String file) {
        try {
            Extraction found = extractor.extract(DocumentsGenerator.at(DOCUMENTS, file));
            StringBuilder line = new StringBuilder("ok ");
            line.append(found.mediaType()).append(", ").append(found.textLength());
            append(line, "", found.language());
            append(line, "title ", found.title());
            append(line, "by ", found.author());
            return line.toString();
        } catch (Exception | StackOverflowError e) {
            return "failed " + DocumentExtractor.describe(e);
        }
    }

    private static void append(StringBuilder line, String label, String value) {
        if (value != null) {
            line.append(", ").append(label).append(value);
        }
    }

    private static Map<String, String> extractions() throws IOException {
        DocumentExtractor extractor = new DocumentExtractor();
        Map<String, String> extractions = new TreeMap<>();
        readme().forEach(
                        (file, outcome) -> {
                            if (outcome.startsWith("ok ")) {
                                extractions.put(file, extraction(extractor, file));
                            }
                        });
        assertTrue(extractions.size() > 20, "the readme's table was not understood");
        return extractions;
    }

    private static String extraction(DocumentExtractor extractor, String file) {
        try {
            return extractor.extract(DocumentsGenerator.at(DOCUMENTS, file)).toString();
        } catch (Exception e) {
            return DocumentExtractor.describe(e);
        }
    }

    private static Set<String> files() throws IOException {
        Set<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.walk(DOCUMENTS)) {
            all.filter(Files::isRegularFile).forEach(file -> files.add(nameOf(file)));
        }
        return files;
    }

    private static String nameOf(Path file) {
        return DOCUMENTS.toUri().relativize(file.toUri()).getPath();
    }

    private static long expandedBytes(byte[] zip) throws IOException {
        try (InputStream bytes = new ByteArrayInputStream(zip);
                ZipInputStream in = new ZipInputStream(bytes)) {
            in.getNextEntry();
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
