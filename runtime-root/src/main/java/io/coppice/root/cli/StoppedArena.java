package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Journal;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;

/**
 * The arena of a daemon that does not run, held for writing: no root can start while this is open,
 * so that the arena has one writer. A daemon that did not end in order is refused, since only its
 * successor may recover.
 */
final class StoppedArena implements AutoCloseable {
    private final FileLock rootLock;
    private final Memory memory;
    private final Journal journal;

    private StoppedArena(final FileLock rootLock, final Memory memory, final Journal journal) {
        this.rootLock = rootLock;
        this.memory = memory;
        this.journal = journal;
    }

    /**
     * Opens an arena.
     *
     * @throws CommandFailure where the tree runs, or what it was doing is not finished
     * @throws ArenaException where the file is not the daemon's arena
     */
    static StoppedArena open(final TreeView tree, final DaemonPlan daemon) {
        final FileLock lock = lock(tree);
        boolean opened = false;
        try {
            final Memory memory =
                    MappedFile.writable(tree.directory().path().resolve(daemon.arenaFile()));
            final String label = tree.name() + "/" + daemon.name();
            requireArena(label, memory, daemon);
            requireNobody(
                    tree,
                    label,
                    tree.board().word(daemon.slot(), BoardWord.PID),
                    tree.board().word(daemon.slot(), BoardWord.START_TIME));
            requireNobody(
                    tree,
                    label,
                    tree.board().word(daemon.slot(), BoardWord.STANDBY_PID),
                    tree.board().word(daemon.slot(), BoardWord.STANDBY_START_TIME));
            final Structure place = ArenaPlan.fixedStructures(daemon).get(0);
            final Journal journal = new Journal(memory, place.offset(), place.bytes());
            requireIdle(label, journal);
            for (final PoolPlan pool : daemon.pools()) {
                requireIdle(tree, label, memory, ArenaPlan.pool(daemon, pool.name()), pool);
            }
            opened = true;
            return new StoppedArena(lock, memory, journal);
        } finally {
            if (!opened) {
                release(lock);
            }
        }
    }

    Memory memory() {
        return memory;
    }

    Journal journal() {
        return journal;
    }

    @Override
    public void close() {
        journal.close();
        release(rootLock);
    }

    private static FileLock lock(final TreeView tree) {
        try {
            final FileLock lock = tree.directory().tryLock();
            if (lock == null) {
                throw new CommandFailure(
                        ExitStatus.ALREADY_RUNNING,
                        "tree \""
                                + tree.name()
                                + "\" runs, and only its daemons write then; stop it first:"
                                + " \"coppice stop "
                                + tree.name()
                                + "\"");
            }
            return lock;
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void release(final FileLock lock) {
        try {
            lock.acquiredBy().close();
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void requireArena(
            final String label, final Memory memory, final DaemonPlan daemon) {
        if (!ArenaFile.isComplete(memory)) {
            throw new ArenaException(label + ": is not an arena, or its creation was cut");
        }
        final String difference = ArenaFile.difference(memory, daemon);
        if (difference != null) {
            throw new ArenaException(label + ": " + difference);
        }
        if (memory.getLongAcquire(ArenaLayout.PHASE) != ArenaLayout.PHASE_STATIC) {
            throw new CommandFailure(
                    ExitStatus.ALREADY_RUNNING,
                    label + ": nothing is laid out yet; run the tree and stop it first");
        }
    }

    private static void requireIdle(
            final TreeView tree,
            final String label,
            final Memory memory,
            final Structure place,
            final PoolPlan pool) {
        final PoolLayout layout = PoolLayout.of(pool);
        for (int worker = 0; worker < pool.workersMax(); worker++) {
            final long slot = place.offset() + layout.slot(worker);
            requireNobody(
                    tree,
                    label + "/" + pool.name() + "/" + worker,
                    memory.getLongAcquire(slot + PoolLayout.SLOT_PID),
                    memory.getLong(slot + PoolLayout.SLOT_START_TIME));
            requireIdle(
                    label,
                    new Journal(
                            memory,
                            place.offset() + layout.journal(worker),
                            pool.journalBytes(),
                            pool.firstSlot() + worker));
        }
    }

    private static void requireIdle(final String label, final Journal journal) {
        if (!journal.isIdle()) {
            throw new CommandFailure(
                    ExitStatus.ALREADY_RUNNING,
                    label
                            + " was killed in a transaction, which only its next incarnation undoes;"
                            + " run the tree and stop it first");
        }
    }

    private static void requireNobody(
            final TreeView tree, final String who, final long pid, final long startTime) {
        if (pid > 1 && startTime != 0 && OperatingSystem.current().startTime(pid) == startTime) {
            throw new CommandFailure(
                    ExitStatus.ALREADY_RUNNING,
                    who
                            + " (pid "
                            + pid
                            + ") still lives; try again, or end it with \"coppice stop "
                            + tree.name()
                            + "\"");
        }
    }
}
