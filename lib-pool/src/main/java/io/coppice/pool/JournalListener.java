package io.coppice.pool;

/**
 * Told of the end of every transaction, by those who keep something in step with the arena outside
 * of it.
 */
public interface JournalListener {
    /**
     * The transaction stands, its deferred stores are made; {@link Journal#forEachChange} shows
     * what it changed. A death before this call is a commit that nobody was told of.
     */
    void onCommit();

    /** The transaction is undone. */
    void onRollback();

    /** What was done since a savepoint is undone; the transaction goes on. */
    default void onRollbackToSavepoint() {}
}
