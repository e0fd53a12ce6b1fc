package io.coppice.examples.catalog.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.tika.exception.TikaException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each fault is the real thing: what ends a process ends a process, here a child's. */
@Timeout(120)
class FaultyParserTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EXIT_SIGABRT = 128 + 6;
    private static final int EXIT_OUT_OF_MEMORY = 3;

    @TempDir private Path folder;

    @Test
    void crashEndsTheJvmBySignalAndLeavesNothingBehind() throws Exception {
        assertEquals(EXIT_SIGABRT, exitCodeOf(shipped("crash")));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("child.out")), left.toList());
        }
    }

    @Test
    void exhaustRunsOutOfMemory() throws Exception {
        assertEquals(EXIT_OUT_OF_MEMORY, exitCodeOf(shipped("exhaust")));
    }

    @Test
    void exitEndsTheJvmWithItsCode() throws Exception {
        assertEquals(FaultyParser.EXIT_CODE, exitCodeOf(order("exit")));
    }

    @Test
    void hangWaitsUntilItIsKilled() throws Exception {
        try (Child child = Child.start(folder, List.of(), shipped("hang"))) {
            Awaitility.await().atMost(PATIENCE).until(() -> child.lastLine().equals("hanging"));
            assertTrue(child.isAlive());
        }
    }

    @Test
    void recurseOverflowsTheStackForTheCallerToSee() throws Exception {
        try (Child child = Child.start(folder, List.of(), shipped("recurse"))) {
            assertEquals(0, child.exitCode(PATIENCE));
            assertEquals("StackOverflowError", child.lastLine());
        }
    }

    @Test
    void throwThrowsItsMessage() throws Exception {
        Path file = order("throw no such luck");
        TikaException failure =
                assertThrows(TikaException.class, () -> new DocumentExtractor().extract(file));
        assertEquals("no such luck", failure.getMessage());
    }

    @Test
    void refusesAFaultItDoesNotKnow() throws Exception {
        Path file = order("explode");
        TikaException failure =
                assertThrows(TikaException.class, () -> new DocumentExtractor().extract(file));
        assertEquals("unknown fault 'explode'", failure.getMessage());
    }

    private int exitCodeOf(Path document) throws Exception {
        try (Child child = Child.start(folder, List.of(), document)) {
            return child.exitCode(PATIENCE);
        }
    }

    private Path order(String fault) throws IOException {
        // Not beside the child's output, so that what a crash leaves can be told from it; the
        // magic, not the name, decides.
        Path inputs = Files.createDirectories(folder.resolve("inputs"));
        return Files.writeString(inputs.resolve("fault"), "#coppice-fault\n" + fault + "\n");
    }

    private static Path shipped(String fault) {
        return Path.of("documents", "nasty", fault + ".fault");
    }
}
