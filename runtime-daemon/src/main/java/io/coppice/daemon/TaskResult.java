package io.coppice.daemon;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The result of a task, in place. One object is used for all; it is valid while the handler runs.
 */
public final class TaskResult {
    private final UnsafeBuffer request = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer reply = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer detail = new UnsafeBuffer(0, 0);
    private Outcome outcome;
    private long taskId;
    private int attempts;
    private int exitStatus;

    void set(final Outcome result, final long task, final int attemptCount, final int status) {
        outcome = result;
        taskId = task;
        attempts = attemptCount;
        exitStatus = status;
        reply.wrap(0, 0);
        detail.wrap(0, 0);
    }

    void request(final long address, final int length) {
        request.wrap(address, length);
    }

    void reply(
            final long replyAddress,
            final int replyLength,
            final long detailAddress,
            final int detailLength) {
        reply.wrap(replyAddress, replyLength);
        detail.wrap(detailAddress, detailLength);
    }

    /** Returns how the task ended. */
    public Outcome outcome() {
        return outcome;
    }

    /** Returns the number that {@link TransactionPool#submit} gave. */
    public long taskId() {
        return taskId;
    }

    /**
     * Returns how many attempts were used: those that died of themselves, and the one that ended in
     * a commit or an exception. Attempts that were cut by the death of the daemon, or by a kill
     * that root made on purpose, are not among them.
     */
    public int attempts() {
        return attempts;
    }

    /**
     * Returns how the last attempt's process ended: an exit code, 128 + signal, or 0 where the
     * process lives.
     */
    public int exitStatus() {
        return exitStatus;
    }

    /** Returns the request as it was submitted; its capacity is its length. */
    public DirectBuffer request() {
        return request;
    }

    /** Returns the reply; empty unless the outcome is {@link Outcome#OK}. */
    public DirectBuffer reply() {
        return reply;
    }

    /**
     * Returns what a failed transaction said, UTF-8; empty unless the outcome is {@link
     * Outcome#FAILED}.
     */
    public DirectBuffer detail() {
        return detail;
    }
}
