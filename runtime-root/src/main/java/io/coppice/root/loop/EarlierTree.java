package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessTree;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardLayout;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Death;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.board.UpgradeWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.TreePlan;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What an earlier root left in the run directory. Where its tree has not ended, the board and the
 * daemons that live are taken over as they are, and only those end that the new plan changes. Where
 * that cannot be, all that lives is killed and certified dead before anything is started, since an
 * arena has one writer. Epochs go on where they were, so that no late word is taken for a new one.
 */
public final class EarlierTree {
    private static final long CERTIFY_NS = 10_000_000_000L;

    private final Path runDirectory;
    private final Board board;
    private final TreePlan plan;

    private EarlierTree(final Path runDirectory, final Board board) {
        this.runDirectory = runDirectory;
        this.board = board;
        this.plan = board == null ? null : board.plan();
    }

    /** Looks at the board of a run directory, which may be missing or damaged. */
    public static EarlierTree find(final Path runDirectory) {
        try {
            return new EarlierTree(runDirectory, Board.open(runDirectory));
        } catch (final RuntimeException none) {
            // Whatever a damaged board makes its reader stumble over.
            return new EarlierTree(runDirectory, null);
        }
    }

    long rootEpoch() {
        return board == null ? 0 : board.rootEpoch();
    }

    /** Returns the last epoch of a daemon, 0 where there was none of the name. */
    long epoch(final String daemon) {
        final DaemonPlan earlier = plan == null ? null : plan.daemon(daemon);
        return earlier == null
                ? 0
                : Math.max(word(earlier, BoardWord.EPOCH), word(earlier, BoardWord.STANDBY_EPOCH));
    }

    /** Returns the last epoch of a daemon for a fresh board, as {@link Remains#lastEpoch}. */
    long lastEpoch(final String daemon, final ArenaKeeper arena) {
        final DaemonPlan earlier = plan == null ? null : plan.daemon(daemon);
        return earlier == null
                ? arena.lastEpoch()
                : Math.max(epoch(daemon), Remains.lastEpoch(board, earlier.slot(), arena));
    }

    /** Returns the last deaths of a daemon, the oldest first; none where there was none. */
    List<Death> deaths(final String daemon) {
        final DaemonPlan earlier = plan == null ? null : plan.daemon(daemon);
        return earlier == null ? List.of() : board.deaths(earlier.slot());
    }

    /** Returns whether the root that the board names lives, whatever became of its lock. */
    boolean hasLivingRoot(final OperatingSystem os) {
        return plan != null
                && board.rootPid() > 1
                && board.rootStartTime() != 0
                && board.rootPid() != ProcessHandle.current().pid()
                && os.startTime(board.rootPid()) == board.rootStartTime();
    }

    /** Lets go what chaos has stopped: it is to serve, or to end in order. */
    void letGoOfStopped(final OperatingSystem os) {
        if (plan != null && !isOfAnotherBoot(os)) {
            ChaosStops.letGoOf(board, os);
        }
    }

    /** Returns whether the earlier root is this process before it began anew. */
    boolean isOfThisProcess(final OperatingSystem os) {
        final long pid = ProcessHandle.current().pid();
        return plan != null
                && !isOver()
                && board.rootPid() == pid
                && board.rootStartTime() == os.startTime(pid)
                && !isOfAnotherBoot(os);
    }

    /** Returns the plan that the earlier root ran, null where it is not known. */
    TreePlan plan() {
        return plan;
    }

    /** Returns how many bells a plan needs: those of the rows that it has not come to yet too. */
    static int bells(final TreePlan plan) {
        return Math.max(plan.slots(), 1 + BoardLayout.rows(plan));
    }

    /** Returns whether the tree had ended in order. */
    boolean isOver() {
        return plan != null && board.treeState().isOver();
    }

    /**
     * Returns a plan in which daemons that were upgraded stay so, where the tree is one that goes
     * on; a tree that has ended, or is of another boot, begins by its manifest.
     */
    TreePlan upgraded(final OperatingSystem os, final TreePlan newPlan) {
        return plan == null || isOver() || isOfAnotherBoot(os)
                ? newPlan
                : UpgradedPlan.kept(newPlan, plan);
    }

    /** Returns whether the tree was being stopped when its root died. */
    boolean wasStopping() {
        return plan != null && board.treeState() == TreeState.STOPPING;
    }

    /**
     * Takes over what fits the plan, and ends the rest.
     *
     * @return the board to go on with, or null where a fresh one is to be made
     */
    BoardWriter takeOver(final OperatingSystem os, final TreePlan newPlan) {
        if (plan == null) {
            Strays.end(os, runDirectory, List.of());
            return null;
        }
        if (isOfAnotherBoot(os)) {
            return null;
        }
        if (isOver()) {
            killNamed(os);
            return null;
        }
        final BoardWriter earlier = BoardWriter.reuse(board, runDirectory, plan);
        if (earlier == null) {
            // The file has lost its end.
            end(os);
            return null;
        }
        for (final DaemonPlan daemon : plan.daemons()) {
            endPromotion(earlier, daemon);
            disown(os, earlier, daemon);
        }
        endStrays(os);
        final boolean same = Arrays.equals(essence(plan), essence(newPlan));
        final boolean fits = same || keepsSlots(newPlan);
        if (!same) {
            leaveUpgrade(os, earlier);
        }
        final PlanDifference difference = new PlanDifference(plan, newPlan);
        final RootBells bells = RootBells.create(os, runDirectory, bells(plan));
        for (int i = plan.daemons().size() - 1; i >= 0; i--) {
            final DaemonPlan daemon = plan.daemons().get(i);
            if (!fits || !same && !difference.keeps(daemon.name())) {
                endInOrder(os, earlier, bells, daemon);
            } else if (!hasArena(daemon)) {
                kill(os, daemon);
            }
        }
        if (!fits) {
            return null;
        }
        if (!same) {
            forgetOthers(earlier, newPlan);
        }
        return BoardWriter.reuse(board, runDirectory, newPlan);
    }

    /**
     * Ends what still lives. A daemon's workers die with it, by their parent-death signal, and are
     * certified by its successor.
     */
    public void end(final OperatingSystem os) {
        if (plan != null && !isOfAnotherBoot(os)) {
            killNamed(os);
        }
        Strays.end(os, runDirectory, List.of());
        Leftovers.endBut(os, runDirectory, Set.of());
    }

    private void killNamed(final OperatingSystem os) {
        for (final DaemonPlan daemon : plan.daemons()) {
            kill(os, daemon);
        }
    }

    private boolean isOfAnotherBoot(final OperatingSystem os) {
        return board.bootId() != os.bootId();
    }

    /** Chaos is root's alone, and how it is seeded differs each time. */
    private static byte[] essence(final TreePlan plan) {
        return PlanCodec.encode(new TreePlan(plan.name(), 0, 0, plan.daemons()));
    }

    /** Returns whether every daemon of both plans is in the same row, and every row is there. */
    private boolean keepsSlots(final TreePlan newPlan) {
        if (!BoardWriter.hasRoom(board, newPlan)) {
            return false;
        }
        for (final DaemonPlan daemon : newPlan.daemons()) {
            final DaemonPlan earlier = plan.daemon(daemon.name());
            if (earlier != null && earlier.slot() != daemon.slot()) {
                return false;
            }
        }
        return true;
    }

    /** Rows that get another daemon begin anew. */
    private void forgetOthers(final BoardWriter writer, final TreePlan newPlan) {
        for (int slot = 1; slot <= board.daemons(); slot++) {
            if (!PlanDifference.name(plan, slot).equals(PlanDifference.name(newPlan, slot))) {
                writer.clear(slot);
            }
        }
    }

    /**
     * A process that was spawned and not written down would only wait in vain; it is not let wait
     * beside its successor.
     */
    private void endStrays(final OperatingSystem os) {
        final List<Long> named = new ArrayList<>();
        boolean any = false;
        for (final DaemonPlan daemon : plan.daemons()) {
            named.add(word(daemon, BoardWord.PID));
            named.add(word(daemon, BoardWord.STANDBY_PID));
            any |= mayHaveStrays(daemon);
        }
        if (any) {
            Strays.end(os, runDirectory, named);
        }
    }

    private boolean mayHaveStrays(final DaemonPlan daemon) {
        final long epoch = word(daemon, BoardWord.EPOCH);
        final boolean daemonCut =
                word(daemon, BoardWord.PID) == 0
                        && epoch != 0
                        && word(daemon, BoardWord.EXIT_EPOCH) != epoch;
        return daemonCut
                || word(daemon, BoardWord.STANDBY_PID) == 0
                        && word(daemon, BoardWord.STANDBY_EPOCH) > epoch;
    }

    /**
     * Makes a standby the daemon's process where an earlier root died while it did so; see {@link
     * StandbySlot}.
     */
    private void endPromotion(final BoardWriter writer, final DaemonPlan daemon) {
        if (word(daemon, BoardWord.STANDBY_PID) != 0
                && word(daemon, BoardWord.STANDBY_EPOCH) == word(daemon, BoardWord.EPOCH)) {
            writer.word(
                    daemon.slot(),
                    BoardWord.START_TIME,
                    word(daemon, BoardWord.STANDBY_START_TIME));
            writer.word(daemon.slot(), BoardWord.PID, word(daemon, BoardWord.STANDBY_PID));
            if (word(daemon, BoardWord.STANDBY_STATE) != StandbyState.TAKING_OVER.ordinal()) {
                writer.increment(daemon.slot(), BoardWord.TAKEOVERS);
            }
            writer.word(daemon.slot(), BoardWord.STANDBY_PID, 0);
        }
    }

    /** A plan that changes the tree ends an upgrade: the places of the plans are needed. */
    private void leaveUpgrade(final OperatingSystem os, final BoardWriter writer) {
        if (!board.isUpgrading()) {
            return;
        }
        final long word = board.upgrade();
        final int slot = UpgradeWord.slot(word);
        if (board.isTrialInForce()) {
            writer.endTrial(UpgradeWord.with(word, UpgradeState.DONE));
        } else {
            for (final DaemonPlan daemon : plan.daemons()) {
                if (daemon.slot() == slot) {
                    endStandby(os, writer, daemon);
                }
            }
            writer.endTrial(UpgradeWord.with(word, UpgradeState.LEFT));
        }
    }

    /**
     * A process that the board names and that is of another incarnation, or of no daemon at all, is
     * nobody's: a child may have written there, and root would kill whom it names. No process has
     * the start time 0.
     */
    private void disown(
            final OperatingSystem os, final BoardWriter writer, final DaemonPlan daemon) {
        if (isSwapped(os, daemon, BoardWord.PID, BoardWord.START_TIME)) {
            writer.word(daemon.slot(), BoardWord.START_TIME, 0);
        }
        if (isSwapped(os, daemon, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME)) {
            writer.word(daemon.slot(), BoardWord.STANDBY_START_TIME, 0);
        }
    }

    private boolean isSwapped(
            final OperatingSystem os,
            final DaemonPlan daemon,
            final BoardWord pidWord,
            final BoardWord startTimeWord) {
        final long pid = word(daemon, pidWord);
        final BoardWord epochWord =
                pidWord == BoardWord.PID ? BoardWord.EPOCH : BoardWord.STANDBY_EPOCH;
        if (os.processTree() == ProcessTree.NONE
                || !isAlive(os, pid, word(daemon, startTimeWord))
                || !Identity.isAnother(
                        os, runDirectory, pid, daemon.slot(), word(daemon, epochWord))) {
            return false;
        }
        System.err.println(
                "root: the board names process "
                        + pid
                        + " as "
                        + daemon.name()
                        + ", and it is not; it is left alone");
        return true;
    }

    /** Returns whether the arena is there and as the plan wants it. */
    private boolean hasArena(final DaemonPlan daemon) {
        try {
            final Memory arena = MappedFile.readOnly(runDirectory.resolve(daemon.arenaFile()));
            return ArenaFile.isComplete(arena) && ArenaFile.difference(arena, daemon) == null;
        } catch (final ArenaException | UncheckedIOException none) {
            return false;
        }
    }

    /** Stops a daemon as the loop would, and says on the board that it did not die of itself. */
    private void endInOrder(
            final OperatingSystem os,
            final BoardWriter writer,
            final RootBells bells,
            final DaemonPlan daemon) {
        final long pid = word(daemon, BoardWord.PID);
        final long startTime = word(daemon, BoardWord.START_TIME);
        final long epoch = word(daemon, BoardWord.EPOCH);
        final boolean serves = isAlive(os, pid, startTime);
        if (!serves) {
            // Its standby has gone on, or does so now, and has something to close.
            stop(
                    os,
                    writer,
                    bells,
                    daemon,
                    word(daemon, BoardWord.STANDBY_PID),
                    word(daemon, BoardWord.STANDBY_START_TIME),
                    word(daemon, BoardWord.STANDBY_EPOCH));
        }
        endStandby(os, writer, daemon);
        if (serves && !stop(os, writer, bells, daemon, pid, startTime, epoch)) {
            kill(os, daemon);
        }
        if (pid != 0) {
            writer.word(daemon.slot(), BoardWord.EXIT_STATUS, AdoptedProcess.STATUS_UNKNOWN);
            writer.word(daemon.slot(), BoardWord.EXIT_EPOCH, epoch);
            writer.word(daemon.slot(), BoardWord.EXIT_CLASS, ExitClass.FINISHED.ordinal());
            writer.word(daemon.slot(), BoardWord.PID, 0);
        }
        writer.word(daemon.slot(), BoardWord.STATE, DaemonState.WAITING.ordinal());
    }

    /** Asks a process to stop and waits; returns whether it is dead. */
    private static boolean stop(
            final OperatingSystem os,
            final BoardWriter writer,
            final RootBells bells,
            final DaemonPlan daemon,
            final long pid,
            final long startTime,
            final long epoch) {
        if (!isAlive(os, pid, startTime)) {
            return true;
        }
        writer.word(daemon.slot(), BoardWord.STOP_EPOCH, epoch);
        bells.ring(daemon.slot());
        RootStep.EARLIER_ASKED_TO_STOP.reached();
        return os.awaitDeath(pid, startTime, daemon.stopTimeoutNs());
    }

    /** It would go on in the place of the other. Where it serves by now, its state is recovered. */
    private void endStandby(
            final OperatingSystem os, final BoardWriter writer, final DaemonPlan daemon) {
        kill(os, daemon, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME);
        certify(os, daemon, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME);
        writer.word(daemon.slot(), BoardWord.STANDBY_PID, 0);
        writer.word(daemon.slot(), BoardWord.STANDBY_STATE, StandbyState.NONE.ordinal());
    }

    private void kill(final OperatingSystem os, final DaemonPlan daemon) {
        // The standby first: it would go on in the place of the other.
        kill(os, daemon, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME);
        kill(os, daemon, BoardWord.PID, BoardWord.START_TIME);
        certify(os, daemon, BoardWord.STANDBY_PID, BoardWord.STANDBY_START_TIME);
        certify(os, daemon, BoardWord.PID, BoardWord.START_TIME);
    }

    private void kill(
            final OperatingSystem os,
            final DaemonPlan daemon,
            final BoardWord pidWord,
            final BoardWord startTimeWord) {
        final long pid = word(daemon, pidWord);
        if (isAlive(os, pid, word(daemon, startTimeWord))
                && !isSwapped(os, daemon, pidWord, startTimeWord)) {
            os.signal(pid, Signals.KILL);
        }
    }

    private void certify(
            final OperatingSystem os,
            final DaemonPlan daemon,
            final BoardWord pidWord,
            final BoardWord startTimeWord) {
        final long pid = word(daemon, pidWord);
        final long startTime = word(daemon, startTimeWord);
        if (pid > 1
                && !isSwapped(os, daemon, pidWord, startTimeWord)
                && !os.awaitDeath(pid, startTime, CERTIFY_NS)) {
            throw new IllegalStateException(
                    "daemon "
                            + daemon.name()
                            + " (pid "
                            + pid
                            + ") of an earlier root does not die");
        }
    }

    private static boolean isAlive(final OperatingSystem os, final long pid, final long startTime) {
        return pid > 1 && startTime != 0 && os.startTime(pid) == startTime;
    }

    private long word(final DaemonPlan daemon, final BoardWord word) {
        return board.word(daemon.slot(), word);
    }
}
