package io.coppice.root.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice status}: reads boards and arenas, and never asks root. */
@Command(
        name = "status",
        description = "Shows trees, their daemons and pools.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TREE", arity = "0..1", description = "The tree; without it all.")
    private String tree;

    @Option(
            names = "--json",
            description = "Prints JSON (format 1; keys are added, never renamed).")
    private boolean json;

    @Override
    public Integer call() {
        final List<TreeView> views = tree == null ? Trees.all() : List.of(Trees.find(tree));
        final List<TreeStatus> statuses = views.stream().map(TreeStatus::read).toList();
        if (json) {
            System.out.println(StatusJson.render(statuses));
        } else {
            StatusText.print(statuses, System.out);
        }
        return ExitStatus.DONE;
    }
}
