package io.coppice.pool.board;

import io.coppice.pool.ArenaException;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.TreePlan;
import java.nio.file.Path;
import java.util.List;

/**
 * The board as everyone but root sees it: read-only. Safe from any thread; only {@link #plan} and
 * {@link #deaths} allocate.
 */
public final class Board {
    /** Name of the file in the tree's run directory. */
    public static final String FILE = "board";

    private final Memory memory;

    Board(final Memory memory) {
        this.memory = memory;
    }

    /**
     * Maps the board of a run directory.
     *
     * @throws ArenaException where there is none, or none that this program knows
     */
    public static Board open(final Path runDirectory) {
        final Path file = runDirectory.resolve(FILE);
        final Memory memory = MappedFile.readOnly(file);
        if (memory.bytes() < BoardLayout.TABLE
                || memory.getLongAcquire(BoardLayout.MAGIC_OFFSET) != BoardLayout.MAGIC) {
            throw new ArenaException(file + ": is not a board, or its creation was cut");
        }
        final int version = memory.getInt(BoardLayout.VERSION);
        if (version != BoardLayout.FORMAT_VERSION) {
            throw new ArenaException(
                    file
                            + ": is of format "
                            + version
                            + ", this program knows "
                            + BoardLayout.FORMAT_VERSION);
        }
        return new Board(memory);
    }

    /** Returns the frozen configuration. */
    public TreePlan plan() {
        return PlanCodec.decode(planBytes());
    }

    /**
     * Returns the frozen configuration that an incarnation goes by: that of an upgrade where it is
     * the one that tries it.
     */
    public TreePlan plan(final int slot, final long epoch) {
        return isOnTrial(slot, epoch) ? trialPlan() : plan();
    }

    /** Returns the frozen configuration as {@link PlanCodec} wrote it. */
    public byte[] planBytes() {
        return planBytes(memory.getLongAcquire(BoardLayout.PLAN));
    }

    /** Returns how far the last upgrade is; see {@link UpgradeWord}. */
    public long upgrade() {
        return memory.getLongAcquire(BoardLayout.UPGRADE);
    }

    /** Returns whether an upgrade is under way. */
    public boolean isUpgrading() {
        return memory.getLongAcquire(BoardLayout.TRIAL_PLAN) != 0
                && UpgradeWord.state(upgrade()).isUnderWay();
    }

    /** Returns whether an incarnation of a daemon is the one that tries an upgrade's plan. */
    public boolean isOnTrial(final int slot, final long epoch) {
        return isUpgrading() && UpgradeWord.slot(upgrade()) == slot && trialEpoch() == epoch;
    }

    /** Returns which incarnation tries an upgrade's plan, 0 before its spawn. */
    public long trialEpoch() {
        return memory.getLongAcquire(BoardLayout.TRIAL_EPOCH);
    }

    /** Returns whether the plan that counts is the one that an upgrade tries. */
    public boolean isTrialInForce() {
        return isUpgrading()
                && memory.getLongAcquire(BoardLayout.PLAN)
                        == memory.getLongAcquire(BoardLayout.TRIAL_PLAN);
    }

    /** Returns the plan that an upgrade tries; only while one is under way. */
    public TreePlan trialPlan() {
        return PlanCodec.decode(planBytes(memory.getLongAcquire(BoardLayout.TRIAL_PLAN)));
    }

    /** Returns the plan that an upgrade goes back to; only while one is under way. */
    public TreePlan planBefore() {
        return PlanCodec.decode(planBytes(memory.getLongAcquire(BoardLayout.PLAN_BEFORE)));
    }

    /** Returns the generation that the arena had when the upgrade began. */
    public long trialGeneration() {
        return memory.getLong(BoardLayout.TRIAL_GENERATION);
    }

    private byte[] planBytes(final long place) {
        final int bytes = BoardLayout.planBytes(place);
        final long offset = BoardLayout.planOffset(place);
        if (bytes < 0 || offset < BoardLayout.TABLE || offset > memory.bytes() - bytes) {
            throw new ArenaException(
                    "the board claims a plan of " + bytes + " bytes at offset " + offset);
        }
        final byte[] plan = new byte[bytes];
        memory.getBytes(offset, plan, 0, plan.length);
        return plan;
    }

    /** Returns how many rows the process table has. */
    public int daemons() {
        return (int) memory.getLong(BoardLayout.DAEMONS);
    }

    /** Returns the most bytes that a plan may have to find room on this board. */
    public long planRoom() {
        return memory.getLong(BoardLayout.PLAN_ROOM);
    }

    long bytes() {
        return memory.bytes();
    }

    /** Returns the machine's boot in which the board was made, 0 where it is not known. */
    public long bootId() {
        return memory.getLong(BoardLayout.BOOT_ID);
    }

    /** Returns a word of a daemon's row. */
    public long word(final int slot, final BoardWord word) {
        return memory.getLongAcquire(BoardLayout.row(slot, word));
    }

    /** Returns a daemon's state. */
    public DaemonState state(final int slot) {
        return DaemonState.of(word(slot, BoardWord.STATE));
    }

    /** Returns the state of the tree. */
    public TreeState treeState() {
        return TreeState.of(memory.getLongAcquire(BoardLayout.TREE_STATE));
    }

    /** Returns root's pid. */
    public long rootPid() {
        return memory.getLong(BoardLayout.ROOT_PID);
    }

    /** Returns when root was started, as the kernel names it. */
    public long rootStartTime() {
        return memory.getLong(BoardLayout.ROOT_START_TIME);
    }

    /** Returns which root of this run directory it is, from 1. */
    public long rootEpoch() {
        return memory.getLong(BoardLayout.ROOT_EPOCH);
    }

    /** Returns how many turns root's loop has made. */
    public long heartbeat() {
        return memory.getLongAcquire(BoardLayout.HEARTBEAT);
    }

    /**
     * Returns how many turns of the loops of all roots so far were in a class of times; 0 where
     * they were of a build that did not count them.
     *
     * @param index of a class of {@link TurnTimes}
     */
    public long turns(final int index) {
        return memory.getLong(BoardLayout.turns(index));
    }

    /** Returns when this root was started, in milliseconds of the wall clock. */
    public long startedMs() {
        return memory.getLong(BoardLayout.STARTED_MS);
    }

    /**
     * Returns how long it took from root's start until all daemons were ready, in nanoseconds; 0
     * before that.
     */
    public long allReadyNs() {
        return memory.getLongAcquire(BoardLayout.READY_NS);
    }

    /** Returns how many processes chaos has killed. */
    public long chaosKills() {
        return memory.getLong(BoardLayout.CHAOS_KILLS);
    }

    /** Returns how many chaos turns found nobody they might kill. */
    public long chaosSpared() {
        return memory.getLong(BoardLayout.CHAOS_SPARED);
    }

    /**
     * Returns the last deaths of a daemon, at most 8, the oldest first; none where the board is of
     * a build that kept none. Allocates.
     */
    public List<Death> deaths(final int slot) {
        final long deaths = memory.getLong(BoardLayout.DEATHS_OFFSET);
        final long at = deaths + (long) (slot - 1) * DeathHistoryLayout.BYTES;
        return deaths < BoardLayout.TABLE
                        || deaths > memory.bytes()
                        || at + DeathHistoryLayout.BYTES > memory.bytes()
                ? List.of()
                : DeathHistory.read(memory, at);
    }

    /** Returns root's answer word in a slot of the mailbox. */
    public long answer(final int slot) {
        return memory.getLongAcquire(BoardLayout.ANSWERS + (long) slot * Long.BYTES);
    }

    /**
     * Returns whether root wrote down, before it sent the signal, that it kills this process on
     * purpose. Root remembers the last {@link BoardLayout#KILLS}.
     */
    public boolean wasKilledByRoot(final long pid, final long startTime) {
        final long count = memory.getLongAcquire(BoardLayout.KILL_COUNT);
        for (long i = Math.max(0, count - BoardLayout.KILLS); i < count; i++) {
            final long record = BoardLayout.killRecord(i);
            if (memory.getLong(record) == pid && memory.getLong(record + Long.BYTES) == startTime) {
                return true;
            }
        }
        return false;
    }

    /** Returns how often chaos acts, in nanoseconds, 0 where there is none. */
    public long chaosPeriodNs() {
        return memory.getLongAcquire(BoardLayout.CHAOS_PERIOD);
    }

    /** Returns what chaos does, as a mask of {@link io.coppice.pool.plan.ChaosKind}s. */
    public long chaosKinds() {
        return memory.getLong(BoardLayout.CHAOS_KINDS);
    }

    /** Returns how long chaos stops a process, in nanoseconds. */
    public long chaosStopForNs() {
        return memory.getLong(BoardLayout.CHAOS_STOP_FOR);
    }

    /** Returns where the sequence of chaos's choices is. */
    public long chaosRandom() {
        return memory.getLong(BoardLayout.CHAOS_RANDOM);
    }

    /** Returns how many processes chaos has stopped for a time. */
    public long chaosStops() {
        return memory.getLong(BoardLayout.CHAOS_STOPS);
    }

    /** Returns the pid in a line of processes that chaos has stopped, 0 where there is none. */
    public long stoppedPid(final int line) {
        return memory.getLongAcquire(BoardLayout.stopped(line));
    }

    /** Returns the start time in such a line. */
    public long stoppedStartTime(final int line) {
        return memory.getLong(BoardLayout.stopped(line) + Long.BYTES);
    }

    /** Returns until when it is stopped, by the monotonic clock, in nanoseconds. */
    public long stoppedUntilNs(final int line) {
        return memory.getLong(BoardLayout.stopped(line) + 2L * Long.BYTES);
    }
}
