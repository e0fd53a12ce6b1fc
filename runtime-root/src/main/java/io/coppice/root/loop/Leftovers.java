package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessRecord;
import io.coppice.os.ProcessTree;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes of a tree that no living daemon of it stands for: before root's first turn those that
 * daemons left which died without a root, and after its last turn all. Unlike {@link Kin}, which
 * works while the tree does, this waits until they are dead.
 */
final class Leftovers {
    private static final long CERTIFY_NS = 3_000_000_000L;

    /** Processes that are killed at once: a storm must not fill root's small heap. */
    private static final int CONDEMNED_MAX = 512;

    private static final long LOOK_NS = 2_000_000L;

    private final OperatingSystem os;
    private final ProcessTree tree;
    private final Cgroups cgroups;
    private final Path runDirectory;
    private final Set<String> spared;
    private final boolean all;
    private final long self = ProcessHandle.current().pid();
    private final Set<Long> above;
    private final List<ProcessRecord> condemned = new ArrayList<>();

    private Leftovers(
            final OperatingSystem os,
            final Path runDirectory,
            final Set<String> spared,
            final boolean all) {
        this.os = os;
        this.tree = os.processTree();
        this.cgroups = Cgroups.ofThisProcess(runDirectory);
        this.runDirectory = runDirectory;
        this.spared = spared;
        this.all = all;
        this.above = above();
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

    /** Returns the places, as marks name them, of the incarnations and standbys that live. */
    static Set<String> living(final OperatingSystem os, final Board board) {
        final Set<String> places = new HashSet<>();
        for (int slot = 1; slot <= board.daemons(); slot++) {
            if (lives(os, board, slot, BoardWord.PID, BoardWord.START_TIME)) {
                places.add(Identity.place(slot, board.word(slot, BoardWord.EPOCH)));
            }
            if (lives(os, board, slot, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME)) {
                places.add(Identity.place(slot, board.word(slot, BoardWord.STANDBY_EPOCH)));
            }
        }
        return places;
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
        cgroups.end(spared);
        final long start = System.nanoTime();
        long left = kill();
        while (left != 0 && System.nanoTime() - start < CERTIFY_NS) {
            LockSupport.parkNanos(LOOK_NS);
            left = kill();
        }
        // Leaves are empty by now.
        cgroups.end(spared);
        if (left != 0) {
            System.err.println(
                    "root: process "
                            + left
                            + ", which a daemon of this tree has left, does not die");
        }
    }

    /** Kills all that are there; returns the pid of one that was, 0 where nobody was. */
    private long kill() {
        condemned.clear();
        tree.processes(
                process -> {
                    if (process.alive()
                            && condemned.size() < CONDEMNED_MAX
                            && !above.contains(process.pid())
                            && isLeft(process)) {
                        condemned.add(process);
                    }
                });
        final ProcessRecord root = tree.process(self);
        for (final ProcessRecord process : condemned) {
            if (tree.signal(process.pid(), process.startTime(), Signals.KILL)
                    && root != null
                    && process.session() != root.session()) {
                // Who forks faster than one can look dies only in this way.
                os.signalGroup(process.group(), Signals.KILL);
            }
        }
        return condemned.isEmpty() ? 0 : condemned.get(0).pid();
    }

    /** Returns whether a process, or one that it descends from, is marked. */
    private boolean isLeft(final ProcessRecord process) {
        ProcessRecord each = process;
        for (int i = 0; each != null && i < Kin.GENERATIONS_MAX; i++) {
            if (each.pid() == self) {
                return all;
            }
            if (above.contains(each.pid())) {
                return false;
            }
            final String mark = tree.variable(each.pid(), Kin.VARIABLE);
            final String place = Identity.place(runDirectory, mark);
            if (!place.isEmpty()) {
                return !spared.contains(place);
            }
            each = tree.process(each.parent());
        }
        return false;
    }

    /** Returns this process and those above it: one of them may have been started by a daemon. */
    private Set<Long> above() {
        final Set<Long> pids = new HashSet<>();
        ProcessRecord each = tree.process(self);
        while (each != null && pids.add(each.pid())) {
            each = tree.process(each.parent());
        }
        return pids;
    }
}
