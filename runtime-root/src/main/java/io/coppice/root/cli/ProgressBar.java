package io.coppice.root.cli;

import java.io.PrintStream;
import java.util.Locale;

/** One line that is drawn again and again, on a terminal only. */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final double NS_PER_SECOND = 1e9;
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final long startNs = System.nanoTime();
    private boolean drawn;

    ProgressBar(final PrintStream out) {
        this.out = out;
        this.terminal = isTerminal();
    }

    @SuppressWarnings(
            "SystemConsoleNull") // It is null where no console provider takes the standard streams.
    static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    void show(final TreeStatus status) {
        if (!terminal) {
            return;
        }
        for (final TreeStatus.Daemon daemon : status.daemons()) {
            if (daemon.progressDone() > 0 || daemon.progressTotal() > 0) {
                draw(status, daemon);
                return;
            }
        }
    }

    void clear() {
        if (drawn) {
            out.print(CLEAR_LINE);
            out.flush();
            drawn = false;
        }
    }

    private void draw(final TreeStatus status, final TreeStatus.Daemon daemon) {
        final long done = daemon.progressDone();
        final long total = Math.max(daemon.progressTotal(), done);
        final boolean known = daemon.progressTotal() > 0;
        final int filled = known ? (int) (WIDTH * done / total) : 0;
        long died = 0;
        for (final TreeStatus.Daemon each : status.daemons()) {
            died += each.restarts();
            for (final TreeStatus.Pool pool : each.pools()) {
                died += pool.died();
            }
        }
        out.print(
                CLEAR_LINE
                        + status.name()
                        + " ["
                        + "#".repeat(filled)
                        + "-".repeat(WIDTH - filled)
                        + "] "
                        + String.format(
                                Locale.ROOT,
                                "%d of %s  %.1f s  %d died",
                                done,
                                known ? Long.toString(total) : "?",
                                (System.nanoTime() - startNs) / NS_PER_SECOND,
                                died));
        out.flush();
        drawn = true;
    }
}
