package io.coppice.root.cli;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.ChaosKind;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice chaos}: begins or ends chaos in a tree that runs. */
@Command(
        name = "chaos",
        description = "Kills or stops random processes of a running tree, or ends that.",
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "TREE",
            arity = "0..1",
            description = "The tree; may be left out where only one runs.")
    private String tree;

    @Option(names = "--period", paramLabel = "PERIOD", description = "How often, as in 300ms.")
    private String period;

    @Option(
            names = "--kinds",
            paramLabel = "KIND",
            split = ",",
            description = "What: kill, stop, root. Only kill where it is left out.")
    private List<ChaosKind> kinds = List.of();

    @Option(
            names = "--stop-for",
            paramLabel = "DURATION",
            description = "How long a process is stopped, as in 200ms.")
    private String stopFor;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random choice.")
    private Long seed;

    @Option(names = "--off", description = "Ends it; who is stopped goes on.")
    private boolean off;

    @Override
    public Integer call() {
        final boolean more = period != null || stopFor != null || seed != null || !kinds.isEmpty();
        if (off && more || !off && period == null) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    off
                            ? "--off stands alone; leave the other options out"
                            : "say how often, as in --period 500ms, or --off");
        }
        return off ? end() : begin();
    }

    private int begin() {
        final ChaosSettings settings =
                ChaosSettings.of("--period", period, kinds, "--stop-for", stopFor, seed);
        final TreeView view = Trees.findLiving(tree);
        final Answer answer =
                view.ask(
                        io.coppice.pool.board.Command.CHAOS,
                        0,
                        settings.periodNs(),
                        settings.kinds(),
                        settings.stopForNs(),
                        settings.seed());
        if (answer != Answer.ACCEPTED) {
            throw refused(view, settings);
        }
        System.out.printf(
                "tree \"%s\": %s; \"coppice chaos %s --off\" ends it%n",
                view.name(), settings, view.name());
        return ExitStatus.DONE;
    }

    private int end() {
        final TreeView view = Trees.findLiving(tree);
        if (view.ask(io.coppice.pool.board.Command.CHAOS, 0) != Answer.ACCEPTED) {
            throw refused(view, null);
        }
        System.out.printf("tree \"%s\" has no chaos any more%n", view.name());
        return ExitStatus.DONE;
    }

    /** The board has changed since, perhaps: this is the likeliest reason. */
    private static CommandFailure refused(final TreeView view, final ChaosSettings wanted) {
        final String why;
        if (view.board().treeState() == TreeState.STOPPING) {
            why = "is being stopped; start it again first";
        } else if (wanted == null) {
            why = "has no chaos to end";
        } else if (view.board().chaosPeriodNs() != 0) {
            why =
                    "has "
                            + ChaosSettings.on(view.board()).what()
                            + " already; end that with \"coppice chaos "
                            + view.name()
                            + " --off\" first";
        } else {
            why =
                    "has no guard that would start root again; leave root out of --kinds, or run the tree with --guard";
        }
        return new CommandFailure(
                ExitStatus.ALREADY_RUNNING, "tree \"" + view.name() + "\" " + why);
    }
}
