package io.coppice.system.daemons;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coppice.pool.block.BlockPool;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.document.Document;
import io.coppice.pool.document.DocumentPool;
import io.coppice.pool.lock.LockSet;
import io.coppice.pool.lock.ReadWriteLock;
import io.coppice.pool.lock.RobustLock;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;
import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;
import io.coppice.txn.TransactionFailedException;
import io.coppice.txn.TransactionStructures;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts the number that it is asked into every structure of a {@link ShelfDaemon}. */
public final class ShelfTransaction implements Transaction {
    private static final long LOCK_NS = TimeUnit.MINUTES.toNanos(1);

    private final UnsafeBuffer record = new UnsafeBuffer(new byte[ShelfLayout.NAME.bytes()]);
    private Table items;
    private SortedTable names;
    private RecordLog events;
    private Cell sum;
    private Cell mean;
    private Cell note;
    private Counter runs;
    private BlockPool blocks;
    private DocumentPool documents;
    private Cell sheets;
    private RobustLock writing;
    private ReadWriteLock reading;
    private LockSet locks;

    @Override
    public void open(final TransactionContext context) {
        final TransactionStructures structures = context.structures();
        items = structures.table("items");
        names = structures.sortedTable("names");
        events = structures.log("events");
        sum = structures.cell("sum");
        mean = structures.cell("mean");
        note = structures.cell("note");
        runs = structures.counter("runs");
        blocks = structures.blocks("blocks");
        documents = structures.documents("documents");
        sheets = structures.cell("newest");
        writing = structures.lock("writing");
        reading = structures.readWriteLock("reading");
        locks = structures.locks();
    }

    @Override
    public void run(final TransactionContext context) throws TransactionFailedException {
        final long number = context.request().getLong(0);
        runs.increment();
        if (!reading.tryReadLock(locks, LOCK_NS) || !writing.tryLock(locks, LOCK_NS)) {
            throw new TransactionFailedException("a lock was taken for too long", null);
        }
        final int block = blocks.allocate();
        final long handle = items.insert(number);
        items.putLong(handle, ShelfLayout.ITEM.longField("square").offset(), number * number);
        items.putLong(handle, ShelfLayout.ITEM.longField("block").offset(), block);
        context.structures().region("numbers").putLong((int) number * Long.BYTES, block);
        blocks.give(block);
        final Document sheet = documents.flyweight();
        final long reference = sheet.create();
        sheet.putLong("number", number);
        sheet.putText("says.loud", "NO. " + number);
        sheet.give();
        sheets.setLong(reference);

        final UnsafeBuffer key = new UnsafeBuffer(("n" + number).getBytes(UTF_8));
        record.putLong(ShelfLayout.NAME.longField("number").offset(), number);
        ShelfLayout.NAME.textField("says").put(record, 0, "no. " + number);
        names.insert(key, 0, key.capacity(), record, 0);
        events.append(record, 0, record.capacity());

        sum.setLong(sum.getLong() + number);
        mean.setDouble((double) sum.getLong() / items.size());
        note.setText(key, 0, key.capacity());
    }
}
