package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessRecord;
import io.coppice.os.ProcessTree;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes of a tree that no living daemon of it stands for: before root's first turn those that
 * daemons left which died without a root, and after its last turn all. Unlike {@link Kin}, which
 * works while the tree does, this waits until they are dead.
 */
final class Leftovers {
    private static final long CERTIFY_NS = 3_000_000_000L;

    private static final long LOOK_NS = 2_000_000L;

    /**
     * Looks in a row that have to find nobody: one alone may follow the parents of a process while
     * one of them ends.
     */
    private static final int QUIET_LOOKS = 2;

    /** Looks that count for nothing, since a process did not show what it is, at most. */
    private static final int UNSURE_LOOKS_MAX = 8;

    /** Looks at the orphans alone, one after the other, at most. */
    private static final int HUNTS_MAX = 32;

    private final ProcessTree tree;
    private final Cgroups cgroups;
    private final Path runDirectory;
    private final Set<String> spared;
    private final boolean all;
    private final long self = ProcessHandle.current().pid();
    private final Set<Long> above;
    private final Condemned condemned;

    /** One that the last look has condemned, 0 where it has found nobody. */
    private long found;

    /** Whether the last look may have missed somebody. */
    private boolean isUnsure;

    private Leftovers(
            final OperatingSystem os,
            final Path runDirectory,
            final Set<String> spared,
            final boolean all) {
        this.tree = os.processTree();
        this.cgroups = Cgroups.ofThisProcess(runDirectory);
        this.runDirectory = runDirectory;
        this.spared = spared;
        this.all = all;
        this.above = above();
        this.condemned = new Condemned(os, tree);
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
        int quiet = 0;
        int unsure = 0;
        kill();
        while (System.nanoTime() - start < CERTIFY_NS) {
            if (found != 0) {
                quiet = 0;
            } else if (isUnsure && unsure < UNSURE_LOOKS_MAX) {
                unsure++;
            } else {
                quiet++;
            }
            if (quiet == QUIET_LOOKS) {
                break;
            }
            LockSupport.parkNanos(LOOK_NS);
            kill();
        }
        // Leaves are empty by now.
        cgroups.end(spared);
        if (found != 0) {
            System.err.println(
                    "root: process "
                            + found
                            + ", which a daemon of this tree has left, does not die");
        }
    }

    /** Kills all that are there. */
    private void kill() {
        found = 0;
        isUnsure = false;
        if (!tree.processes(this::condemn)) {
            isUnsure = true;
        }
        condemned.kill();
        if (all) {
            hunt();
        }
    }

    /** Kills whoever is below this process as soon as the kernel lists it, see {@link Kin}. */
    private void hunt() {
        for (int i = 0; i < HUNTS_MAX; i++) {
            tree.orphans().forEach(this::condemn);
            if (condemned.isEmpty()) {
                return;
            }
            condemned.kill();
        }
    }

    private void condemn(final ProcessRecord process) {
        if (process.alive() && !above.contains(process.pid()) && isLeft(process)) {
            found = process.pid();
            condemned.add(process);
        }
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
            final String place = mark == null ? "" : Identity.place(runDirectory, mark);
            if (!place.isEmpty()) {
                return !spared.contains(place);
            }
            isUnsure |= mark == null;
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
