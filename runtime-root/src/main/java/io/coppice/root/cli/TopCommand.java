package io.coppice.root.cli;

import io.coppice.root.manifest.Durations;
import io.coppice.root.manifest.QuantityException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code coppice top}: what {@code status} shows, again and again, with rates from one look to the
 * next. Ends when no tree is left that runs.
 */
@Command(
        name = "top",
        description = "Shows what status does, again and again, until the trees have ended.",
        mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
    private static final long PERIOD_NS_MIN = TimeUnit.MILLISECONDS.toNanos(10);
    private static final String CLEAR_SCREEN = "\033[H\033[2J\033[3J";

    @Parameters(paramLabel = "TREE", arity = "0..1", description = "The tree; without it all.")
    private String tree;

    @Option(
            names = "--every",
            paramLabel = "PERIOD",
            description = "How long from one look to the next, as in 500ms (1 s).")
    private String every = "1 s";

    @Option(names = "--times", paramLabel = "N", description = "Ends after so many looks (never).")
    private int times = Integer.MAX_VALUE;

    @Override
    public Integer call() {
        final long periodNs = periodNs();
        if (times < 1) {
            throw new CommandFailure(ExitStatus.USAGE, "--times " + times + ": use 1 or more");
        }
        final boolean isTerminal = ProgressBar.isTerminal();
        List<TreeStatus> before = look();
        for (int time = 0; time < times; time++) {
            pause(periodNs);
            final List<TreeStatus> now = TreeStatus.since(before, look());
            if (isTerminal) {
                System.out.print(CLEAR_SCREEN);
            } else if (time > 0) {
                System.out.println();
            }
            StatusText.print(now, System.out);
            System.out.flush();
            if (now.stream().noneMatch(status -> status.rootPid() != 0)) {
                break;
            }
            before = now;
        }
        return ExitStatus.DONE;
    }

    private List<TreeStatus> look() {
        final List<TreeView> views = tree == null ? Trees.all() : List.of(Trees.find(tree));
        return views.stream().map(TreeStatus::read).toList();
    }

    /** Waits all of the period, whatever wakes the thread before. */
    static void pause(final long periodNs) {
        final long beganNs = System.nanoTime();
        long leftNs = periodNs;
        while (leftNs > 0) {
            LockSupport.parkNanos(leftNs);
            leftNs = periodNs - (System.nanoTime() - beganNs);
        }
    }

    private long periodNs() {
        try {
            final long periodNs = Durations.parse(every);
            if (periodNs >= PERIOD_NS_MIN) {
                return periodNs;
            }
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "--every " + every + ": use at least " + Durations.format(PERIOD_NS_MIN));
        } catch (final QuantityException wrong) {
            throw new CommandFailure(ExitStatus.USAGE, "--every: " + wrong.getMessage());
        }
    }
}
