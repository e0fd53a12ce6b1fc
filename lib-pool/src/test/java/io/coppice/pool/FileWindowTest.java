package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWindowTest {
    private static final int BYTES = 4096;

    @TempDir Path folder;

    private Path file;
    private FileWindow window;
    private Memory mapping;

    @BeforeEach
    void open() throws IOException {
        file = Files.write(folder.resolve("words"), new byte[BYTES]);
        window = FileWindow.open(file, 24);
        mapping = MappedFile.writable(file);
    }

    @Test
    void seesWhatIsStoredThroughAMapping() {
        mapping.putLong(128, 7);
        mapping.putInt(144, -1);
        window.load(128);
        assertEquals(7, window.getLong(0));
        assertEquals(0, window.getLong(8));
        assertEquals(-1, window.getInt(16));

        mapping.putLong(128, 8);
        assertEquals(7, window.getLong(0), "a load is of its moment");
        window.load(128);
        assertEquals(8, window.getLong(0));
    }

    @Test
    void isSeenThroughAMapping() {
        window.putInt(1024, 5);
        assertEquals(5, mapping.getInt(1024));
        assertEquals(0, mapping.getInt(1028));
    }

    @Test
    void readsWhatTheFileDoesNotHaveAsZero() throws IOException {
        mapping.putLong(0, -1);
        mapping.putLong(8, -1);
        window.load(0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(12);
            window.load(0);
            assertEquals(-1, window.getLong(0));
            assertEquals(0xFFFFFFFFL, window.getLong(8), "the half that is left");
            channel.truncate(0);
            window.load(0);
            assertEquals(0, window.getLong(0));
            window.load(1L << 40);
            assertEquals(0, window.getLong(16));
        }
    }

    @Test
    void saysWhichFileIsMissing() {
        final UncheckedIOException refused =
                assertThrows(
                        UncheckedIOException.class,
                        () -> FileWindow.open(folder.resolve("none"), 8));
        assertEquals(
                folder.resolve("none") + ": cannot be opened: " + folder.resolve("none"),
                refused.getMessage());
    }
}
