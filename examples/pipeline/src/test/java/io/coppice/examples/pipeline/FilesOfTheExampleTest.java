package io.coppice.examples.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.daemon.DoNotRestartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that go in and come out, and what an operator may name wrongly. */
class FilesOfTheExampleTest {
    @TempDir Path folder;

    @Test
    void listsRegularFilesByNameAndNoticesEveryChange() throws IOException {
        Files.writeString(folder.resolve("b"), "two");
        Files.writeString(folder.resolve("a"), "one");
        Files.createDirectory(folder.resolve("c"));
        final InputFiles files = InputFiles.of(folder);
        assertEquals(2, files.count());
        assertEquals(folder.resolve("a"), files.file(0));
        assertEquals(6, files.bytes());
        assertEquals(files.fingerprint(), InputFiles.of(folder).fingerprint());
        Files.writeString(folder.resolve("a"), "longer");
        assertNotEquals(files.fingerprint(), InputFiles.of(folder).fingerprint());
    }

    @Test
    void refusesAFolderThatIsNoneOrHasNoFiles() {
        assertRefused("cannot be read", () -> InputFiles.of(folder.resolve("none")));
        assertRefused("has 0 files", () -> InputFiles.of(folder));
    }

    @Test
    void cutsOffWhatDoesNotCount() throws IOException {
        final Path file = folder.resolve("out");
        Files.writeString(file, "counted, and half a li");
        try (OutputFile output = OutputFile.open(file, 7)) {
            assertEquals("counted", Files.readString(file));
            output.write(7, ByteBuffer.wrap("\n".getBytes(StandardCharsets.US_ASCII)));
        }
        assertEquals("counted\n", Files.readString(file));
    }

    @Test
    void refusesAFileThatIsShorterThanWhatCounts() throws IOException {
        final Path file = folder.resolve("out");
        Files.writeString(file, "short");
        assertRefused("has 5 bytes, of 7", () -> OutputFile.open(file, 7));
        assertEquals("short", Files.readString(file), "it is left alone");
        assertRefused("no regular file", () -> OutputFile.open(folder, 0));
        assertRefused("cannot be written", () -> OutputFile.open(folder.resolve("x/y"), 0));
    }

    private static void assertRefused(final String what, final Runnable action) {
        final String message = assertThrows(DoNotRestartException.class, action::run).getMessage();
        assertTrue(message.contains(what), message);
        assertEquals(1, message.lines().count(), message);
    }
}
