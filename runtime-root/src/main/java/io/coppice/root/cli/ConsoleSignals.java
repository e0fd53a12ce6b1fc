package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.os.SignalHandler;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaException;
import io.coppice.pool.board.Command;
import io.coppice.root.loop.EarlierTree;
import io.coppice.root.loop.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What signals to the console do to its tree.
 *
 * <ul>
 *   <li>SIGTERM, and the first SIGINT: the tree is stopped in order.
 *   <li>A second SIGINT: every process is killed, and the state is that of the last commits.
 *   <li>SIGHUP: the end of the terminal, which the tree does not need and the console neither.
 *       Without a terminal nobody's hand was meant but root's, and root gets it.
 * </ul>
 *
 * <p>The JDK answers each signal in a thread of its own.
 */
final class ConsoleSignals {
    private static final Path TERMINAL = Path.of("/dev/tty");

    /** How long root may take to kill everybody, before it is done without root. */
    private static final long AT_ONCE_MS = 5000;

    private final RootProcess root;
    private final RunDirectory directory;
    private final boolean hasTerminal = hasTerminal();
    private volatile boolean stopping;
    private boolean interrupted;

    ConsoleSignals(final RootProcess root, final RunDirectory directory) {
        this.root = root;
        this.directory = directory;
    }

    /** Has this process answer from now on. */
    void answer() {
        SignalHandler.on("TERM", this::stop);
        SignalHandler.on("INT", this::interrupt);
        SignalHandler.on("HUP", this::hangUp);
    }

    /** Returns whether a signal has asked for the end. */
    boolean isStopping() {
        return stopping;
    }

    /**
     * Returns when no interrupt is being answered any more: who kills a tree kills the process that
     * is waited for first, and must not be ended before the others are dead.
     */
    synchronized void settle() {
        // To have the lock is all.
    }

    private void stop() {
        stopping = true;
        if (root.isAlive()) {
            root.stop();
        }
    }

    private synchronized void interrupt() {
        final boolean again = interrupted;
        interrupted = true;
        stop();
        if (!again) {
            System.err.println(
                    "coppice: the tree is being stopped in order; a second Ctrl-C kills it");
        } else if (root.isAlive()) {
            stopAtOnce();
        }
    }

    private void stopAtOnce() {
        try {
            TreeView.open(directory).ifPresent(view -> view.ask(Command.STOP_AT_ONCE, 0));
        } catch (final CommandFailure
                | ArenaException
                | OsException
                | UncheckedIOException silent) {
            System.err.println("coppice: " + silent.getMessage());
        }
        if (!root.awaitEnd(AT_ONCE_MS)) {
            // A guard first, or it would start another root.
            root.kill();
            TreeView.open(directory).ifPresent(ConsoleSignals::killRoot);
            EarlierTree.find(directory.path()).end(OperatingSystem.current());
        }
    }

    private static void killRoot(final TreeView view) {
        if (view.isRootAlive()) {
            OperatingSystem.current().signal(view.board().rootPid(), Signals.KILL);
        }
    }

    private void hangUp() {
        if (!hasTerminal) {
            TreeView.open(directory)
                    .filter(TreeView::isRootAlive)
                    .ifPresent(
                            view ->
                                    OperatingSystem.current()
                                            .signal(view.board().rootPid(), Signals.HUP));
        }
    }

    private static boolean hasTerminal() {
        try (FileChannel terminal = FileChannel.open(TERMINAL, StandardOpenOption.READ)) {
            return terminal.isOpen();
        } catch (final IOException none) {
            return false;
        }
    }
}
