package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ScratchTest {
    @Test
    void endsItsProcessesAndTheirsAndRemovesItsFolder() throws Exception {
        final Process parent;
        final List<ProcessHandle> children;
        final Path file;
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            file = scratch.file("some").resolve("file");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "text");
            parent =
                    scratch.start(
                            new ProcessBuilder("sh", "-c", "sleep 600 & echo started; wait")
                                    .redirectErrorStream(true));
            assertEquals('s', parent.getInputStream().read());
            children = parent.descendants().toList();
            assertEquals(1, children.size());
        }
        assertFalse(parent.isAlive());
        children.get(0).onExit().get(30, TimeUnit.SECONDS);
        assertFalse(Files.exists(file.getParent().getParent()));
    }

    @Test
    void startsNothingAfterItsEnd() throws IOException {
        final Scratch scratch = Scratch.create(Path.of("unused"));
        scratch.close();
        scratch.close();
        assertThrows(BenchFailure.class, () -> scratch.start(new ProcessBuilder("true")));
    }

    @Test
    void tellsTheLastLineOfACommandThatFails() throws IOException {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final BenchFailure failure =
                    assertThrows(
                            BenchFailure.class,
                            () ->
                                    Commands.time(
                                            scratch,
                                            new ProcessBuilder("sh", "-c", "echo why; exit 3"),
                                            scratch.file("out")));
            assertTrue(failure.getMessage().endsWith("ended with 3: why"), failure.getMessage());
        }
    }
}
