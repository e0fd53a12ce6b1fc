package io.coppice.examples.catalog;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lists folders. */
@FunctionalInterface
interface FolderNames {
    /**
     * Returns the raw names in a folder, in any order.
     *
     * @throws IOException where it cannot be listed
     */
    List<byte[]> list(Path folder) throws IOException;

    /** Asks the file system. */
    static List<byte[]> ofFileSystem(final Path folder) throws IOException {
        final List<byte[]> names = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (final Path child : children) {
                names.add(RawPath.nameBytes(child));
            }
        } catch (final DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return names;
    }
}
