package io.coppice.root.loop;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code coppice reload} that root starts for itself on SIGHUP: root reads no manifests. What
 * it prints goes to root's log. For root's thread, but for {@link #request}.
 */
final class ReloadCommandProcess {
    private static final String MAIN = "io.coppice.root.cli.Coppice";

    private final Path runDirectory;
    private final String tree;
    private volatile boolean requested;
    private Process process;

    ReloadCommandProcess(final Path runDirectory, final String tree) {
        this.runDirectory = runDirectory;
        this.tree = tree;
    }

    /** Asks for a reload; from any thread, to be followed by the doorbell. */
    void request() {
        requested = true;
    }

    /** Returns whether it was asked for and not started yet. */
    boolean isRequested() {
        return requested;
    }

    /** Starts the command where that was asked for and the last one has ended. */
    void step() {
        if (!requested || isAlive()) {
            return;
        }
        requested = false;
        try {
            process = start();
        } catch (final IOException | RuntimeException | Error refused) {
            // An Error too: "unable to create native thread" is what the JDK makes of EAGAIN.
            System.err.println("root: SIGHUP: the reload cannot be started: " + refused);
        }
    }

    /** Returns whether the last one runs: whoever begins anew has it left behind unreaped. */
    boolean isAlive() {
        return process != null && process.isAlive();
    }

    private Process start() throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED"));
        final String home = System.getProperty("coppice.home");
        if (home != null) {
            command.add("-Dcoppice.home=" + home);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(List.of("reload", tree, "--no-wait"));
        final ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(Redirect.INHERIT)
                        .redirectError(Redirect.INHERIT);
        builder.environment().put(RunDirectory.BASE_VARIABLE, runDirectory.getParent().toString());
        return builder.start();
    }
}
