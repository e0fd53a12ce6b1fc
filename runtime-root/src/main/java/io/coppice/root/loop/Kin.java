package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessRecord;
import io.coppice.os.ProcessTree;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Whatever daemons have started and left behind: workers, children of a user's own, and theirs.
 * With a daemon's process all of these end.
 *
 * <p>The process group that the daemon leads is killed as soon as its death is known, by {@link
 * WatchedProcess}. Who has left the group is looked for here. A process is kin of an incarnation
 * where its environment names that incarnation, which root has put there and every child inherits;
 * or where it is below root and of the session or group of that incarnation; or where its parent is
 * kin. Root is the subreaper of all of them, so that those which lost their parent are below it
 * still. Not found is who has cleared its environment, left the session, and lost its parent while
 * its daemon lived: it ends with the tree.
 *
 * <p>A process that the look saw with a group or session of kin was in it then, and so the number
 * had not been given out again.
 *
 * <p>Processes that root has adopted in this way and that have ended are reaped one by one, by
 * their pid, so that the JDK's own children are left to the JDK.
 *
 * <p>For root's thread. A turn in which nobody has died allocates nothing; a look allocates, and is
 * one pass over the processes of the machine.
 */
final class Kin {
    /** Variable of a daemon's environment: run directory, slot and epoch. */
    static final String VARIABLE = "COPPICE_KIN";

    /** Zombies that are reaped in one turn at most. */
    private static final int REAPED_MAX = 64;

    /**
     * Looks in a row that have to find nobody: one alone may follow the parents of a process while
     * one of them ends.
     */
    private static final int QUIET_LOOKS = 2;

    /**
     * Looks that count for nothing since somebody may have been missed, at most: a process that
     * never shows what it is, is not waited for.
     */
    private static final int UNSURE_LOOKS_MAX = 8;

    /** Looks at the orphans alone in one turn at most. */
    private static final int HUNTS_MAX = 32;

    /** Workers need some time to die by themselves. */
    private static final long LOOK_NS_MIN = 4_000_000L;

    private static final long LOOK_NS_MAX = 1_000_000_000L;

    /** How long the end of the tree waits for processes that do not die, in nanoseconds. */
    private static final long PATIENCE_NS = 5_000_000_000L;

    /** Longer chains of parents are not followed to their end. */
    static final int GENERATIONS_MAX = 64;

    private final ProcessTree tree;
    private final Cgroups cgroups;
    private final Path runDirectory;
    private final LongPredicate named;
    private final long self = ProcessHandle.current().pid();
    private final List<Process> started = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();
    private final Condemned condemned;

    /** Whether the look that is under way has met a process that showed no environment yet. */
    private boolean hasMetUnknown;

    private long endedNs;
    private long nextLookNs;
    private long lookNs = LOOK_NS_MIN;
    private boolean hasTold;

    /** An incarnation that is dead. */
    private static final class Ended {
        private final long pid;
        private final int slot;
        private final long epoch;
        private final String mark;

        /** Whether it was a child of this root, so that its orphans are too. */
        private final boolean ours;

        private int quietLooks;
        private int unsureLooks;

        Ended(
                final long pid,
                final int slot,
                final long epoch,
                final String mark,
                final boolean ours) {
            this.pid = pid;
            this.slot = slot;
            this.epoch = epoch;
            this.mark = mark;
            this.ours = ours;
        }

        /** The look that has found nobody may have missed somebody. */
        void doubt() {
            if (quietLooks > 0 && unsureLooks < UNSURE_LOOKS_MAX) {
                unsureLooks++;
                quietLooks = 0;
            }
        }
    }

    /**
     * @param named whether the board names a pid as that of a daemon or of a standby
     */
    Kin(
            final OperatingSystem os,
            final ProcessTree tree,
            final Cgroups cgroups,
            final Path runDirectory,
            final LongPredicate named) {
        this.tree = tree;
        this.cgroups = cgroups;
        this.runDirectory = runDirectory;
        this.named = named;
        this.condemned = new Condemned(os, tree);
    }

    /** Looks after the daemons of a board. */
    static Kin of(final OperatingSystem os, final Path runDirectory, final Board board) {
        return new Kin(
                os,
                os.processTree(),
                Cgroups.ofThisProcess(runDirectory),
                runDirectory,
                pid -> isNamed(board, pid));
    }

    private static boolean isNamed(final Board board, final long pid) {
        for (int slot = 1; slot <= board.daemons(); slot++) {
            if (board.word(slot, BoardWord.PID) == pid
                    || board.word(slot, BoardWord.STANDBY_PID) == pid) {
                return true;
            }
        }
        return false;
    }

    /** Returns one that knows of nobody. */
    static Kin none() {
        return new Kin(
                OperatingSystem.current(),
                ProcessTree.NONE,
                Cgroups.none(),
                Path.of("/"),
                pid -> false);
    }

    /** Returns what the environment of an incarnation's processes says. */
    String mark(final int slot, final long epoch) {
        return mark(runDirectory, slot, epoch);
    }

    static String mark(final Path runDirectory, final int slot, final long epoch) {
        return runDirectory + "#" + Identity.place(slot, epoch);
    }

    /** Takes note of a child that the JDK reaps, and that waits for its pid on the board. */
    void started(final int slot, final long epoch, final Process process) {
        started.add(process);
        cgroups.put(slot, epoch, process.pid());
    }

    /** Takes note that an incarnation is dead, by the kernel's word. */
    void ended(final int slot, final long epoch, final long pid, final long nowNs) {
        final boolean ours = started.removeIf(process -> process.pid() == pid);
        ended.add(new Ended(pid, slot, epoch, mark(slot, epoch), ours));
        cgroups.kill(slot, epoch);
        endedNs = nowNs;
        nextLookNs = nowNs + LOOK_NS_MIN;
        lookNs = LOOK_NS_MIN;
    }

    /** Reaps who has ended; kills who was left behind. Once in each turn, after all else. */
    void step(final long nowNs) {
        reap();
        if (!ended.isEmpty() && nowNs - nextLookNs >= 0) {
            // First, so that a look that fails is not made again at once.
            nextLookNs = nowNs + lookNs;
            lookNs = Math.min(LOOK_NS_MAX, 2 * lookNs);
            look();
            if (nowNs - endedNs > PATIENCE_NS && !ended.isEmpty() && !hasTold) {
                hasTold = true;
                System.err.println(
                        "root: processes of a dead daemon do not die ("
                                + ended.get(0).mark
                                + "); look for "
                                + VARIABLE
                                + " in /proc/PID/environ");
            }
        }
    }

    /** Returns how long until {@link #step} has anything to do, in nanoseconds. */
    long untilNextNs(final long nowNs) {
        return ended.isEmpty() ? Long.MAX_VALUE : Math.max(0, nextLookNs - nowNs);
    }

    /** Returns whether nobody is left behind, or whoever is does not die. */
    boolean isOver(final long nowNs) {
        return ended.isEmpty() || nowNs - endedNs > PATIENCE_NS;
    }

    private void reap() {
        for (int i = 0; i < REAPED_MAX; i++) {
            final long pid = tree.endedChild();
            if (pid == 0
                    || isStarted(pid)
                    || named.test(pid)
                    || tree.reap(pid, 0) == ProcessTree.NOT_REAPED) {
                return;
            }
        }
    }

    /** The JDK reaps these, and their death may not have been told yet. */
    private boolean isStarted(final long pid) {
        for (int i = 0; i < started.size(); i++) {
            if (started.get(i).pid() == pid) {
                return true;
            }
        }
        return false;
    }

    private void look() {
        if (!tree.mayHaveOrphans()) {
            // Orphans of root's own children would be root's children now.
            forget(incarnation -> incarnation.ours);
        }
        if (ended.isEmpty()) {
            return;
        }
        for (final Ended incarnation : ended) {
            incarnation.quietLooks++;
        }
        hasMetUnknown = false;
        final boolean isSure = tree.processes(this::condemn) && !hasMetUnknown;
        condemned.kill();
        hunt();
        if (!isSure || hasMetUnknown) {
            for (final Ended incarnation : ended) {
                incarnation.doubt();
            }
        }
        forget(incarnation -> incarnation.quietLooks >= QUIET_LOOKS);
    }

    /**
     * Kills orphans as soon as the kernel lists them. A process that forks and ends, and whose
     * child does the same, is dead whenever a pass over all processes comes to kill it; its last
     * descendant is always among the orphans.
     */
    private void hunt() {
        for (int i = 0; i < HUNTS_MAX; i++) {
            hasMetUnknown = false;
            boolean any = false;
            for (final ProcessRecord orphan : tree.orphans()) {
                condemn(orphan);
                any |= !condemned.isEmpty();
            }
            if (!any && !hasMetUnknown) {
                return;
            }
            condemned.kill();
            reap();
        }
    }

    private void forget(final Predicate<Ended> isOver) {
        for (final Iterator<Ended> all = ended.iterator(); all.hasNext(); ) {
            final Ended incarnation = all.next();
            if (isOver.test(incarnation)) {
                all.remove();
                cgroups.remove(incarnation.slot, incarnation.epoch);
            }
        }
    }

    private void condemn(final ProcessRecord process) {
        final Ended incarnation = process.alive() ? incarnationOf(process) : null;
        if (incarnation != null) {
            incarnation.quietLooks = 0;
            condemned.add(process);
        }
    }

    /** Returns whose kin a process is, null where it is nobody's, or that of somebody alive. */
    private Ended incarnationOf(final ProcessRecord process) {
        Ended marked = null;
        Ended joined = null;
        boolean isUnknown = false;
        ProcessRecord each = process;
        for (int i = 0; each != null && i < GENERATIONS_MAX; i++) {
            if (each.pid() == self) {
                return known(marked == null ? joined : marked, isUnknown);
            }
            if (isStarted(each.pid()) || named.test(each.pid())) {
                return null;
            }
            final String mark = tree.variable(each.pid(), VARIABLE);
            isUnknown |= mark == null;
            for (final Ended incarnation : ended) {
                if (marked == null && incarnation.mark.equals(mark)) {
                    marked = incarnation;
                }
                if (each.session() == incarnation.pid || each.group() == incarnation.pid) {
                    joined = incarnation;
                }
            }
            each = tree.process(each.parent());
        }
        return known(marked, isUnknown);
    }

    private Ended known(final Ended incarnation, final boolean isUnknown) {
        hasMetUnknown |= incarnation == null && isUnknown;
        return incarnation;
    }
}
