package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentFolderTest {
    private static final int FILES = 120;

    @TempDir private Path folder;

    @Test
    void makesTheSameSmallFilesOfAllKindsEachTime() throws IOException {
        final Path first = folder.resolve("first");
        final Path second = folder.resolve("second");
        DocumentFolder.make(first, FILES);
        DocumentFolder.make(second, FILES);

        final List<Path> files = files(first);
        assertEquals(FILES, files.size());
        assertEquals(files.size(), files(second).size());
        for (final Path file : files) {
            final Path twin = second.resolve(first.relativize(file));
            assertEquals(-1, Files.mismatch(file, twin), file::toString);
            assertTrue(Files.size(file) >= 1024 && Files.size(file) < 17 * 1024, file::toString);
        }
        assertEquals(
                4,
                files.stream()
                        .map(file -> file.toString().replaceAll(".*\\.", ""))
                        .collect(Collectors.toSet())
                        .size());
    }

    private static List<Path> files(final Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
