package io.coppice.txn;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.document.DocumentPool;
import io.coppice.pool.lock.LockSet;
import io.coppice.pool.lock.ReadWriteLock;
import io.coppice.pool.lock.RobustLock;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.pipe.Pipe;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;

/**
 * The structures that the daemon laid out, as a worker writes them: through its own journal, so
 * that what is stored stands with the commit or not at all. To be asked for in {@link
 * Transaction#open}, once each.
 *
 * <p>Nothing keeps two writers of one table, log or cell apart but a lock of the daemon's, held to
 * the commit; blocks, pipes and counters need none.
 *
 * <p>All methods throw {@link ArenaException} where the daemon has no such structure. For the main
 * thread of the worker. Allocate.
 */
public final class TransactionStructures {
    private final String daemon;
    private final Memory arena;
    private final Journal journal;
    private final int process;
    private final OperatingSystem os = OperatingSystem.current();
    private final LockSet locks;

    /**
     * @param process number of the worker, see {@link io.coppice.pool.ArenaPlan#process}
     */
    TransactionStructures(
            final String daemon,
            final Memory arena,
            final Journal journal,
            final int process,
            final long ownerWord) {
        this.daemon = daemon;
        this.arena = arena;
        this.journal = journal;
        this.process = process;
        this.locks = LockSet.ofTransaction(journal, ownerWord);
    }

    /** A region of bytes. */
    public JournaledBuffer region(final String name) {
        final Structure place = find(name, StructureKind.REGION);
        return new JournaledBuffer(journal, arena, place.offset(), (int) place.bytes());
    }

    /** A hash table. */
    public Table table(final String name) {
        final Structure body = find(name, StructureKind.TABLE);
        return Table.attach(name, journal, arena, body.offset(), body.bytes());
    }

    /** A table in the order of its keys. */
    public SortedTable sortedTable(final String name) {
        final Structure body = find(name, StructureKind.SORTED_TABLE);
        return SortedTable.attach(name, journal, arena, body.offset(), body.bytes());
    }

    /** A log that keeps the newest records. */
    public RecordLog log(final String name) {
        final Structure body = find(name, StructureKind.RECORD_LOG);
        return RecordLog.attach(name, journal, arena, body.offset(), body.bytes());
    }

    /** One value. */
    public Cell cell(final String name) {
        final Structure place = find(name, StructureKind.CELL);
        return Cell.attach(name, journal, arena, place.offset(), place.bytes());
    }

    /** A number to count in, outside any transaction. */
    public Counter counter(final String name) {
        final Structure place = find(name, StructureKind.COUNTER);
        return Counter.attach(name, arena, place.offset(), place.bytes());
    }

    /**
     * Blocks of one size. What this worker holds when it ends goes back to the pool; {@link
     * BlockPool#give} has the daemon keep it.
     */
    public BlockPool blocks(final String name) {
        final Structure body = find(name, StructureKind.BLOCK_POOL);
        return BlockPool.attach(name, journal, arena, body.offset(), body.bytes(), process);
    }

    /**
     * Documents. What this worker holds when it ends goes back to the pool; {@link
     * io.coppice.pool.document.Document#give} has the daemon keep a document.
     */
    public DocumentPool documents(final String name) {
        final Structure body = find(name, StructureKind.DOCUMENTS);
        return DocumentPool.attach(name, journal, arena, body.offset(), body.bytes(), process);
    }

    /**
     * A queue of messages. What this worker has polled is there again where it dies before its
     * commit.
     */
    public Pipe pipe(final String name) {
        final Structure body = find(name, StructureKind.PIPE);
        return Pipe.attach(name, os, journal, arena, body.offset(), body.bytes(), process);
    }

    /** A lock, taken with {@link #locks} and held to the end of the transaction. */
    public RobustLock lock(final String name) {
        final Structure place = find(name, StructureKind.LOCK);
        return RobustLock.attach(name, os, arena, place.offset(), place.bytes());
    }

    /** A lock for many readers or one writer, taken with {@link #locks}. */
    public ReadWriteLock readWriteLock(final String name) {
        final Structure place = find(name, StructureKind.READ_WRITE_LOCK);
        return ReadWriteLock.attach(name, os, arena, place.offset(), place.bytes(), process);
    }

    /** Returns the locks that this worker holds: what locks are taken with. */
    public LockSet locks() {
        return locks;
    }

    private Structure find(final String name, final StructureKind kind) {
        final Structure body = ArenaDirectory.findBody(arena, name);
        if (body == null) {
            throw new ArenaException(daemon + ": the arena has no structure \"" + name + "\"");
        }
        if (body.kind() != kind) {
            throw new ArenaException(
                    daemon + ": structure \"" + name + "\" is " + body.kind() + ", not " + kind);
        }
        return body;
    }
}
