package io.coppice.pool.board;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/**
 * The board as root sees it. Every word has one writer and is stored with release; a reader may see
 * the words of a row from two moments, never a torn one. A root that dies between two stores leaves
 * a board whose plan is whole (the magic comes last). Its successor goes on with the same file,
 * since the daemons that live have it mapped; what the rows mean after a death between any two of
 * their stores is said where they are stored.
 *
 * <p>For root's thread. Only {@link #create}, {@link #reuse} and {@link #deaths} allocate.
 */
public final class BoardWriter {
    private static final String DRAFT_SUFFIX = ".new";

    private final BoardMirror memory;
    private final Board reader;
    private final Path draft;

    private BoardWriter(final Path file, final Path draft) {
        this(BoardMirror.of(file), draft);
    }

    BoardWriter(final BoardMirror memory, final Path draft) {
        this.memory = memory;
        this.draft = draft;
        this.reader = new Board(memory.own());
    }

    /**
     * Creates the board with its plan and an empty process table. It is made under another name and
     * then renamed, so whoever finds it finds it whole, and whoever still maps the board of an
     * earlier root keeps that one.
     */
    public static BoardWriter create(
            final OperatingSystem os, final Path runDirectory, final TreePlan plan) {
        final byte[] bytes = PlanCodec.encode(plan);
        final int rows = BoardLayout.rows(plan);
        final long planOffset = BoardLayout.plans(rows);
        final long planRoom = BoardLayout.planRoom(bytes.length);
        final Path draft = runDirectory.resolve(Board.FILE + DRAFT_SUFFIX);
        remove(draft);
        os.preallocate(draft, planOffset + 2 * planRoom);
        final Memory memory = MappedFile.writable(draft);
        memory.putInt(BoardLayout.VERSION, BoardLayout.FORMAT_VERSION);
        memory.putLong(BoardLayout.PLAN, BoardLayout.plan(planOffset, bytes.length));
        memory.putLong(BoardLayout.PLAN_ROOM, planRoom);
        memory.putLong(BoardLayout.DAEMONS, rows);
        memory.putLong(BoardLayout.DEATHS_OFFSET, BoardLayout.deathsOffset(rows));
        memory.putLong(BoardLayout.BOOT_ID, os.bootId());
        memory.putBytes(planOffset, bytes, 0, bytes.length);
        memory.putLongRelease(BoardLayout.MAGIC_OFFSET, BoardLayout.MAGIC);
        return new BoardWriter(draft, draft);
    }

    /**
     * Goes on with the board of an earlier root, in place, so that the processes that have it
     * mapped go on reading it.
     *
     * @param earlier the board as {@link Board#open} has found it
     * @return null where the board lacks a row of the plan, or room for it
     */
    public static BoardWriter reuse(
            final Board earlier, final Path runDirectory, final TreePlan plan) {
        final byte[] bytes = PlanCodec.encode(plan);
        if (!hasRoom(earlier, plan.highestRow(), bytes.length)) {
            return null;
        }
        final Memory memory = MappedFile.writable(runDirectory.resolve(Board.FILE));
        final long first = BoardLayout.plans(earlier.daemons());
        final long room = memory.getLong(BoardLayout.PLAN_ROOM);
        // While an upgrade is under way both places are in use; only root's own chaos may differ.
        if (!Arrays.equals(bytes, earlier.planBytes()) && !earlier.isUpgrading()) {
            final long place = freePlace(memory.getLong(BoardLayout.PLAN), first, room);
            memory.putBytes(place, bytes, 0, bytes.length);
            memory.putLongRelease(BoardLayout.PLAN, BoardLayout.plan(place, bytes.length));
        }
        return new BoardWriter(
                runDirectory.resolve(Board.FILE), runDirectory.resolve(Board.FILE + DRAFT_SUFFIX));
    }

    /** Returns where the place begins that the plan which counts is not in. */
    private static long freePlace(final long plan, final long first, final long room) {
        return BoardLayout.planOffset(plan) == first ? first + room : first;
    }

    /** Returns the run directory. */
    public Path folder() {
        return draft.getParent();
    }

    /**
     * Begins an upgrade: puts the plan to be tried beside the one that counts. Allocates.
     *
     * @param plan that has room here, see {@link #hasRoom(Board, TreePlan)}
     * @param generation of the daemon's arena
     * @param word that says that the upgrade is under way
     */
    public void beginTrial(final TreePlan plan, final long generation, final long word) {
        memory.putLongRelease(BoardLayout.TRIAL_PLAN, 0);
        final byte[] bytes = PlanCodec.encode(plan);
        final long before = memory.getLong(BoardLayout.PLAN);
        final long place =
                freePlace(before, BoardLayout.plans(reader.daemons()), reader.planRoom());
        memory.putBytes(place, bytes, 0, bytes.length);
        memory.putLong(BoardLayout.PLAN_BEFORE, before);
        memory.putLong(BoardLayout.TRIAL_GENERATION, generation);
        memory.putLong(BoardLayout.TRIAL_EPOCH, 0);
        memory.putLongRelease(BoardLayout.TRIAL_PLAN, BoardLayout.plan(place, bytes.length));
        memory.putLongRelease(BoardLayout.UPGRADE, word);
    }

    /** Says which incarnation tries the upgrade's plan; before its spawn. */
    public void trialEpoch(final long epoch) {
        memory.putLongRelease(BoardLayout.TRIAL_EPOCH, epoch);
    }

    /** Says how far the upgrade is. */
    public void upgrade(final long word) {
        memory.putLongRelease(BoardLayout.UPGRADE, word);
    }

    /** The plan that is tried counts from now on: the switch, one store. */
    public void switchToTrial() {
        memory.putLongRelease(BoardLayout.PLAN, memory.getLong(BoardLayout.TRIAL_PLAN));
    }

    /** The plan from before the upgrade counts again; one store. */
    public void switchBack() {
        memory.putLongRelease(BoardLayout.PLAN, memory.getLong(BoardLayout.PLAN_BEFORE));
    }

    /**
     * Ends the upgrade; the place of the plan that does not count is free again.
     *
     * @param word that says how it ended
     */
    public void endTrial(final long word) {
        memory.putLongRelease(BoardLayout.UPGRADE, word);
        memory.putLongRelease(BoardLayout.TRIAL_PLAN, 0);
    }

    /** Returns whether a plan fits an existing board. */
    public static boolean hasRoom(final Board board, final TreePlan plan) {
        return hasRoom(board, plan.highestRow(), PlanCodec.encode(plan).length);
    }

    private static boolean hasRoom(final Board board, final int highestRow, final int planBytes) {
        return highestRow <= board.daemons()
                && planBytes <= board.planRoom()
                && BoardLayout.plans(board.daemons()) + 2 * board.planRoom() <= board.bytes();
    }

    /**
     * Empties a row and its histories, for a daemon that was never there. The epochs of a row go
     * on: a slot and an epoch name an incarnation for ever, whichever daemon had the row.
     */
    public void clear(final int slot) {
        word(
                slot,
                BoardWord.EPOCH,
                Math.max(
                        reader.word(slot, BoardWord.EPOCH),
                        reader.word(slot, BoardWord.STANDBY_EPOCH)));
        for (final BoardWord word : BoardWord.values()) {
            if (word != BoardWord.EPOCH) {
                word(slot, word, 0);
            }
        }
        deaths(slot, List.of());
        history(slot).begin(0, 0, 0).publish(0, 0, 0, 0, 0);
    }

    /** What a root that died while it wrote a board has left must not be taken for zeroes. */
    private static void remove(final Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    draft + ": cannot be removed: " + refused.getMessage(), refused);
        }
    }

    /** Shows the board under its own name, in place of that of an earlier root. */
    public void publish() throws IOException {
        Files.move(draft, draft.resolveSibling(Board.FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Puts right what somebody else has stored in the file, and gives it its length back where it
     * was cut off; of the histories of restarts the length alone. Allocates nothing.
     */
    public void mend() {
        memory.mend(BoardLayout.history(1, reader.daemons()), BoardLayout.plans(reader.daemons()));
    }

    /** Returns the same board for reading, as root has written it, whatever the file says. */
    public Board reader() {
        return reader;
    }

    /** Returns what is remembered of a daemon's deaths. */
    public RestartHistory history(final int slot) {
        return new RestartHistory(
                memory.fileSlice(
                        BoardLayout.history(slot, reader.daemons()),
                        RestartHistoryLayout.HISTORY_BYTES));
    }

    /**
     * Says who root is. Whoever finds the new pid finds a tree that is not ready yet; whoever finds
     * it with the start time of an earlier root takes it for lost, for that moment.
     */
    public void root(final long pid, final long startTime, final long epoch, final long startedMs) {
        memory.putLongRelease(BoardLayout.READY_NS, 0);
        memory.putLongRelease(BoardLayout.STARTED_MS, startedMs);
        memory.putLongRelease(BoardLayout.ROOT_START_TIME, startTime);
        memory.putLongRelease(BoardLayout.ROOT_PID, pid);
        memory.putLongRelease(BoardLayout.ROOT_EPOCH, epoch);
    }

    /** Stores a word of a daemon's row. */
    public void word(final int slot, final BoardWord word, final long value) {
        memory.putLongRelease(BoardLayout.row(slot, word), value);
    }

    /** Adds one to a word of a daemon's row. */
    public void increment(final int slot, final BoardWord word) {
        word(slot, word, reader.word(slot, word) + 1);
    }

    /**
     * Writes down a death of a daemon; that of an incarnation once, however many roots do.
     *
     * @param atMs wall clock in milliseconds
     * @param status exit code, 128 + signal, or the error number of a failed spawn
     */
    public void addDeath(
            final int slot,
            final long atMs,
            final long epoch,
            final ExitClass exitClass,
            final int status) {
        DeathHistory.add(memory.own(), deathsOf(slot), atMs, epoch, exitClass, status);
        DeathHistory.add(memory.file(), deathsOf(slot), atMs, epoch, exitClass, status);
    }

    /** Goes on with the deaths that an earlier root has seen; before {@link #publish}. */
    public void deaths(final int slot, final List<Death> earlier) {
        DeathHistory.copy(memory.own(), deathsOf(slot), earlier);
        DeathHistory.copy(memory.file(), deathsOf(slot), earlier);
    }

    private long deathsOf(final int slot) {
        return memory.getLong(BoardLayout.DEATHS_OFFSET)
                + (long) (slot - 1) * DeathHistoryLayout.BYTES;
    }

    /** Says in which state the tree is. */
    public void treeState(final TreeState state) {
        memory.putLongRelease(BoardLayout.TREE_STATE, state.ordinal());
    }

    /** Counts a turn of root's loop. */
    public void beat() {
        memory.putLongRelease(BoardLayout.HEARTBEAT, memory.getLong(BoardLayout.HEARTBEAT) + 1);
    }

    /** Counts how long a turn of root's loop took, in nanoseconds. */
    public void countTurn(final long ns) {
        final long word = BoardLayout.turns(TurnTimes.classOf(ns));
        memory.putLongRelease(word, memory.getLong(word) + 1);
    }

    /** Says how long it took until all daemons were ready. */
    public void allReadyNs(final long durationNs) {
        memory.putLongRelease(BoardLayout.READY_NS, durationNs);
    }

    /** Answers a request of the mailbox. */
    public void answer(final int slot, final long answer) {
        memory.putLongRelease(BoardLayout.ANSWERS + (long) slot * Long.BYTES, answer);
    }

    /** Writes down that a process is about to be killed on purpose. */
    public void recordKill(final long pid, final long startTime) {
        final long count = memory.getLong(BoardLayout.KILL_COUNT);
        final long record = BoardLayout.killRecord(count);
        memory.putLong(record, pid);
        memory.putLong(record + Long.BYTES, startTime);
        memory.putLongRelease(BoardLayout.KILL_COUNT, count + 1);
    }

    /** Counts a process that chaos killed. */
    public void countChaosKill() {
        memory.putLong(BoardLayout.CHAOS_KILLS, memory.getLong(BoardLayout.CHAOS_KILLS) + 1);
    }

    /** Counts a chaos turn without a victim. */
    public void countChaosSpared() {
        memory.putLong(BoardLayout.CHAOS_SPARED, memory.getLong(BoardLayout.CHAOS_SPARED) + 1);
    }

    /** Says what chaos does from now on; a period of 0 says that there is none. */
    public void chaos(
            final long periodNs, final long kinds, final long stopForNs, final long random) {
        memory.putLongRelease(BoardLayout.CHAOS_PERIOD, 0);
        memory.putLong(BoardLayout.CHAOS_KINDS, kinds);
        memory.putLong(BoardLayout.CHAOS_STOP_FOR, stopForNs);
        memory.putLong(BoardLayout.CHAOS_RANDOM, random);
        memory.putLongRelease(BoardLayout.CHAOS_PERIOD, periodNs);
    }

    /** Says where the sequence of chaos's choices is. */
    public void chaosRandom(final long random) {
        memory.putLongRelease(BoardLayout.CHAOS_RANDOM, random);
    }

    /**
     * Writes down that chaos is about to stop a process.
     *
     * @param line 0 to {@link BoardLayout#STOPPED} - 1, in use by no other
     * @param untilNs by the monotonic clock
     */
    public void recordStop(
            final int line, final long pid, final long startTime, final long untilNs) {
        final long at = BoardLayout.stopped(line);
        memory.putLong(at + Long.BYTES, startTime);
        memory.putLong(at + 2L * Long.BYTES, untilNs);
        memory.putLongRelease(at, pid);
        memory.putLong(BoardLayout.CHAOS_STOPS, memory.getLong(BoardLayout.CHAOS_STOPS) + 1);
    }

    /** Takes note that what a line names runs again. */
    public void clearStop(final int line) {
        memory.putLongRelease(BoardLayout.stopped(line), 0);
    }
}
