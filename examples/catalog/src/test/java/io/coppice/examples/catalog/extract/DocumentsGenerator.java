package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the documents that ship with the example, all of them of our own making, always the same bytes.
 *
 * <p>Run {@code main} with the folder to write into; what it does not make it leaves alone.
 */
final class DocumentsGenerator {
    private DocumentsGenerator() {}

    /**
     * Writes the documents.
     *
     * @param arguments the folder
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (Map.Entry<String, byte[]> document : documents().entrySet()) {
            Path file = folder.resolve(document.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, document.getValue());
        }
    }

    /** Returns every document by its path relative to the folder. */
    static Map<String, byte[]> documents() {
        Map<String, byte[]> documents = new TreeMap<>();
        TextDocuments.addTo(documents);
        WebDocuments.addTo(documents);
        OfficeDocuments.addTo(documents);
        PictureDocuments.addTo(documents);
        ArchiveDocuments.addTo(documents);
        NastyDocuments.addTo(documents);
        return documents;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
