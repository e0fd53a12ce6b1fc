package io.coppice.root.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coppice state}: looks into arenas, of living trees and of files. */
@Command(
        name = "state",
        description = "Lists, checks, prints and imports what daemons keep in their arenas.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StateListCommand.class,
            StateVerifyCommand.class,
            StateGetCommand.class,
            StateExportCommand.class,
            StateImportCommand.class
        })
final class StateCommand implements Callable<Integer> {
    /** How long to wait for a record that its writer keeps changing, in nanoseconds. */
    static final long READ_NS = 2_000_000_000L;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                new CommandLine(spec),
                "a command is missing: state ls, verify, get, export or import");
    }
}
