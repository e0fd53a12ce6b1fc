package io.coppice.pool;

/**
 * Told of the end of every transaction, by those who keep something in step with the arena outside
 * of it.
 */
public interface JournalListener {
    /** The transaction stands, its deferred stores are made. */
    void onCommit();

    /** The transaction is undone. */
    void onRollback();
}
