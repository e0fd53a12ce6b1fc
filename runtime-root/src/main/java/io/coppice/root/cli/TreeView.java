package io.coppice.root.cli;

import io.coppice.os.Doorbell;
import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.Mailbox;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.loop.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A tree as commands see it: its board and arenas, read-only, and its mailbox. */
final class TreeView {
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final RunDirectory directory;
    private final Board board;
    private final TreePlan plan;

    private TreeView(final RunDirectory directory, final Board board) {
        this.directory = directory;
        this.board = board;
        this.plan = board.plan();
    }

    /** Opens a tree; empty where the folder has no board, or not yet. */
    static Optional<TreeView> open(final RunDirectory directory) {
        try {
            return Optional.of(new TreeView(directory, Board.open(directory.path())));
        } catch (final ArenaException | IllegalArgumentException noBoard) {
            return Optional.empty();
        }
    }

    String name() {
        return plan.name();
    }

    TreePlan plan() {
        return plan;
    }

    Board board() {
        return board;
    }

    RunDirectory directory() {
        return directory;
    }

    boolean isRootAlive() {
        return OperatingSystem.current().startTime(board.rootPid()) == board.rootStartTime();
    }

    /** Returns the arena of a daemon, or null where it is not there or not whole. */
    Memory arena(final DaemonPlan daemon) {
        try {
            final Memory arena = MappedFile.readOnly(directory.path().resolve(daemon.arenaFile()));
            return ArenaFile.isComplete(arena) ? arena : null;
        } catch (final ArenaException missing) {
            return null;
        }
    }

    /** Asks root for something, with {@link Mailbox#post}'s arguments, and waits for its answer. */
    Answer ask(final Command command, final int daemonSlot, final long... arguments) {
        final Path file = directory.path().resolve(Mailbox.FILE);
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new CommandFailure(
                    ExitStatus.OS_REFUSED,
                    file
                            + " may not be written; ask as the user who runs the tree, with mode 0600");
        }
        final long[] post = Mailbox.open(directory.path()).post(command, daemonSlot, arguments);
        try (Doorbell doorbell =
                OperatingSystem.current()
                        .openDoorbell(directory.path().resolve(RunDirectory.DOORBELL))) {
            doorbell.ring();
        }
        final long start = System.nanoTime();
        while (System.nanoTime() - start < ANSWER_NS) {
            final long word = board.answer((int) post[0]);
            if (Answer.isFor(word, post[1])) {
                return Answer.of(word);
            }
            if (!isRootAlive()) {
                break;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        throw new CommandFailure(
                ExitStatus.OS_REFUSED,
                "root of tree \"" + name() + "\" does not answer; see " + directory.rootLog());
    }
}
