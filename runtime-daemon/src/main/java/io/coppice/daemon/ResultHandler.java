package io.coppice.daemon;

/** Uses the result of one task. */
@FunctionalInterface
public interface ResultHandler {
    /**
     * Called inside a transaction of the daemon's journal that also takes the task out of the pool:
     * what is changed through the journal stands together with that, or not at all. An exception
     * rolls both back.
     *
     * @param result valid during the call
     */
    void onResult(TaskResult result);
}
