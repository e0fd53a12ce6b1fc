package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice stop}: stops a tree in order and waits until it has. */
@Command(
        name = "stop",
        description = "Stops a tree, the last started daemon first. Its state is kept.",
        mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
    private static final long SLACK_NS = TimeUnit.SECONDS.toNanos(10);

    @Parameters(
            paramLabel = "TREE",
            arity = "0..1",
            description = "The tree; may be left out where only one runs.")
    private String tree;

    @Option(
            names = "--now",
            description = "Kills every process; the state is that of the last commits.")
    private boolean now;

    @Override
    public Integer call() {
        final TreeView view = Trees.findLiving(tree);
        final long pid = view.board().rootPid();
        final long startTime = view.board().rootStartTime();
        view.ask(
                now
                        ? io.coppice.pool.board.Command.STOP_AT_ONCE
                        : io.coppice.pool.board.Command.STOP,
                0);
        long mostNs = SLACK_NS;
        for (final DaemonPlan daemon : view.plan().daemons()) {
            mostNs += daemon.stopTimeoutNs();
        }
        if (!OperatingSystem.current().awaitDeath(pid, startTime, mostNs)) {
            throw new CommandFailure(
                    ExitStatus.OS_REFUSED,
                    "tree \""
                            + view.name()
                            + "\" has not stopped in time; see "
                            + view.directory().rootLog());
        }
        System.out.printf(
                "tree \"%s\" has stopped; its state is kept until \"coppice clean %s\"%n",
                view.name(), view.name());
        return ExitStatus.DONE;
    }
}
