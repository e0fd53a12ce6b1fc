package io.coppice.root.cli;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the commands about one daemon have in common: ask, then wait until it is ready again. */
final class DaemonCommands {
    private static final long SLACK_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private DaemonCommands() {}

    static int askAndAwaitReady(final String name, final Command command, final String refusal) {
        final String[] parts = Trees.split(name);
        final TreeView view = Trees.findLiving(parts[0]);
        final DaemonPlan daemon = Trees.daemon(view, parts[1]);
        final long epoch = view.board().word(daemon.slot(), BoardWord.EPOCH);
        final long start = System.nanoTime();
        if (view.ask(command, daemon.slot()) != Answer.ACCEPTED) {
            throw new CommandFailure(
                    ExitStatus.ALREADY_RUNNING,
                    name + " is " + view.board().state(daemon.slot()) + ": " + refusal);
        }
        final long mostNs = daemon.stopTimeoutNs() + daemon.startTimeoutNs() + SLACK_NS;
        while (!isReadyAgain(view, daemon, epoch)) {
            if (view.board().state(daemon.slot()) == DaemonState.QUARANTINED
                    && view.board().word(daemon.slot(), BoardWord.EPOCH) > epoch) {
                throw new CommandFailure(
                        ExitStatus.BUG,
                        name + " died too often again; see its log in " + view.directory().logs());
            }
            if (System.nanoTime() - start > mostNs || !view.isRootAlive()) {
                throw new CommandFailure(
                        ExitStatus.OS_REFUSED,
                        name + " is not ready again; see its log in " + view.directory().logs());
            }
            LockSupport.parkNanos(POLL_NS);
        }
        System.out.printf(
                "%s is ready again after %d ms%n",
                name, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return ExitStatus.DONE;
    }

    private static boolean isReadyAgain(
            final TreeView view, final DaemonPlan daemon, final long epoch) {
        return view.board().word(daemon.slot(), BoardWord.EPOCH) > epoch
                && view.board().state(daemon.slot()) == DaemonState.READY;
    }
}
