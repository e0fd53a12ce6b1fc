package io.coppice.root.cli;

import java.io.PrintStream;

/**
 * What is printed when a tree has finished: what its daemons say, then what became of its
 * processes.
 */
final class Summary {
    private Summary() {}

    static void print(final TreeStatus status, final String daemonTexts, final PrintStream out) {
        out.print(daemonTexts);
        long died = 0;
        final StringBuilder parts = new StringBuilder();
        for (final TreeStatus.Daemon daemon : status.daemons()) {
            died += append(parts, daemon.name(), daemon.restarts());
            for (final TreeStatus.Pool pool : daemon.pools()) {
                died += append(parts, daemon.name() + "/" + pool.name(), pool.died());
            }
        }
        out.printf("%-12s %d died and were replaced", "processes", died);
        out.print(died == 0 ? "" : ": " + parts);
        out.print(status.chaos().kills() == 0 ? "" : "; chaos killed " + status.chaos().kills());
        out.println(status.chaos().stops() == 0 ? "" : "; chaos stopped " + status.chaos().stops());
    }

    private static long append(final StringBuilder parts, final String name, final long count) {
        if (count > 0) {
            parts.append(parts.isEmpty() ? "" : ", ").append(name).append(' ').append(count);
        }
        return count;
    }
}
