package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that begins anew is the same process to everybody else, at every moment. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BeginAnewTest {
    private static final int TIMES = 6;
    private static final String MARK = "B\u00fcndel mit Leerzeichen";

    @TempDir Path folder;

    private final OperatingSystem os = OperatingSystem.current();

    @BeforeEach
    void assumeLinux() {
        Assumptions.assumeTrue("linux".equals(os.name()), "Linux");
    }

    @Test
    void keepsItsPidStartTimeArgumentsAndEnvironmentAndNoDescriptor() throws Exception {
        final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        final Path lines = folder.resolve("lines");
        Files.createFile(lines);
        final Process child = start(java, lines);
        try {
            final long startTime = os.startTime(child.pid());
            while (Files.readAllLines(lines, StandardCharsets.UTF_8).size() < TIMES) {
                assertTrue(child.isAlive());
                assertEquals(startTime, os.startTime(child.pid()), "it was never away");
            }
            final List<String> all = Files.readAllLines(lines, StandardCharsets.UTF_8);
            assertEquals(1, new HashSet<>(all).size(), all::toString);
            assertTrue(
                    all.get(0).startsWith(child.pid() + " " + startTime + " " + MARK),
                    all::toString);
            end(child);
            assertEquals(0, child.exitValue());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void aProgramThatIsGoneIsAnErrorAndTheProcessGoesOn() throws Exception {
        final Path java = folder.resolve("java");
        Files.createSymbolicLink(java, Path.of(System.getProperty("java.home"), "bin", "java"));
        final Path lines = folder.resolve("lines");
        Files.createFile(lines);
        final Process child = start(java, lines, "gone");
        try {
            while (Files.readAllLines(lines, StandardCharsets.UTF_8).isEmpty()) {
                assertTrue(child.isAlive());
            }
            assertEquals(
                    List.of("refused: ENOENT"), Files.readAllLines(lines, StandardCharsets.UTF_8));
            end(child);
            assertEquals(0, child.exitValue());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static Process start(final Path java, final Path lines, final String... more)
            throws IOException {
        final List<String> command = new ArrayList<>();
        Collections.addAll(
                command,
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsun.jnu.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                lines.toString());
        Collections.addAll(command, more);
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("MARK", MARK);
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void end(final Process child) throws Exception {
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();
        assertTrue(child.waitFor(1, TimeUnit.MINUTES));
    }

    /** Writes a line and begins anew, until there are enough; then waits for its stdin. */
    static final class Child {
        private Child() {}

        public static void main(final String[] arguments) throws Exception {
            final OperatingSystem os = OperatingSystem.current();
            final Path lines = Path.of(arguments[0]);
            if (arguments.length > 1) {
                Files.delete(Path.of(os.commandLine(ProcessHandle.current().pid()).get(0)));
                try {
                    os.beginAnew();
                } catch (final OsException refused) {
                    Files.writeString(lines, "refused: " + refused.errno() + "\n");
                }
            } else {
                again(os, lines);
            }
            System.in.read();
        }

        private static void again(final OperatingSystem os, final Path lines) throws IOException {
            final long pid = ProcessHandle.current().pid();
            final long descriptors;
            try (Stream<Path> each = Files.list(Path.of("/proc/self/fd"))) {
                descriptors = each.count();
            }
            Files.writeString(
                    lines,
                    pid
                            + " "
                            + os.startTime(pid)
                            + " "
                            + System.getenv("MARK")
                            + " "
                            + descriptors
                            + "\n",
                    StandardOpenOption.APPEND);
            if (Files.readAllLines(lines, StandardCharsets.UTF_8).size() < TIMES) {
                // Left open on purpose: it must not be there after it.
                FileChannel.open(lines, StandardOpenOption.READ);
                os.beginAnew();
            }
        }
    }
}
