package io.coppice.root.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice restart}: stops one daemon in order and starts it again. */
@Command(
        name = "restart",
        description = "Stops one daemon in order and starts it again.",
        mixinStandardHelpOptions = true)
final class RestartCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TREE/DAEMON", description = "The daemon, as in catalog/scan.")
    private String daemon;

    @Override
    public Integer call() {
        return DaemonCommands.askAndAwaitReady(
                daemon,
                io.coppice.pool.board.Command.RESTART,
                "it is started or stopped already, wait for that");
    }
}
