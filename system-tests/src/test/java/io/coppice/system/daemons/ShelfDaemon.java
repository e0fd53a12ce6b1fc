package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.DaemonStructures;
import io.coppice.daemon.Outcome;
import io.coppice.daemon.TaskResult;
import io.coppice.daemon.TransactionPool;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.document.DocumentPool;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;
import java.util.BitSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has one structure of every kind, which its transactions fill with the numbers from 1, and says at
 * the end whether they all hold the same.
 */
public final class ShelfDaemon implements Daemon {
    private static final int RESULTS_PER_CYCLE = 16;
    private static final int SUBMITTED = 0;
    private static final int DONE = Long.BYTES;

    private final UnsafeBuffer request = new UnsafeBuffer(new byte[Long.BYTES]);
    private DaemonContext context;
    private TransactionPool pool;
    private JournaledBuffer progress;
    private Table items;
    private SortedTable names;
    private RecordLog events;
    private Cell sum;
    private Cell mean;
    private Cell note;
    private Counter runs;
    private BlockPool blocks;
    private DocumentPool documents;
    private Cell newest;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        pool = context.pool("work");
        final DaemonStructures structures = context.structures();
        progress = structures.region("progress", 2 * Long.BYTES);
        structures.region("numbers", (ShelfLayout.TASKS + 1) * Long.BYTES);
        items = structures.table("items", ShelfLayout.ITEM);
        names = structures.sortedTable("names", ShelfLayout.KEY_BYTES_MAX, ShelfLayout.NAME);
        events = structures.log("events", ShelfLayout.NAME);
        sum = structures.longCell("sum");
        mean = structures.doubleCell("mean");
        note = structures.textCell("note", ShelfLayout.NOTE_BYTES_MAX);
        runs = structures.counter("runs", 1, "transactions that began");
        blocks = structures.blocks("blocks", ShelfLayout.BLOCK_BYTES, ShelfLayout.LEDGER_ENTRIES);
        documents =
                structures.documents(
                        "documents", ShelfLayout.DOCUMENT_BLOCK_BYTES, ShelfLayout.LEDGER_ENTRIES);
        newest = structures.longCell("newest");
        structures.readWriteLock("reading", 1);
        structures.lock("writing", 2);
    }

    @Override
    public int doWork() {
        int work = pool.poll(this::onResult, RESULTS_PER_CYCLE);
        while (progress.getLong(SUBMITTED) < ShelfLayout.TASKS && pool.hasRoom()) {
            request.putLong(0, progress.getLong(SUBMITTED) + 1);
            context.journal().begin();
            pool.submit(request, 0, Long.BYTES);
            progress.putLong(SUBMITTED, request.getLong(0));
            context.journal().commit();
            work++;
        }
        if (progress.getLong(DONE) == ShelfLayout.TASKS) {
            context.summary(summary());
            context.finish();
        }
        return work;
    }

    private void onResult(final TaskResult result) {
        if (result.outcome() != Outcome.OK) {
            throw new IllegalStateException(
                    result.outcome()
                            + " "
                            + result.detail()
                                    .getStringWithoutLengthUtf8(0, result.detail().capacity()));
        }
        progress.putLong(DONE, progress.getLong(DONE) + 1);
    }

    private String summary() {
        final BitSet held = new BitSet();
        final int field = ShelfLayout.ITEM.longField("block").offset();
        for (long item = items.next(Table.NONE); item != Table.NONE; item = items.next(item)) {
            final int block = (int) items.getLong(item, field);
            if (blocks.isHeld(block)) {
                held.set(block);
            }
        }
        return String.format(
                "items %d, names %d, events %d, sum %d, mean %s, note of %d bytes, blocks %d, in"
                        + " use %d, document blocks %d, newest says %s, every task began %s%n",
                items.size(),
                names.size(),
                events.nextSequence(),
                sum.getLong(),
                mean.getDouble(),
                note.getText(new UnsafeBuffer(new byte[ShelfLayout.NOTE_BYTES_MAX]), 0),
                held.cardinality(),
                blocks.size(),
                documents.size() / 2,
                documents.flyweight().open(newest.getLong()).toJson().startsWith("{\"number\":"),
                runs.get() >= ShelfLayout.TASKS);
    }
}
