package io.coppice.root.cli;

import io.coppice.os.Signals;
import io.coppice.root.manifest.Sizes;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code status} for people. */
final class StatusText {
    private static final String DAEMON_ROW = "  %-16s %-12s %8s %6s %9s %10s %24s  %s%n";
    private static final String POOL_ROW =
            "    pool %-12s workers %d of %d (%d busy)  waiting or running %d  done %d  died %d%n";
    private static final double MS_PER_SECOND = 1000.0;

    private StatusText() {}

    static void print(final List<TreeStatus> statuses, final PrintStream out) {
        if (statuses.isEmpty()) {
            out.println("no trees; start one with \"coppice run MANIFEST\"");
        }
        for (final TreeStatus status : statuses) {
            out.printf(
                    "%s  %s  root %s  up %s  resident %s%n",
                    status.name(),
                    status.state(),
                    status.rootPid() == 0 ? "-" : status.rootPid(),
                    seconds(status.uptimeMs()),
                    Sizes.rounded(status.residentBytes()));
            out.printf(
                    DAEMON_ROW,
                    "DAEMON",
                    "STATE",
                    "PID",
                    "EPOCH",
                    "RESTARTS",
                    "UPTIME",
                    "MEMORY",
                    "LAST EXIT");
            for (final TreeStatus.Daemon daemon : status.daemons()) {
                print(daemon, out);
            }
        }
    }

    private static void print(final TreeStatus.Daemon daemon, final PrintStream out) {
        out.printf(
                DAEMON_ROW,
                daemon.name(),
                daemon.state(),
                daemon.pid() == 0 ? "-" : daemon.pid(),
                daemon.epoch(),
                daemon.restarts(),
                daemon.pid() == 0 ? "-" : seconds(daemon.uptimeMs()),
                Sizes.rounded(daemon.usedBytes()) + " of " + Sizes.rounded(daemon.budgetBytes()),
                exit(daemon.lastExit()));
        for (final TreeStatus.Pool pool : daemon.pools()) {
            out.printf(
                    POOL_ROW,
                    pool.name(),
                    pool.workers(),
                    pool.workersMax(),
                    pool.busy(),
                    pool.unfinished(),
                    pool.finished(),
                    pool.died());
        }
    }

    /** Returns an exit in words. */
    static String exit(final TreeStatus.Exit exit) {
        if (exit == null) {
            return "-";
        }
        final int signal = Signals.ofExitStatus((int) exit.status());
        final String how = signal == 0 ? "exit code " + exit.status() : Signals.name(signal);
        return exit.exitClass().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " ("
                + how
                + ")";
    }

    private static String seconds(final long ms) {
        return String.format(Locale.ROOT, "%.1f s", ms / MS_PER_SECOND);
    }
}
