package io.coppice.txn;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.table.Table;
import net.openhft.chronicle.bytes.Bytes;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a transaction sees of its task and of its daemon's state. For the main thread of the worker.
 */
public final class TransactionContext {
    private final DaemonPlan daemon;
    private final Memory arena;
    private final Journal journal;
    private final UnsafeBuffer request = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer reply = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer replyArea;
    private long taskId;
    private int attempt;
    private int replyLength;

    TransactionContext(
            final DaemonPlan daemon,
            final Memory arena,
            final Journal journal,
            final long replyOffset,
            final int replyBytes) {
        this.daemon = daemon;
        this.arena = arena;
        this.journal = journal;
        this.replyArea = new UnsafeBuffer(arena.address() + replyOffset, replyBytes);
        reply.wrap(replyArea);
    }

    void begin(
            final long requestOffset,
            final int requestLength,
            final long task,
            final int attemptNumber) {
        request.wrap(arena.address() + requestOffset, requestLength);
        taskId = task;
        attempt = attemptNumber;
        replyLength = 0;
    }

    int replyLength() {
        return replyLength;
    }

    /** Returns the request; its capacity is its length. To be read only. */
    public DirectBuffer request() {
        return request;
    }

    /**
     * Returns the room for the reply, as large as the manifest's {@code reply}. What is written
     * counts with {@link #replyLength(int)} and is seen by the daemon only after the commit.
     */
    public MutableDirectBuffer reply() {
        return reply;
    }

    /**
     * Says how much of {@link #reply} is the reply.
     *
     * @throws IndexOutOfBoundsException where there is not so much room
     */
    public void replyLength(final int length) {
        replyArea.boundsCheck(0, length);
        replyLength = length;
    }

    /**
     * Returns Chronicle {@code Bytes} that read the request in place. Loads Chronicle on first use.
     */
    public Bytes<?> requestBytes() {
        return BytesView.readable(request.addressOffset(), request.capacity());
    }

    /**
     * Returns Chronicle {@code Bytes} that write into the reply's room in place. Loads Chronicle on
     * first use.
     */
    public Bytes<?> replyBytes() {
        return BytesView.writable(replyArea.addressOffset(), replyArea.capacity());
    }

    /** Returns the number of the task; it is the same in every attempt. */
    public long taskId() {
        return taskId;
    }

    /** Returns which attempt this is, from 1. */
    public int attempt() {
        return attempt;
    }

    /**
     * Returns a setting of the daemon.
     *
     * @return null where the manifest has none
     */
    public String setting(final String key) {
        return daemon.settings().get(key);
    }

    /**
     * Returns a table that the daemon laid out, written through this worker's journal: what is
     * stored stands with the commit or not at all. Nothing keeps two writers of one table apart:
     * give the pool one worker, or let only one side write. Allocates.
     *
     * @throws io.coppice.pool.ArenaException where the daemon has no such table
     */
    public Table table(final String name) {
        final Structure body = ArenaDirectory.findBody(arena, name);
        if (body == null || body.kind() != StructureKind.TABLE) {
            throw new ArenaException(daemon.name() + ": the arena has no table \"" + name + "\"");
        }
        return Table.attach(name, journal, arena, body.offset(), body.bytes());
    }

    /**
     * Returns a region that the daemon laid out, written through this worker's journal: what is
     * stored stands with the commit or not at all. Nothing keeps two writers of one region apart;
     * give each worker its own, or let only one side write. Allocates.
     *
     * @throws io.coppice.pool.ArenaException where the daemon has no such region
     */
    public JournaledBuffer region(final String name) {
        final Structure structure = ArenaDirectory.find(arena, name);
        if (structure == null || structure.kind() != StructureKind.REGION) {
            throw new ArenaException(daemon.name() + ": the arena has no region \"" + name + "\"");
        }
        return new JournaledBuffer(journal, arena, structure.offset(), (int) structure.bytes());
    }
}
