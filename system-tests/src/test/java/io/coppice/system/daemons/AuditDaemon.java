package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.SiblingStructures;
import io.coppice.pool.cell.CellReader;
import io.coppice.pool.document.DocumentReader;
import io.coppice.pool.log.RecordLogReader;
import io.coppice.pool.table.TableReader;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads what a {@link ShelfDaemon} called {@code shelf} keeps, while it is written and its writers
 * are killed, and finishes once all of it is there.
 */
public final class AuditDaemon implements Daemon {
    private static final long READ_NS = TimeUnit.SECONDS.toNanos(1);

    private final UnsafeBuffer item = new UnsafeBuffer(new byte[ShelfLayout.ITEM.bytes()]);
    private final UnsafeBuffer event = new UnsafeBuffer(new byte[ShelfLayout.NAME.bytes()]);
    private DaemonContext context;
    private SiblingStructures shelf;
    private TableReader items;
    private RecordLogReader events;
    private CellReader sum;
    private CellReader newest;
    private DocumentReader documents;
    private long read;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        shelf = context.structuresOf("shelf");
    }

    @Override
    public int doWork() {
        if (shelf.isStale()) {
            if (!shelf.attach()) {
                return 0;
            }
            items = shelf.table("items");
            events = shelf.log("events");
            sum = shelf.cell("sum");
            newest = shelf.cell("newest");
            documents = shelf.documents("documents");
            read = 0;
        }
        while (events.read(event, 0) != RecordLogReader.NOTHING) {
            check(event.getLong(ShelfLayout.NAME.longField("number").offset()));
            read++;
        }
        if (read == ShelfLayout.TASKS && sum.getLong() == expectedSum()) {
            context.summary(
                    "audit: "
                            + read
                            + " events, newest is a document: "
                            + documents.open(newest.getLong()).toJson().startsWith("{\"number\":")
                            + "\n");
            context.finish();
        }
        return 0;
    }

    /** What an event tells of was committed with it, so it has to be there. */
    private void check(final long number) {
        final int answer = items.read(number, item, 0, READ_NS);
        final long square = item.getLong(ShelfLayout.ITEM.longField("square").offset());
        if (answer != TableReader.FOUND || square != number * number) {
            throw new IllegalStateException(
                    "item " + number + ": answer " + answer + ", square " + square);
        }
    }

    private static long expectedSum() {
        return ShelfLayout.TASKS * (ShelfLayout.TASKS + 1L) / 2;
    }
}
