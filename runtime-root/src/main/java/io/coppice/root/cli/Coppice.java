package io.coppice.root.cli;

import io.coppice.os.OsException;
import io.coppice.pool.ArenaException;
import io.coppice.root.manifest.ManifestError;
import io.coppice.root.manifest.ManifestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line of {@code bin/coppice}. */
@Command(
        name = "coppice",
        description =
                "Runs a Java service as a tree of processes that may die without losing its state.",
        version = "coppice 0.1.0",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            TopCommand.class,
            StopCommand.class,
            RestartCommand.class,
            ReleaseCommand.class,
            HandoverCommand.class,
            ChaosCommand.class,
            UpgradeCommand.class,
            ReloadCommand.class,
            CleanCommand.class,
            StateCommand.class
        })
public final class Coppice implements Callable<Integer> {
    /** System property that names the folder Coppice was built in. */
    public static final String HOME_PROPERTY = "coppice.home";

    private Coppice() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(final String[] args) {
        System.exit(execute(args));
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                new CommandLine(this),
                "a command is missing: run, check, status, top, stop, restart, release, handover, upgrade, reload, chaos, clean or state");
    }

    private static int execute(final String[] args) {
        final CommandLine commandLine = new CommandLine(new Coppice());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(
                (failure, arguments) -> {
                    System.err.println(
                            "coppice: "
                                    + firstLine(failure.getMessage())
                                    + " (see coppice --help)");
                    return ExitStatus.USAGE;
                });
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        return commandLine.execute(args);
    }

    /**
     * Says what went wrong, in one line for a mistake of the operator's, and returns the exit code
     * that says the same.
     */
    private static int report(final Exception failure) {
        if (failure instanceof CommandFailure refused) {
            System.err.println("coppice: " + refused.getMessage());
            return refused.status();
        }
        if (failure instanceof ManifestException wrong) {
            for (final ManifestError error : wrong.errors()) {
                System.err.println(error);
            }
            return ExitStatus.BAD_MANIFEST;
        }
        if (failure instanceof OsException
                || failure instanceof UncheckedIOException
                || failure instanceof IOException) {
            System.err.println("coppice: " + failure.getMessage());
            return ExitStatus.OS_REFUSED;
        }
        if (failure instanceof ArenaException) {
            System.err.println("coppice: " + failure.getMessage());
            return ExitStatus.BAD_DATA;
        }
        System.err.println("coppice: a mistake of ours, please report it:");
        failure.printStackTrace();
        return ExitStatus.BUG;
    }

    private static String firstLine(final String message) {
        final int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end).strip();
    }
}
