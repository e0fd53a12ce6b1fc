package io.coppice.root.cli;

import io.coppice.root.manifest.Sizes;
import java.io.PrintStream;
import java.nio.file.Path;
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
            if (status.chaos().settings() != null) {
                out.println("  " + status.chaos().settings().what());
            }
            if (status.upgrade() != null) {
                out.printf(
                        "  upgrade of %s is %s%n",
                        status.upgrade().daemon(),
                        StatusJson.word(status.upgrade().state().name()));
            }
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
            for (final TreeStatus.Group group : status.groups()) {
                out.printf(
                        "  group %s, with %s: %s%n",
                        group.name(), group.with(), String.join(", ", group.daemons()));
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
        if (!daemon.deaths().quarantine().isEmpty()) {
            out.println("    QUARANTINED: " + daemon.deaths().quarantine());
        }
        if (!daemon.deaths().last().isEmpty()) {
            out.println("    " + daemon.deaths().line());
        }
        if (daemon.recovery().failed() > 0) {
            out.println("    " + failures(daemon.recovery()));
        }
        for (final Path file : daemon.recovery().kept()) {
            out.println("    " + setAside(file));
        }
        if (daemon.standby() != null) {
            out.println("    " + standby(daemon.standby()));
        }
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
        for (final RingStatus ring : daemon.rings()) {
            out.println(RingText.line(ring));
        }
    }

    /** Returns in words what the standby is doing. */
    static String standby(final TreeStatus.Standby standby) {
        return "standby "
                + StatusJson.word(standby.state().name())
                + (standby.pid() == 0 ? "" : "  pid " + standby.pid())
                + "  takeovers "
                + standby.takeovers()
                + (standby.deaths() == 0 ? "" : "  died " + standby.deaths());
    }

    /** Returns in words how often recovery has failed, and why the arena is still there. */
    static String failures(final TreeStatus.Recovery recovery) {
        final String often = "RECOVERY FAILED " + recovery.failed() + " times in a row";
        if (recovery.limit() == 0 || recovery.failed() < recovery.limit()) {
            return often
                    + (recovery.limit() == 0
                            ? " (recoveryLimit 0: the arena is never set aside)"
                            : ", at " + recovery.limit() + " the arena is set aside");
        }
        switch (recovery.last()) {
            case NO_SPACE:
                return often + ", and there is no space for a fresh arena; free some";
            case TOO_MANY:
                return often + ", and as many arenas are set aside as are kept; move or remove one";
            default:
                return often + ", and the arena cannot be set aside; see log/root.log";
        }
    }

    /** Returns in words that an arena was set aside. */
    static String setAside(final Path file) {
        return "ARENA SET ASIDE as "
                + file
                + "; look at it with \"coppice state verify "
                + file
                + "\"";
    }

    /** Returns an exit in words. */
    static String exit(final TreeStatus.Exit exit) {
        if (exit == null) {
            return "-";
        }
        return DeathsStatus.words(exit.exitClass(), (int) exit.status());
    }

    private static String seconds(final long ms) {
        return String.format(Locale.ROOT, "%.1f s", ms / MS_PER_SECOND);
    }
}
