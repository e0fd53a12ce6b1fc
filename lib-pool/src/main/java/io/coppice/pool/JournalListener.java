package io.coppice.pool;

/**
 * Told of the end of every transaction, by those who keep something in step with the arena outside
 * of it.
 */
public interface JournalListener {
    /**
     * The transaction is about to be committed, or a savepoint to be set: the last moment to defer
     * what was put off until now, such as a word that moves with every step. Where the journal is
     * full, neither happens.
     */
    default void beforeCommit() {}

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
