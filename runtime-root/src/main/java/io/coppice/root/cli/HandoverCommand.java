package io.coppice.root.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice handover}: has one daemon close in order and its standby go on. */
@Command(
        name = "handover",
        description = "Has one daemon close in order and its warm standby go on.",
        mixinStandardHelpOptions = true)
final class HandoverCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TREE/DAEMON", description = "The daemon, as in catalog/catalog.")
    private String daemon;

    @Override
    public Integer call() {
        return DaemonCommands.askAndAwaitReady(
                daemon,
                io.coppice.pool.board.Command.HANDOVER,
                "there is no warm standby, or it hands over already; see \"coppice status\"");
    }
}
