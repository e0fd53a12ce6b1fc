package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the documents that ship with the example, all of them of our own making, always the same
 * bytes.
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
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (Map.Entry<String, byte[]> document : documents().entrySet()) {
            Path file = at(folder, document.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, document.getValue());
        }
    }

    /** Resolves a name byte by byte, because not every locale can spell all of the names. */
    static Path at(Path folder, String name) {
        try {
            URI relative = new URI(null, null, name, null);
            return Path.of(URI.create(folder.toUri() + relative.toASCIIString()));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not the name of a document: " + name, e);
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
