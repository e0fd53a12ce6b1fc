package io.coppice.ring.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of a test: a JVM that runs one of the test's classes until it is killed. */
final class Child implements Closeable {
    private final Process process;

    Child(final Class<?> main, final String... arguments) throws IOException {
        this(true, main, arguments);
    }

    /**
     * Starts one.
     *
     * @param isLetAtMemory whether it has the JVM argument that shared memory needs
     */
    Child(final boolean isLetAtMemory, final Class<?> main, final String... arguments)
            throws IOException {
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx64m",
                                "--add-opens",
                                isLetAtMemory
                                        ? "java.base/jdk.internal.misc=ALL-UNNAMED"
                                        : "java.base/java.lang=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Waits until it has printed so many more bytes. */
    void awaitProgress(final int bytes) throws IOException {
        if (process.getInputStream().readNBytes(bytes).length != bytes) {
            throw new IOException("the process ended by itself");
        }
    }

    /** SIGKILL; returns once the kernel says that it is dead. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
