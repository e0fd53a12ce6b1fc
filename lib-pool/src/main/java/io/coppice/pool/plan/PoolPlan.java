package io.coppice.pool.plan;

import java.util.List;

/**
 * A pool of transaction workers.
 *
 * @param name unique within its daemon
 * @param className that implements the transaction
 * @param workersMin started ahead of need
 * @param workersMax that ever run at once
 * @param firstSlot of the tree that belongs to worker 0; the others follow
 * @param requestBytes largest request
 * @param replyBytes largest reply
 * @param journalBytes of each worker
 * @param queueCapacity tasks that are queued or running at once
 * @param queueDeadlineNs after which a queued task is given back unrun
 * @param deadlineNs of one run, after which the worker is killed
 * @param attempts that may crash, time out or run out of memory before the task is given up
 * @param reuse tasks after which a worker is replaced
 * @param command that starts a worker; the runtime appends its place
 */
public record PoolPlan(
        String name,
        String className,
        int workersMin,
        int workersMax,
        int firstSlot,
        int requestBytes,
        int replyBytes,
        long journalBytes,
        int queueCapacity,
        long queueDeadlineNs,
        long deadlineNs,
        int attempts,
        int reuse,
        List<String> command) {
    /** Returns the same plan with another command line. */
    public PoolPlan commanded(final List<String> newCommand) {
        return new PoolPlan(
                name,
                className,
                workersMin,
                workersMax,
                firstSlot,
                requestBytes,
                replyBytes,
                journalBytes,
                queueCapacity,
                queueDeadlineNs,
                deadlineNs,
                attempts,
                reuse,
                newCommand);
    }
}
