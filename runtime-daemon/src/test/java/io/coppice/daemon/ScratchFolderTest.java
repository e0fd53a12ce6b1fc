package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed worker left behind is gone before the next one starts. */
final class ScratchFolderTest {
    @TempDir Path base;

    @Test
    void makesWhatIsMissing() throws IOException {
        final Path folder = ScratchFolder.emptied(base.resolve("a/b"));

        assertTrue(Files.isDirectory(folder));
    }

    @Test
    void emptiesWhatIsThereAndFollowsNoLink() throws IOException {
        final Path kept = Files.writeString(base.resolve("kept"), "kept");
        final Path keptFolder = Files.createDirectories(base.resolve("kept-folder"));
        Files.writeString(keptFolder.resolve("file"), "kept");
        final Path folder = Files.createDirectories(base.resolve("scratch"));
        Files.writeString(Files.createDirectories(folder.resolve("x/y")).resolve("file"), "left");
        Files.createSymbolicLink(folder.resolve("link"), kept);
        Files.createSymbolicLink(folder.resolve("x/folder-link"), keptFolder);

        ScratchFolder.emptied(folder);

        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
        assertEquals("kept", Files.readString(kept));
        assertEquals("kept", Files.readString(keptFolder.resolve("file")));
    }
}
