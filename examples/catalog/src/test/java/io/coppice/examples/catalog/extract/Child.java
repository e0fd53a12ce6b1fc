package io.coppice.examples.catalog.extract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM like a worker's that extracts one document and may die of it. */
final class Child implements AutoCloseable {
    /** What a worker needs so that its death is told by its exit code and leaves no litter. */
    private static final List<String> OPTIONS =
            List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx64m",
                    "-Xss1m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+SuppressFatalErrorMessage");

    private final Process process;
    private final Path output;

    private Child(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a child in a folder of the test's own; the wrapper is a command put before it, or
     * empty.
     */
    static Child start(Path folder, List<String> wrapper, Path document) throws IOException {
        Path output = folder.resolve("child.out");
        List<String> command = new ArrayList<>(wrapper);
        // A core file would be litter too, and only the limit keeps it away without hiding the
        // signal.
        command.addAll(List.of("sh", "-c", "ulimit -c 0; exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(ExtractOne.class.getName());
        command.add(document.toAbsolutePath().toString());
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        return new Child(process, output);
    }

    int exitCode(Duration patience) throws InterruptedException {
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            close();
        }
        assertTrue(ended, "the child did not end");
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(output);
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
