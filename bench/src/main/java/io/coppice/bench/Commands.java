package io.coppice.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts programs and waits for them. */
public final class Commands {
    private static final String CACHES = "COPPICE_AOT";

    /** Longer than making all caches may take, which is what can come before the first start. */
    private static final long PATIENCE_S = 300;

    private Commands() {}

    /** Returns the program of the JDK that runs this. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Returns the class path of this process. */
    public static String classPath() {
        return System.getProperty("java.class.path");
    }

    /**
     * Returns {@code bin/coppice} with arguments, in an environment that does not depend on the
     * caller's.
     *
     * @param runBase folder for run directories
     * @param cached whether ahead-of-time caches are made and used
     */
    static ProcessBuilder coppice(
            final Scratch scratch,
            final Path runBase,
            final boolean cached,
            final List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(scratch.home().resolve("bin").resolve("coppice").toString());
        command.addAll(arguments);
        final ProcessBuilder builder = new ProcessBuilder(command);
        final Map<String, String> environment = builder.environment();
        environment.put("COPPICE_RUN", runBase.toString());
        environment.put("COPPICE_JAVA_HOME", System.getProperty("java.home"));
        // Options that were meant for the bench's own JVM are not meant for what it measures.
        environment.remove("COPPICE_JAVA_OPTS");
        if (!cached) {
            environment.put(CACHES, "off");
        } else if ("off".equals(environment.get(CACHES))) {
            environment.remove(CACHES);
        }
        return builder;
    }

    /**
     * Runs a program to its end, its output in a file.
     *
     * @param log for the output
     * @return nanoseconds from before its start until its end was seen
     * @throws BenchFailure where it does not end with 0, with the last line it wrote
     */
    static long time(final Scratch scratch, final ProcessBuilder builder, final Path log)
            throws IOException {
        builder.redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        final long start = System.nanoTime();
        final Process process = scratch.start(builder);
        final boolean ended = await(process);
        final long ns = System.nanoTime() - start;
        if (!ended || process.exitValue() != 0) {
            scratch.requireOpen();
            throw new BenchFailure(
                    BenchFailure.BUG,
                    "\""
                            + String.join(" ", builder.command())
                            + "\" "
                            + (ended
                                    ? "ended with " + process.exitValue()
                                    : "has not ended in " + PATIENCE_S + " s")
                            + ": "
                            + lastLine(log));
        }
        return ns;
    }

    private static boolean await(final Process process) {
        try {
            return process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchFailure(
                    BenchFailure.OS_REFUSED, "the bench was interrupted", interrupted);
        }
    }

    private static String lastLine(final Path log) throws IOException {
        final List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }
}
