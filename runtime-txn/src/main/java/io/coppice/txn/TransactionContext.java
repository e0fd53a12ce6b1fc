package io.coppice.txn;

import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
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
    private final TransactionStructures structures;
    private final UnsafeBuffer request = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer reply = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer replyArea;
    private long taskId;
    private int attempt;
    private int replyLength;
    private boolean running;

    TransactionContext(
            final DaemonPlan daemon,
            final Memory arena,
            final TransactionStructures structures,
            final long replyOffset,
            final int replyBytes) {
        this.daemon = daemon;
        this.arena = arena;
        this.structures = structures;
        this.replyArea = new UnsafeBuffer(arena.address() + replyOffset, replyBytes);
    }

    void begin(
            final long requestOffset,
            final int requestLength,
            final long task,
            final int attemptNumber) {
        request.wrap(arena.address() + requestOffset, requestLength);
        reply.wrap(replyArea);
        taskId = task;
        attempt = attemptNumber;
        replyLength = 0;
        running = true;
    }

    /** Takes request and reply away, so that whoever kept them cannot reach those of others. */
    void end() {
        running = false;
        request.wrap(0, 0);
        reply.wrap(0, 0);
    }

    int replyLength() {
        return replyLength;
    }

    /**
     * Returns the request; its capacity is its length. To be read only.
     *
     * @throws IllegalStateException outside {@link Transaction#run}
     */
    public DirectBuffer request() {
        requireRunning();
        return request;
    }

    /**
     * Returns the room for the reply, as large as the manifest's {@code reply}. What is written
     * counts with {@link #replyLength(int)} and is seen by the daemon only after the commit.
     *
     * @throws IllegalStateException outside {@link Transaction#run}
     */
    public MutableDirectBuffer reply() {
        requireRunning();
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
        requireRunning();
        return BytesView.readable(request.addressOffset(), request.capacity());
    }

    /**
     * Returns Chronicle {@code Bytes} that write into the reply's room in place. Loads Chronicle on
     * first use.
     */
    public Bytes<?> replyBytes() {
        requireRunning();
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

    private void requireRunning() {
        if (!running) {
            throw new IllegalStateException(
                    "no task is under way: a request and its reply are there in run() alone");
        }
    }

    /** Returns what the daemon laid out, to be asked for in {@link Transaction#open}. */
    public TransactionStructures structures() {
        return structures;
    }
}
