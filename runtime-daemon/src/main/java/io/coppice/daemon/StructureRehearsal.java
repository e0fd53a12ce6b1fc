package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.document.Document;
import io.coppice.pool.document.DocumentPool;
import io.coppice.pool.lock.LockSet;
import io.coppice.pool.lock.ReadWriteLock;
import io.coppice.pool.lock.RobustLock;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.pipe.Pipe;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;
import java.lang.foreign.Arena;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Uses every structure once, on memory of its own, and recovers from a transaction that was cut, so
 * that a start cache has the classes of both. A class that the cache lacks costs a look into every
 * jar of the class path, just when a daemon recovers.
 */
final class StructureRehearsal {
    private static final int JOURNAL_BYTES = 64 * 1024;
    private static final int PART_BYTES = 64 * 1024;
    private static final int PARTS = 11;
    private static final int BLOCK_BYTES = 512;
    private static final int FEW = 16;

    private final OperatingSystem os = OperatingSystem.current();
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[FEW]);

    /** Does all of it. */
    void run() {
        try (Arena scratch = Arena.ofConfined()) {
            final Memory memory =
                    Memory.of(scratch.allocate(JOURNAL_BYTES + PARTS * (long) PART_BYTES, 64));
            use(memory, journal(memory), true);
            // As an incarnation does that finds what another left in the midst of a transaction.
            final Journal left = journal(memory);
            left.begin();
            left.save(part(0), FEW);
            left.putLong(part(0), 1);
            left.touch(part(0), FEW);
            use(memory, journal(memory), false);
        }
    }

    private static Journal journal(final Memory memory) {
        final Journal journal = new Journal(memory, 0, JOURNAL_BYTES);
        journal.recover();
        return journal;
    }

    private void use(final Memory memory, final Journal journal, final boolean fresh) {
        final Structures all = new Structures(memory, journal, fresh);
        final LockSet locks = LockSet.ofTransaction(journal, 1L << 16);
        journal.begin();
        all.lock.tryLock(locks, 0);
        all.shared.tryWriteLock(locks, 0);
        all.region.putLong(0, 1);
        all.table.putLong(all.table.findOrInsert(1), 0, 1);
        final int savepoint = journal.savepoint();
        all.sorted.insert(1, value, 0);
        journal.rollbackTo(savepoint);
        all.sorted.insert(1, value, 0);
        all.log.append(value, 0, FEW);
        all.cell.setLong(1);
        all.text.setText(value, 0, FEW);
        all.counter.increment();
        all.blocks.release(all.blocks.allocate());
        final Document document = all.documents.flyweight();
        document.create();
        document.putLong("a", 1);
        document.release();
        all.pipe.tryOffer(value, 0, FEW);
        journal.commit();
        journal.begin();
        all.table.remove(1);
        all.pipe.tryPoll(value, 0);
        journal.rollback();
    }

    private static long part(final int number) {
        return JOURNAL_BYTES + number * (long) PART_BYTES;
    }

    /** One of each kind, laid out or found. */
    private final class Structures {
        private final JournaledBuffer region;
        private final Table table;
        private final SortedTable sorted;
        private final RecordLog log;
        private final Cell cell;
        private final Cell text;
        private final Counter counter;
        private final BlockPool blocks;
        private final DocumentPool documents;
        private final Pipe pipe;
        private final RobustLock lock;
        private final ReadWriteLock shared;

        Structures(final Memory memory, final Journal journal, final boolean fresh) {
            region = new JournaledBuffer(journal, memory, part(0), FEW);
            if (fresh) {
                table = Table.layOut("t", journal, memory, part(1), FEW, 0, FEW);
                sorted = SortedTable.layOut("s", journal, memory, part(2), FEW, 0, FEW);
                log = RecordLog.layOut("l", journal, memory, part(3), PART_BYTES / 2);
                cell = Cell.layOutLong("c", journal, memory, part(4));
                text = Cell.layOutText("x", journal, memory, part(5), FEW);
                counter = Counter.layOut("n", memory, part(6), 1, "");
                blocks = BlockPool.layOut("b", journal, memory, part(7), FEW, 64, 2, FEW);
                documents =
                        DocumentPool.layOut(
                                "d", journal, memory, part(8), FEW, BLOCK_BYTES, 2, FEW);
                pipe = Pipe.layOut("p", os, journal, memory, part(10), FEW, FEW, 2);
                lock = RobustLock.layOut("k", os, memory, part(9), 1);
                shared =
                        ReadWriteLock.layOut(
                                "r", os, memory, part(9) + RobustLock.bytes(), 2, 2, 0);
            } else {
                table = Table.attach("t", journal, memory, part(1), Table.bytes(FEW, 0, FEW));
                sorted =
                        SortedTable.attach(
                                "s", journal, memory, part(2), SortedTable.bytes(FEW, 0, FEW));
                log =
                        RecordLog.attach(
                                "l", journal, memory, part(3), RecordLog.bytes(PART_BYTES / 2));
                cell = Cell.attach("c", journal, memory, part(4), Cell.bytes());
                text = Cell.attach("x", journal, memory, part(5), Cell.bytes(FEW));
                counter = Counter.attach("n", memory, part(6), Counter.bytes());
                blocks =
                        BlockPool.attach(
                                "b",
                                journal,
                                memory,
                                part(7),
                                BlockPool.bytes(FEW, 64, 2, FEW),
                                BlockPool.DAEMON);
                documents =
                        DocumentPool.attach(
                                "d",
                                journal,
                                memory,
                                part(8),
                                DocumentPool.bytes(FEW, BLOCK_BYTES, 2, FEW),
                                BlockPool.DAEMON);
                pipe =
                        Pipe.attach(
                                "p",
                                os,
                                journal,
                                memory,
                                part(10),
                                Pipe.bytes(FEW, FEW, 2),
                                Pipe.DAEMON);
                lock = RobustLock.attach("k", os, memory, part(9), RobustLock.bytes());
                shared =
                        ReadWriteLock.attach(
                                "r",
                                os,
                                memory,
                                part(9) + RobustLock.bytes(),
                                ReadWriteLock.bytes(2),
                                0);
            }
        }
    }
}
