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
import java.util.List;

/**
 * The board as root sees it. Every word has one writer and is stored with release; a reader may see
 * the words of a row from two moments, never a torn one. A root that dies between two stores leaves
 * a board whose plan is whole (the magic comes last), and its successor writes every row anew.
 *
 * <p>For root's thread. Only {@link #create} and {@link #deaths} allocate.
 */
public final class BoardWriter {
    private static final String DRAFT_SUFFIX = ".new";

    private final Memory memory;
    private final Board reader;
    private final Path draft;

    private BoardWriter(final Memory memory, final Path draft) {
        this.memory = memory;
        this.draft = draft;
        this.reader = new Board(memory);
    }

    /**
     * Creates the board with its plan and an empty process table. It is made under another name and
     * then renamed, so whoever finds it finds it whole, and whoever still maps the board of an
     * earlier root keeps that one.
     */
    public static BoardWriter create(
            final OperatingSystem os, final Path runDirectory, final TreePlan plan) {
        final byte[] bytes = PlanCodec.encode(plan);
        final long planOffset = BoardLayout.planOffset(plan.daemons().size());
        final Path draft = runDirectory.resolve(Board.FILE + DRAFT_SUFFIX);
        remove(draft);
        os.preallocate(draft, planOffset + bytes.length);
        final Memory memory = MappedFile.writable(draft);
        memory.putInt(BoardLayout.VERSION, BoardLayout.FORMAT_VERSION);
        memory.putLong(BoardLayout.PLAN_OFFSET, planOffset);
        memory.putLong(BoardLayout.PLAN_BYTES, bytes.length);
        memory.putLong(BoardLayout.DAEMONS, plan.daemons().size());
        memory.putLong(BoardLayout.DEATHS_OFFSET, BoardLayout.deathsOffset(plan.daemons().size()));
        memory.putBytes(planOffset, bytes, 0, bytes.length);
        memory.putLongRelease(BoardLayout.MAGIC_OFFSET, BoardLayout.MAGIC);
        return new BoardWriter(memory, draft);
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

    /** Returns the same board for reading. */
    public Board reader() {
        return reader;
    }

    /** Says who root is. */
    public void root(final long pid, final long startTime, final long epoch, final long startedMs) {
        memory.putLong(BoardLayout.ROOT_PID, pid);
        memory.putLong(BoardLayout.ROOT_START_TIME, startTime);
        memory.putLong(BoardLayout.STARTED_MS, startedMs);
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
     * Writes down a death of a daemon.
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
        DeathHistory.add(memory, deathsOf(slot), atMs, epoch, exitClass, status);
    }

    /** Goes on with the deaths that an earlier root has seen; before {@link #publish}. */
    public void deaths(final int slot, final List<Death> earlier) {
        DeathHistory.copy(memory, deathsOf(slot), earlier);
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
}
