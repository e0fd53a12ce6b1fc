package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.tika.io.TemporaryResources;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;

/**
 * Opens a file for Tika, whatever bytes its name is made of.
 *
 * <p>Some parsers reopen a file by {@link java.io.File}, which knows names as strings only. A name
 * that the locale cannot spell would be another name by then, so such a file is handed over as a
 * stream.
 */
final class DocumentInput implements AutoCloseable {
    private final TemporaryResources temporary = new TemporaryResources();
    private final TikaInputStream stream;

    private DocumentInput(Path file, Metadata metadata) throws IOException {
        if (isSpelt(file)) {
            this.stream = TikaInputStream.get(file, metadata);
        } else {
            InputStream in = Files.newInputStream(file);
            temporary.addResource(in);
            this.stream = TikaInputStream.get(in, temporary, metadata);
        }
    }

    /**
     * Opens a file and tells Tika its name, in the percent-encoding that is the same in every
     * locale.
     */
    static DocumentInput open(Path file, Metadata metadata) throws IOException {
        String path = file.toUri().getRawPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        return new DocumentInput(file, metadata);
    }

    TikaInputStream stream() {
        return stream;
    }

    @Override
    public void close() throws IOException {
        try (temporary) {
            stream.close();
        }
    }

    private static boolean isSpelt(Path file) {
        try {
            return file.getFileSystem().getPath(file.toString()).equals(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
