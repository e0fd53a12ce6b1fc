package io.coppice.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coppice.os.OperatingSystem;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs {@code bin/coppice} as a user does: as a process, with a run folder of its own. */
final class CoppiceCli {
    /** Folder of the checkout. */
    static final Path HOME = Path.of(System.getProperty("coppice.home"));

    private static final long TIMEOUT_S = 180;

    /** A run without start caches goes on, slowly: a test would not notice. */
    private static final String LEFT_OUT = " ... left out: ";

    private static final AtomicInteger CALLS = new AtomicInteger();

    private final Path outputs;
    private final Map<String, String> environment = new TreeMap<>();

    /**
     * What a process ignores its children ignore too: without this no console would hear of SIGINT
     * where the tests are a shell's background job, and no root of SIGHUP under nohup.
     */
    private static final List<String> HEARING_SIGNALS = List.of("env", "--default-signal=INT,HUP");

    private final List<String> prefix = new ArrayList<>();

    /**
     * @param runFolder that the command is told by {@code COPPICE_RUN}
     * @param outputs folder for what the commands print
     */
    CoppiceCli(final Path runFolder, final Path outputs) {
        this.outputs = outputs;
        environment.put("COPPICE_RUN", runFolder.toString());
        environment.put("COPPICE_BUILD", "never");
        environment.put("COPPICE_AOT", TestStartCaches.FOLDER.toString());
    }

    /** What a command left: its exit code and its lines. */
    record Result(int exitCode, List<String> stdout, List<String> stderr) {
        /** Returns everything in one text, for the message of a failed assertion. */
        @Override
        public String toString() {
            return "exit "
                    + exitCode
                    + "\nstdout: "
                    + String.join("\n        ", stdout)
                    + "\nstderr: "
                    + String.join("\n        ", stderr);
        }
    }

    /** A command that runs. */
    static final class Running {
        private final Process process;
        private final Path stdout;
        private final Path stderr;

        private Running(final Process process, final Path stdout, final Path stderr) {
            this.process = process;
            this.stdout = stdout;
            this.stderr = stderr;
        }

        boolean isAlive() {
            return process.isAlive();
        }

        long pid() {
            return process.pid();
        }

        /** Sends a signal to the command, not to the tree it has started. */
        void signal(final int signal) {
            OperatingSystem.current().signal(process.pid(), signal);
        }

        List<String> errors() {
            return lines(stderr);
        }

        /** Waits for the end. */
        Result await() {
            try {
                if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(
                            "the command did not end within " + TIMEOUT_S + " s: " + result(-1));
                }
            } catch (final InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", interrupted);
            }
            final Result result = result(process.exitValue());
            if (result.stderr().stream().anyMatch(line -> line.contains(LEFT_OUT))) {
                throw new AssertionError("a start was not rehearsed: " + result);
            }
            return result;
        }

        private Result result(final int exitCode) {
            return new Result(exitCode, lines(stdout), lines(stderr));
        }

        private static List<String> lines(final Path file) {
            try {
                return new String(Files.readAllBytes(file), UTF_8).lines().toList();
            } catch (final IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /** Has the following commands use start caches, made on first use and kept with the build. */
    CoppiceCli withStartCaches() {
        environment.put("COPPICE_AOT", HOME.resolve("target").resolve("aot").toString());
        return this;
    }

    /** Sets a variable of the following commands' environment. */
    CoppiceCli with(final String variable, final String value) {
        environment.put(variable, value);
        return this;
    }

    /** Has the following commands run by another one, as in {@code setpriv}. */
    CoppiceCli through(final String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** Runs a command to its end. */
    Result run(final String... arguments) {
        return start(arguments).await();
    }

    /** Starts a command. */
    Running start(final String... arguments) {
        final int call = CALLS.incrementAndGet();
        final Path stdout = outputs.resolve(call + ".out");
        final Path stderr = outputs.resolve(call + ".err");
        final List<String> command = new ArrayList<>(HEARING_SIGNALS);
        command.addAll(prefix);
        command.add(HOME.resolve("bin").resolve("coppice").toString());
        command.addAll(List.of(arguments));
        final ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(outputs.toFile())
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        try {
            return new Running(builder.start(), stdout, stderr);
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
