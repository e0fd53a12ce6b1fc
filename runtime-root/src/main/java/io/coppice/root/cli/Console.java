package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessTree;
import io.coppice.os.Signals;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import io.coppice.root.loop.RootMain;
import io.coppice.root.loop.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Follows a tree for the person who started it: progress on a terminal, daemons in trouble, a
 * summary at the end. It only reads, so the tree goes on where the console is killed.
 */
final class Console {
    private static final long LOOK_MS = 50;
    private static final int ORPHANS_MAX = 256;
    private static final boolean IS_FIRST_PROCESS = ProcessHandle.current().pid() == 1;

    private final RootProcess root;
    private final RunDirectory directory;
    private final ProgressBar progress = new ProgressBar(System.err);
    private final Set<String> reported = new HashSet<>();
    private final Set<Path> setAside = new HashSet<>();
    private final ConsoleSignals signals;
    private boolean lossAnnounced;
    private long shownRootEpoch;

    Console(final RootProcess root, final RunDirectory directory) {
        this.root = root;
        this.directory = directory;
        this.signals = new ConsoleSignals(root, directory);
    }

    /** Waits until every daemon has been ready. */
    int awaitReady() throws IOException {
        final TreeView view = awaitBoard().orElse(null);
        while (view != null && root.isAlive() && view.board().allReadyNs() == 0) {
            final TreeStatus status = TreeStatus.read(view);
            reportTrouble(status);
            if (!reported.isEmpty()) {
                return isHopeless(status) ? ExitStatus.BAD_MANIFEST : ExitStatus.BUG;
            }
            root.awaitEnd(LOOK_MS);
        }
        if (!root.isAlive()) {
            return end(view);
        }
        System.out.printf(
                "tree \"%s\" is ready after %d ms; root has pid %d%n",
                view.name(), TreeStatus.read(view).allReadyMs(), view.board().rootPid());
        return ExitStatus.DONE;
    }

    /** Follows the tree to its end. */
    int follow() throws IOException {
        signals.answer();
        TreeView view = awaitBoard().orElse(null);
        while (root.isAlive()) {
            if (view != null) {
                view = asItIsNow(view);
                final TreeStatus status = TreeStatus.read(view);
                reportTrouble(status);
                reportLoss();
                progress.show(status);
            }
            if (IS_FIRST_PROCESS) {
                reapOrphans();
            }
            root.awaitEnd(LOOK_MS);
        }
        signals.settle();
        progress.clear();
        return end(view);
    }

    /** A reload puts another plan on the same board. */
    private TreeView asItIsNow(final TreeView view) {
        final long rootEpoch = view.board().rootEpoch();
        if (rootEpoch == shownRootEpoch) {
            return view;
        }
        shownRootEpoch = rootEpoch;
        return TreeView.open(directory).orElse(view);
    }

    /**
     * The kernel gives the first process whoever loses its parent. Root is the JDK's own child,
     * which shows it until it has fetched it: next time, then.
     */
    private void reapOrphans() {
        final ProcessTree tree = OperatingSystem.current().processTree();
        for (int i = 0; i < ORPHANS_MAX; i++) {
            final long pid = tree.endedChild();
            if (pid == 0 || pid == root.pid() || tree.reap(pid, 0) == ProcessTree.NOT_REAPED) {
                return;
            }
        }
    }

    /** Returns whether this is the first process of a container, which has to reap orphans. */
    static boolean isFirstProcess() {
        return IS_FIRST_PROCESS;
    }

    private Optional<TreeView> awaitBoard() {
        while (root.isAlive()) {
            final Optional<TreeView> view =
                    TreeView.open(directory).filter(each -> root.isShownBy(each.board()));
            if (view.isPresent()) {
                return view;
            }
            root.awaitEnd(1);
        }
        return TreeView.open(directory).filter(each -> root.isShownBy(each.board()));
    }

    private int end(final TreeView view) throws IOException {
        final int status = root.exitStatus();
        if (view != null && status == RootMain.EXIT_DONE) {
            return view.board().treeState() == TreeState.FINISHED ? finished(view) : stopped(view);
        }
        if (view == null && status == RootMain.EXIT_ALREADY_RUNNING) {
            throw new CommandFailure(
                    ExitStatus.ALREADY_RUNNING,
                    "another root has just started in " + directory.path());
        }
        final int signal = Signals.ofExitStatus(status);
        if (signal != 0 && signals.isStopping()) {
            System.out.printf(
                    "tree \"%s\" was killed; its state is that of the last commits: \"coppice run\" goes on with it%n",
                    directory.path().getFileName());
            return ExitStatus.INTERRUPTED;
        }
        if (signal != 0) {
            throw new CommandFailure(
                    ExitStatus.OS_REFUSED,
                    "root was ended by "
                            + Signals.name(signal)
                            + "; its daemons may go on, \"coppice run\" takes the tree over with all that was committed");
        }
        throw new CommandFailure(status, root.lastWords());
    }

    private int finished(final TreeView view) throws IOException {
        final TreeStatus status = TreeStatus.read(view);
        Summary.print(status, summaries(view), System.out);
        status.daemons().forEach(this::reportSetAside);
        if (directory.removeButQuarantined()) {
            System.err.printf(
                    "coppice: what was set aside stays until \"coppice clean %s\"%n", view.name());
        }
        return ExitStatus.DONE;
    }

    private int stopped(final TreeView view) {
        System.out.printf(
                "tree \"%s\" has stopped; its state is kept: \"coppice run\" goes on with it, \"coppice clean %s\" drops it%n",
                view.name(), view.name());
        return signals.isStopping() ? ExitStatus.INTERRUPTED : ExitStatus.DONE;
    }

    private String summaries(final TreeView view) throws IOException {
        final StringBuilder text = new StringBuilder();
        for (final var daemon : view.plan().daemons()) {
            final Path file = directory.path().resolve(daemon.name() + RunDirectory.SUMMARY_SUFFIX);
            if (Files.isReadable(file)) {
                text.append(Files.readString(file).stripTrailing()).append(System.lineSeparator());
            }
        }
        return text.toString();
    }

    /**
     * A daemon that asks not to be started again has found something wrong that the manifest, or
     * its surroundings, must mend.
     */
    private static boolean isHopeless(final TreeStatus status) {
        return status.daemons().stream()
                .anyMatch(
                        daemon ->
                                daemon.lastExit() != null
                                        && daemon.lastExit().exitClass()
                                                == ExitClass.DO_NOT_RESTART);
    }

    private void reportTrouble(final TreeStatus status) {
        for (final TreeStatus.Daemon daemon : status.daemons()) {
            reportSetAside(daemon);
            if (daemon.state() == DaemonState.QUARANTINED
                    && reported.add(daemon.name() + daemon.epoch())) {
                progress.clear();
                final Path log = directory.logs().resolve(daemon.name() + ".log");
                System.err.printf(
                        "coppice: daemon \"%s\" is quarantined: %s; it said: %s%n",
                        daemon.name(), daemon.deaths().quarantine(), LastLine.of(log));
                System.err.printf(
                        "coppice: %smend that, then \"coppice release %s/%s\", or \"coppice stop %s\"; its log is %s%n",
                        daemon.recovery().failed() == 0
                                ? ""
                                : StatusText.failures(daemon.recovery()) + "; ",
                        status.name(),
                        daemon.name(),
                        status.name(),
                        log);
            }
        }
    }

    /** Says so once: what runs goes on, and nothing can be started any more. */
    private void reportLoss() {
        if (!lossAnnounced && !Files.exists(directory.path())) {
            lossAnnounced = true;
            progress.clear();
            System.err.printf(
                    "coppice: the run directory %s is gone; the processes go on, but none that ends can be started again: stop the tree by Ctrl-C or SIGTERM, and run it again%n",
                    directory.path());
        }
    }

    /** Says so once for each file, of those from earlier runs too. */
    private void reportSetAside(final TreeStatus.Daemon daemon) {
        for (final Path file : daemon.recovery().kept()) {
            if (setAside.add(file)) {
                progress.clear();
                System.err.printf(
                        "coppice: daemon \"%s\": %s%n", daemon.name(), StatusText.setAside(file));
            }
        }
    }
}
