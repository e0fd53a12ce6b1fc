package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jetty's server and client as they are, accelerated by a property and a variable. */
@Timeout(180)
class JettyTest {
    /** What goes each way over the Unix-domain connector, without headers. */
    private static final long BODIES = 4 * 8 * (1L + 999 + (1 << 16) + (1 << 20));

    @TempDir Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        for (final Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
    }

    private Process start(
            final boolean isProvided, final boolean isListed, final String... arguments)
            throws IOException {
        return start("java.base/jdk.internal.misc", isProvided, isListed, arguments);
    }

    private Process start(
            final String opened,
            final boolean isProvided,
            final boolean isListed,
            final String... arguments)
            throws IOException {
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "--add-opens",
                                opened + "=ALL-UNNAMED"));
        if (isProvided) {
            command.add(
                    "-Djava.nio.channels.spi.SelectorProvider="
                            + CoppiceSelectorProvider.class.getName());
        }
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        JettyMain.class.getName(),
                        path().toString()));
        command.addAll(List.of(arguments));
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove(Acceleration.VARIABLE);
        if (isListed) {
            builder.environment().put(Acceleration.VARIABLE, path().toString());
        }
        final Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Path path() {
        return folder.resolve("jetty");
    }

    private static long[] counts(final Process process) throws Exception {
        final String line = lastLine(process);
        assertTrue(line.startsWith("counted "), line);
        return Arrays.stream(line.substring("counted ".length()).split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private static String lastLine(final Process process) throws Exception {
        final String line;
        try (BufferedReader reader = process.inputReader()) {
            line = reader.readLine();
        }
        assertEquals(0, process.waitFor());
        return line;
    }

    @Test
    void requestsGoThroughSharedMemory() throws Exception {
        final long[] counts = counts(start(true, true, "both"));
        assertTrue(counts[0] >= 2 && counts[0] % 2 == 0, () -> counts[0] + " ends");
        assertTrue(counts[1] > 2 * BODIES, () -> counts[1] + " bytes were read");
        assertTrue(counts[2] > 2 * BODIES, () -> counts[2] + " bytes were written");
    }

    @Test
    void twoProgramsMeet() throws Exception {
        final Process server = start(true, true, "server");
        final BufferedReader said = server.inputReader();
        final String port = said.readLine().substring("port ".length());
        final long[] asked = counts(start(true, true, "client", port));
        server.getOutputStream().close();
        assertTrue(asked[1] > BODIES, () -> asked[1] + " bytes were read");
        final long[] served = counts(server);
        assertEquals(asked[0], served[0]);
        assertEquals(asked[1], served[2]);
        assertEquals(asked[2], served[1]);
    }

    @Test
    void withoutTheVariableNothingIsAccelerated() throws Exception {
        final long[] counts = counts(start(true, false, "both"));
        assertEquals(0, counts[0] + counts[1] + counts[2]);
    }

    @Test
    void withoutTheFlagBytesGoOverTheSockets() throws Exception {
        final long[] counts = counts(start("java.base/java.lang", true, true, "both"));
        assertEquals(0, counts[0] + counts[1] + counts[2]);
    }

    @Test
    void withoutThePropertyTheJarChangesNothing() throws Exception {
        final String provider = lastLine(start(false, true, "both"));
        assertTrue(provider.startsWith("provider sun.nio.ch."), provider);
    }
}
