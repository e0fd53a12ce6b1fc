package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessRecord;
import io.coppice.os.ProcessTree;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes of a tree that no living daemon of it stands for: before root's first turn those that
 * daemons left which died without a root, and after its last turn all. Unlike {@link Kin}, which
 * works while the tree does, this waits until they are dead.
 */
final class Leftovers {
    private static final long CERTIFY_NS = 5_000_000_000L;
    private static final long LOOK_NS = 2_000_000L;

    private final OperatingSystem os;
    private final ProcessTree tree;
    private final String prefix;
    private final Set<String> spared;
    private final boolean all;
    private final long self = ProcessHandle.current().pid();

    private Leftovers(
            final OperatingSystem os,
            final Path runDirectory,
            final Set<String> spared,
            final boolean all) {
        this.os = os;
        this.tree = os.processTree();
        this.prefix = runDirectory + "#";
        this.spared = spared;
        this.all = all;
    }

    /** Ends what the daemons of a run directory have left, but for those that live. */
    static void endBut(
            final OperatingSystem os, final Path runDirectory, final Set<String> living) {
        new Leftovers(os, runDirectory, living, false).end();
    }

    /** Ends whoever is of a run directory or below this process. */
    static void endAll(final OperatingSystem os, final Path runDirectory) {
        new Leftovers(os, runDirectory, Set.of(), true).end();
    }

    /** Returns the marks of the incarnations and standbys on a board that live. */
    static Set<String> living(
            final OperatingSystem os, final Path runDirectory, final Board board) {
        final Set<String> marks = new HashSet<>();
        for (int slot = 1; slot <= board.daemons(); slot++) {
            if (lives(os, board, slot, BoardWord.PID, BoardWord.START_TIME)) {
                marks.add(Kin.mark(runDirectory, slot, board.word(slot, BoardWord.EPOCH)));
            }
            if (lives(os, board, slot, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME)) {
                marks.add(Kin.mark(runDirectory, slot, board.word(slot, BoardWord.STANDBY_EPOCH)));
            }
        }
        return marks;
    }

    private static boolean lives(
            final OperatingSystem os,
            final Board board,
            final int slot,
            final BoardWord pid,
            final BoardWord startTime) {
        return board.word(slot, pid) > 1
                && board.word(slot, startTime) != 0
                && os.startTime(board.word(slot, pid)) == board.word(slot, startTime);
    }

    private void end() {
        final long start = System.nanoTime();
        long left = kill();
        while (left != 0 && System.nanoTime() - start < CERTIFY_NS) {
            LockSupport.parkNanos(LOOK_NS);
            left = kill();
        }
        if (left != 0) {
            System.err.println(
                    "root: process "
                            + left
                            + ", which a daemon of this tree has left, does not die");
        }
    }

    /** Kills all that are there; returns the pid of one that was, 0 where nobody was. */
    private long kill() {
        final Map<Long, ProcessRecord> everybody = new HashMap<>();
        for (final ProcessRecord process : tree.processes()) {
            everybody.put(process.pid(), process);
        }
        final Set<Long> above = above(everybody);
        final ProcessRecord root = everybody.get(self);
        final Map<Long, Boolean> marked = new HashMap<>();
        long left = 0;
        for (final ProcessRecord process : everybody.values()) {
            if (process.alive()
                    && !above.contains(process.pid())
                    && (hasMarked(process, everybody, above, marked)
                            || all && isBelow(process, everybody))) {
                left = process.pid();
                if (tree.signal(process.pid(), process.startTime(), Signals.KILL)
                        && root != null
                        && process.session() != root.session()) {
                    // Who forks faster than one can look dies only in this way.
                    os.signalGroup(process.group(), Signals.KILL);
                }
            }
        }
        return left;
    }

    /** Returns whether a process, or one that it descends from, is marked. */
    private boolean hasMarked(
            final ProcessRecord process,
            final Map<Long, ProcessRecord> everybody,
            final Set<Long> above,
            final Map<Long, Boolean> marked) {
        ProcessRecord each = process;
        for (int i = 0; each != null && i < Kin.GENERATIONS_MAX; i++) {
            if (above.contains(each.pid())) {
                return false;
            }
            if (marked.computeIfAbsent(each.pid(), this::isMarked)) {
                return true;
            }
            each = everybody.get(each.parent());
        }
        return false;
    }

    private boolean isMarked(final long pid) {
        final String mark = tree.variable(pid, Kin.VARIABLE);
        return mark.startsWith(prefix) && !spared.contains(mark);
    }

    /** Returns this process and those above it: one of them may have been started by a daemon. */
    private Set<Long> above(final Map<Long, ProcessRecord> everybody) {
        final Set<Long> pids = new HashSet<>();
        ProcessRecord each = everybody.get(self);
        while (each != null && pids.add(each.pid())) {
            each = everybody.get(each.parent());
        }
        return pids;
    }

    private boolean isBelow(final ProcessRecord process, final Map<Long, ProcessRecord> everybody) {
        ProcessRecord each = process;
        for (int i = 0; each != null && i < Kin.GENERATIONS_MAX; i++) {
            if (each.parent() == self) {
                return true;
            }
            each = everybody.get(each.parent());
        }
        return false;
    }
}
