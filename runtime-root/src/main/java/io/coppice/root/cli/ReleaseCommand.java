package io.coppice.root.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice release}: starts a quarantined daemon again, its deaths forgotten. */
@Command(
        name = "release",
        description = "Starts a quarantined daemon again.",
        mixinStandardHelpOptions = true)
final class ReleaseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TREE/DAEMON", description = "The daemon, as in catalog/scan.")
    private String daemon;

    @Override
    public Integer call() {
        return DaemonCommands.askAndAwaitReady(
                daemon,
                io.coppice.pool.board.Command.RELEASE,
                "only a quarantined daemon can be released");
    }
}
