package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.DamagedArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.Reclaimable;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.CellKind;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.document.DocumentPool;
import io.coppice.pool.lock.LockSet;
import io.coppice.pool.lock.ReadWriteLock;
import io.coppice.pool.lock.RobustLock;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.migrate.Bodies;
import io.coppice.pool.pipe.Pipe;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;
import java.util.ArrayList;
import java.util.List;

/**
 * The named structures of a daemon's arena: each method lays one out, zeroed or empty, or finds it
 * as the last commit of an earlier incarnation left it. Only in {@link Daemon#open}; every name is
 * asked for once.
 *
 * <p>How large a table, a log or a pool of blocks is, the manifest says under {@code capacities}
 * and its name. All methods throw {@link IllegalArgumentException} where it does not, and {@link
 * ArenaException} where the budget is used up, where an earlier build laid out something else (the
 * message says what differs), and after {@code open}.
 *
 * <p>For the daemon's own thread.
 */
public final class DaemonStructures implements WorkerDeaths {
    private final DaemonPlan plan;
    private final Arena arena;
    private final Memory memory;
    private final Journal journal;
    private final OperatingSystem os = OperatingSystem.current();
    private final LockSet locks;
    private final List<RobustLock> robustLocks = new ArrayList<>();
    private final List<ReadWriteLock> readWriteLocks = new ArrayList<>();
    private final List<Reclaimable> shared = new ArrayList<>();

    DaemonStructures(final DaemonPlan plan, final Arena arena, final long ownerWord) {
        this.plan = plan;
        this.arena = arena;
        this.memory = arena.memory();
        this.journal = arena.journal();
        this.locks = LockSet.ofTransaction(journal, ownerWord);
    }

    /**
     * A region of bytes whose meaning only the daemon knows.
     *
     * @param bytes below 2 GiB
     */
    public JournaledBuffer region(final String name, final int bytes) {
        final Structure structure = arena.structure(name, StructureKind.REGION, bytes);
        return new JournaledBuffer(journal, memory, structure.offset(), bytes);
    }

    /**
     * A hash table with 64-bit keys.
     *
     * @param record what each record holds; kept in the arena, so that {@code coppice state} can
     *     print it
     */
    public Table table(final String name, final RecordSchema record) {
        return table(name, 0, record);
    }

    /**
     * A hash table with keys of bytes.
     *
     * @param keyBytesMax length of the longest key, 1 to 65536
     */
    public Table table(final String name, final int keyBytesMax, final RecordSchema record) {
        final long capacity = capacity(name);
        return (Table)
                attach(
                        arena.structure(
                                name,
                                StructureKind.TABLE,
                                header(
                                        record,
                                        Table.bytes(capacity, keyBytesMax, record.bytes()),
                                        capacity),
                                Bodies.table(
                                        name, journal, capacity, keyBytesMax, record.bytes())));
    }

    /** A table in the order of its keys, which are 64-bit numbers. */
    public SortedTable sortedTable(final String name, final RecordSchema record) {
        return sortedTable(name, 0, record);
    }

    /**
     * A table in the order of its keys, which are bytes.
     *
     * @param keyBytesMax length of the longest key, 1 to 1024
     */
    public SortedTable sortedTable(
            final String name, final int keyBytesMax, final RecordSchema record) {
        final long capacity = capacity(name);
        return (SortedTable)
                attach(
                        arena.structure(
                                name,
                                StructureKind.SORTED_TABLE,
                                header(
                                        record,
                                        SortedTable.bytes(capacity, keyBytesMax, record.bytes()),
                                        capacity),
                                Bodies.sortedTable(
                                        name, journal, capacity, keyBytesMax, record.bytes())));
    }

    /** A log that keeps the newest records, of any bytes; its capacity is in bytes. */
    public RecordLog log(final String name) {
        return log(name, null);
    }

    /** A log whose records are of one schema, so that {@code coppice state} can print them. */
    public RecordLog log(final String name, final RecordSchema record) {
        final long capacityBytes = capacity(name);
        return (RecordLog)
                attach(
                        arena.structure(
                                name,
                                StructureKind.RECORD_LOG,
                                header(record, RecordLog.bytes(capacityBytes), capacityBytes),
                                Bodies.log(name, journal, capacityBytes)));
    }

    /** One 64-bit number. */
    public Cell longCell(final String name) {
        return cell(name, CellKind.LONG, Cell.bytes(), 0);
    }

    /** One floating-point number. */
    public Cell doubleCell(final String name) {
        return cell(name, CellKind.DOUBLE, Cell.bytes(), 0);
    }

    /**
     * One text.
     *
     * @param textBytesMax its longest, from 1 to 1 MiB
     */
    public Cell textCell(final String name, final int textBytesMax) {
        return cell(name, CellKind.TEXT, Cell.bytes(textBytesMax), textBytesMax);
    }

    /**
     * A number that the daemon and its workers count in, outside any transaction.
     *
     * @param typeId of the application's choice
     * @param label for people, at most 184 bytes of UTF-8
     */
    public Counter counter(final String name, final int typeId, final String label) {
        return (Counter)
                attach(
                        arena.structure(
                                name,
                                StructureKind.COUNTER,
                                Counter.bytes(),
                                Bodies.counter(name, typeId, label)));
    }

    /**
     * Blocks of one size, shared with the workers. What a worker holds when it dies goes back to
     * the pool.
     *
     * @param blockBytes of each, a multiple of 64 up to 2^30
     * @param ledgerEntries how many blocks a worker can hold at once, and the daemon allocate or
     *     release in one transaction
     */
    public BlockPool blocks(final String name, final int blockBytes, final int ledgerEntries) {
        final boolean found = arena.isLaidOut();
        final Structure body =
                blocksPlace(name, StructureKind.BLOCK_POOL, blockBytes, ledgerEntries);
        final BlockPool pool =
                found
                        ? (BlockPool) attach(body)
                        : BlockPool.layOut(
                                name,
                                journal,
                                memory,
                                body.offset(),
                                (int) capacity(name),
                                blockBytes,
                                ArenaPlan.processes(plan),
                                ledgerEntries);
        requireSame(name, "blocks of %d bytes", pool.blockBytes(), blockBytes);
        return shared(pool);
    }

    /**
     * Documents in blocks of one size, shared with the workers, as {@link #blocks} are; the
     * manifest says how many blocks.
     *
     * @param blockBytes of each, a multiple of 64; a document has as many as its values fill, and
     *     twice as many for a moment while it is compacted
     */
    public DocumentPool documents(
            final String name, final int blockBytes, final int ledgerEntries) {
        final boolean found = arena.isLaidOut();
        final Structure body =
                blocksPlace(name, StructureKind.DOCUMENTS, blockBytes, ledgerEntries);
        final DocumentPool documents =
                found
                        ? (DocumentPool) attach(body)
                        : DocumentPool.layOut(
                                name,
                                journal,
                                memory,
                                body.offset(),
                                (int) capacity(name),
                                blockBytes,
                                ArenaPlan.processes(plan),
                                ledgerEntries);
        requireSame(name, "blocks of %d bytes", documents.blockBytes(), blockBytes);
        return shared(documents);
    }

    /**
     * A queue of messages between the daemon and its workers; the manifest says how many it holds.
     * What a worker has polled and not committed when it dies is there again.
     *
     * @param messageBytesMax length of the longest message, 1 to 2^30
     */
    public Pipe pipe(final String name, final int messageBytesMax) {
        final int capacity = (int) Math.min(capacity(name), Integer.MAX_VALUE);
        final int processes = ArenaPlan.processes(plan);
        final boolean found = arena.isLaidOut();
        final Structure body =
                arena.structure(
                        name,
                        StructureKind.PIPE,
                        header(null, Pipe.bytes(capacity, messageBytesMax, processes), capacity));
        final Pipe pipe =
                found
                        ? (Pipe) attach(body)
                        : Pipe.layOut(
                                name,
                                os,
                                journal,
                                memory,
                                body.offset(),
                                capacity,
                                messageBytesMax,
                                processes);
        requireSame(name, "messages of %d bytes", pipe.messageBytesMax(), messageBytesMax);
        return shared(pipe);
    }

    /**
     * A lock that one of the daemon and its workers holds at a time, to the end of a transaction;
     * taken with {@link #locks}. A worker that dies gives it back.
     *
     * @param rank from 1; locks are taken in rising order of their ranks
     */
    public RobustLock lock(final String name, final int rank) {
        final boolean found = arena.isLaidOut();
        final Structure place = arena.structure(name, StructureKind.LOCK, RobustLock.bytes());
        final RobustLock lock =
                found
                        ? (RobustLock) attach(place)
                        : RobustLock.layOut(name, os, memory, place.offset(), rank);
        requireSame(name, "rank %d", lock.rank(), rank);
        // Whoever held it is of an earlier incarnation, and rolled back.
        lock.freeAll();
        robustLocks.add(lock);
        return lock;
    }

    /** A lock that many hold to read, or one to write; see {@link #lock}. */
    public ReadWriteLock readWriteLock(final String name, final int rank) {
        final int readers = ArenaPlan.processes(plan);
        final boolean found = arena.isLaidOut();
        final Structure place =
                arena.structure(name, StructureKind.READ_WRITE_LOCK, ReadWriteLock.bytes(readers));
        final ReadWriteLock lock =
                found
                        ? (ReadWriteLock) attach(place)
                        : ReadWriteLock.layOut(name, os, memory, place.offset(), rank, readers, 0);
        requireSame(name, "rank %d", lock.rank(), rank);
        lock.freeAll();
        readWriteLocks.add(lock);
        return lock;
    }

    /** Returns the locks that the daemon holds: what its locks are taken with. */
    public LockSet locks() {
        return locks;
    }

    @Override
    public void onWorkerDeath(final long ownerWord, final int process) {
        for (final Reclaimable structure : shared) {
            structure.reclaim(process);
        }
        for (final RobustLock lock : robustLocks) {
            lock.handBack(ownerWord);
        }
        for (final ReadWriteLock lock : readWriteLocks) {
            lock.handBack(ownerWord);
        }
    }

    /** Has everything asked for anew, after someone has looked at the state. */
    void askAgain() {
        robustLocks.clear();
        readWriteLocks.clear();
        shared.clear();
        arena.askAgain();
    }

    /** The workers of earlier incarnations are dead, and rolled back; so will later ones be. */
    private <T extends Reclaimable> T shared(final T structure) {
        for (int process = 1; process < ArenaPlan.processes(plan); process++) {
            structure.reclaim(process);
        }
        shared.add(structure);
        return structure;
    }

    private Structure blocksPlace(
            final String name,
            final StructureKind kind,
            final int blockBytes,
            final int ledgerEntries) {
        final long capacity = capacity(name);
        final long bytes =
                BlockPool.bytes(
                        (int) Math.min(capacity, Integer.MAX_VALUE),
                        blockBytes,
                        ArenaPlan.processes(plan),
                        ledgerEntries);
        return arena.structure(name, kind, header(null, bytes, capacity));
    }

    private Cell cell(
            final String name, final CellKind kind, final long bytes, final int textBytesMax) {
        return (Cell)
                attach(
                        arena.structure(
                                name,
                                StructureKind.CELL,
                                bytes,
                                Bodies.cell(name, journal, kind, textBytesMax)));
    }

    private static StructureHeader header(
            final RecordSchema record, final long bodyBytes, final long capacity) {
        return StructureHeader.of(null, record, bodyBytes, capacity);
    }

    /** Attaches to what the directory says is there; where it is not, the arena is damaged. */
    private Object attach(final Structure body) {
        final String name = body.name();
        final long offset = body.offset();
        final long bytes = body.bytes();
        try {
            return switch (body.kind()) {
                case TABLE -> Table.attach(name, journal, memory, offset, bytes);
                case SORTED_TABLE -> SortedTable.attach(name, journal, memory, offset, bytes);
                case RECORD_LOG -> RecordLog.attach(name, journal, memory, offset, bytes);
                case CELL -> Cell.attach(name, journal, memory, offset, bytes);
                case COUNTER -> Counter.attach(name, memory, offset, bytes);
                case BLOCK_POOL ->
                        BlockPool.attach(name, journal, memory, offset, bytes, BlockPool.DAEMON);
                case DOCUMENTS ->
                        DocumentPool.attach(name, journal, memory, offset, bytes, BlockPool.DAEMON);
                case PIPE -> Pipe.attach(name, os, journal, memory, offset, bytes, Pipe.DAEMON);
                case LOCK -> RobustLock.attach(name, os, memory, offset, bytes);
                case READ_WRITE_LOCK -> ReadWriteLock.attach(name, os, memory, offset, bytes, 0);
                case JOURNAL, POOL, REGION, RING, LOG_LINES, REQUESTS ->
                        throw new IllegalArgumentException(name + " is " + body.kind());
            };
        } catch (final ArenaException damaged) {
            throw new DamagedArenaException(plan.name() + ": " + damaged.getMessage(), damaged);
        }
    }

    /** See {@link DaemonContext#capacity}. */
    long capacity(final String name) {
        final Long capacity = plan.capacities().get(name);
        if (capacity == null) {
            throw new IllegalArgumentException(
                    plan.name()
                            + ": capacity \""
                            + name
                            + "\" is missing: add it under \"capacities\" in the manifest");
        }
        return capacity;
    }

    private void requireSame(
            final String name, final String what, final long there, final long wanted) {
        if (there != wanted) {
            throw new ArenaException(
                    plan.name()
                            + ": "
                            + name
                            + ": has "
                            + String.format(what, there)
                            + ", this build wants "
                            + String.format(what, wanted)
                            + "; onCrash=reset, migrate(...) or the old build");
        }
    }
}
