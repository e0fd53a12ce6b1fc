package io.coppice.root.manifest;

import java.util.List;

/**
 * One pool of transaction workers. Immutable; bounds are in {@link ManifestLimits}.
 *
 * @param name name of the pool, unique in its daemon
 * @param className class that runs the tasks; it exists in the class path
 * @param workersMin processes kept ready
 * @param workersMax most processes, at least {@code workersMin}
 * @param requestBytes size of a request area
 * @param replyBytes size of a reply area
 * @param journalBytes size of a slot's undo journal
 * @param queueCapacity tasks that may wait
 * @param queueDeadlineNs time a task may wait, in nanoseconds
 * @param deadlineNs time a task may run, in nanoseconds
 * @param attempts attempts at one task before it is set aside
 * @param reuse tasks that one process runs before it is replaced
 * @param heapBytes Java heap of a worker process
 * @param jvm further JVM arguments of a worker process
 */
public record TransactionSpec(
        String name,
        String className,
        int workersMin,
        int workersMax,
        long requestBytes,
        long replyBytes,
        long journalBytes,
        int queueCapacity,
        long queueDeadlineNs,
        long deadlineNs,
        int attempts,
        int reuse,
        long heapBytes,
        List<String> jvm) {
    /** Copies the list, so that nobody can change it afterwards. */
    public TransactionSpec {
        jvm = List.copyOf(jvm);
    }
}
