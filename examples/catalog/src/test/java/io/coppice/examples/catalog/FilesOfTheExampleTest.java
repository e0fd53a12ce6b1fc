package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.daemon.DoNotRestartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator may name wrongly ends in one line. */
class FilesOfTheExampleTest {
    @TempDir Path folder;

    @Test
    void takesAFolder() {
        assertArrayEquals(RawPath.absoluteBytes(folder), InputFolder.of(folder.toString()));
    }

    @Test
    void refusesAnInputThatIsNotThere() {
        assertRefused("does not exist", folder.resolve("none"));
    }

    @Test
    void refusesAnInputThatIsAFile() throws IOException {
        assertRefused("is not a folder", Files.createFile(folder.resolve("file")));
    }

    @Test
    void refusesAnOutputBelowAFolderThatIsNotThere() {
        assertOutputRefused("there is no such folder", folder.resolve("none/catalog.jsonl"));
    }

    @Test
    void refusesAnOutputThatIsAFolder() {
        assertOutputRefused("it is not a regular file", folder);
    }

    @Test
    void opensAnOutputWithoutChangingIt() throws IOException {
        final Path file = Files.writeString(folder.resolve("out"), "kept");

        try (CatalogOutput output = CatalogOutput.open(file)) {
            assertEquals(4, output.length());
        }

        assertEquals("kept", Files.readString(file));
    }

    private static void assertRefused(final String reason, final Path input) {
        final Exception refusal =
                assertThrows(DoNotRestartException.class, () -> InputFolder.of(input.toString()));
        assertOneLine(refusal, reason, input);
    }

    private static void assertOutputRefused(final String reason, final Path file) {
        final Exception refusal =
                assertThrows(DoNotRestartException.class, () -> CatalogOutput.open(file));
        assertOneLine(refusal, reason, file);
    }

    private static void assertOneLine(
            final Exception refusal, final String reason, final Path path) {
        assertTrue(refusal.getMessage().contains(reason), refusal::getMessage);
        assertTrue(refusal.getMessage().contains(path.toString()), refusal::getMessage);
        assertEquals(1, refusal.getMessage().lines().count());
    }
}
