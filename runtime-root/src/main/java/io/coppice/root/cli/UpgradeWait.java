package io.coppice.root.cli;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.board.UpgradeWord;
import io.coppice.pool.plan.DaemonPlan;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks root for an upgrade and says how it ended. */
final class UpgradeWait {
    private static final long SLACK_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final TreeView view;
    private final DaemonPlan daemon;
    private final String name;

    UpgradeWait(final TreeView view, final DaemonPlan daemon, final String name) {
        this.view = view;
        this.daemon = daemon;
        this.name = name;
    }

    /**
     * Asks, and waits for the end.
     *
     * @param timeoutNs until the new process must be warm, 0 for the daemon's start timeout
     */
    int askAndAwait(final long timeoutNs) {
        final long start = System.nanoTime();
        final Answer answer =
                view.ask(Command.UPGRADE, daemon.slot(), timeoutNs, ProcessHandle.current().pid());
        if (answer != Answer.ACCEPTED) {
            throw refused(answer);
        }
        // Root has stored the word before its answer; one at a time, so it is of this upgrade.
        final long number = UpgradeWord.number(view.board().upgrade());
        final long warmNs = timeoutNs == 0 ? daemon.startTimeoutNs() : timeoutNs;
        final long mostNs = warmNs + daemon.stopTimeoutNs() + daemon.startTimeoutNs() + SLACK_NS;
        while (true) {
            final long word = view.board().upgrade();
            if (UpgradeWord.number(word) != number) {
                throw new CommandFailure(
                        ExitStatus.ALREADY_RUNNING,
                        name + ": another upgrade has begun since; see \"coppice status\"");
            }
            final UpgradeState state = UpgradeWord.state(word);
            if (!state.isUnderWay()) {
                return end(state, System.nanoTime() - start);
            }
            if (System.nanoTime() - start > mostNs || !view.isRootAlive()) {
                throw new CommandFailure(
                        ExitStatus.OS_REFUSED,
                        name
                                + ": nobody knows how the upgrade ends, it was "
                                + state
                                + " and root does not go on; see "
                                + view.directory().rootLog());
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private CommandFailure refused(final Answer answer) {
        if (answer == Answer.UNKNOWN) {
            return new CommandFailure(
                    ExitStatus.OS_REFUSED,
                    name + ": root could not read the new plan; see " + view.directory().rootLog());
        }
        final String why =
                view.board().isUpgrading()
                        ? "an upgrade is under way in this tree, wait for its end"
                        : "only a daemon that is ready can be upgraded, see \"coppice status\"";
        return new CommandFailure(
                ExitStatus.ALREADY_RUNNING,
                name + " is " + view.board().state(daemon.slot()) + ": " + why);
    }

    private int end(final UpgradeState state, final long ns) {
        final String log = "; see its log in " + view.directory().logs();
        switch (state) {
            case DONE:
                System.out.printf(
                        "%s serves from the new class path after %d ms; write it into the manifest too, a tree that was stopped starts by that%n",
                        name, TimeUnit.NANOSECONDS.toMillis(ns));
                return ExitStatus.DONE;
            case DIED:
                throw new CommandFailure(
                        ExitStatus.BAD_DATA,
                        name
                                + ": the new one died before it was warm, the old one serves on"
                                + log);
            case LATE:
                throw new CommandFailure(
                        ExitStatus.OS_REFUSED,
                        name
                                + ": the new one was not warm in time, the old one serves on; give it a longer --timeout"
                                + log);
            case TAKEN_BACK:
                throw new CommandFailure(
                        ExitStatus.BAD_DATA,
                        name
                                + ": the new one ended before it was ready, the old jars serve again"
                                + log);
            case NO_WAY_BACK:
                throw new CommandFailure(
                        ExitStatus.BAD_DATA,
                        name
                                + ": the new one ended before it was ready, and its state has the new shape already: it goes on with the new jars, mend them and upgrade again"
                                + log);
            default:
                throw new CommandFailure(
                        ExitStatus.ALREADY_RUNNING,
                        name
                                + ": was stopped, was restarted or died meanwhile, it goes on with the old jars; try again");
        }
    }
}
