package io.coppice.root.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice status}: reads boards and arenas, and never asks root. */
@Command(
        name = "status",
        description = "Shows trees, their daemons, pools and rings.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    /** Between the two looks that a rate needs. */
    private static final long RATE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    @Parameters(paramLabel = "TREE", arity = "0..1", description = "The tree; without it all.")
    private String tree;

    @Option(
            names = "--json",
            description = "Prints JSON (format 1; keys are added, never renamed).")
    private boolean json;

    @Override
    public Integer call() {
        final List<TreeView> views = tree == null ? Trees.all() : List.of(Trees.find(tree));
        final List<TreeStatus> statuses = rated(views);
        if (json) {
            System.out.println(StatusJson.render(statuses));
        } else {
            StatusText.print(statuses, System.out);
        }
        return ExitStatus.DONE;
    }

    /** Looks twice where rings show, since a rate is what came between two looks. */
    private static List<TreeStatus> rated(final List<TreeView> views) {
        final List<TreeStatus> first = views.stream().map(TreeStatus::read).toList();
        if (first.stream().noneMatch(TreeStatus::hasRates)) {
            return first;
        }
        TopCommand.pause(RATE_NS);
        return TreeStatus.since(first, views.stream().map(TreeStatus::read).toList());
    }
}
