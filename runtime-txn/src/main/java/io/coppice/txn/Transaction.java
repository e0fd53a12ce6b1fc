package io.coppice.txn;

/**
 * A risky task. One object lives in each worker process and runs one task at a time, on the main
 * thread. It needs a public constructor without arguments.
 */
public interface Transaction {
    /**
     * Called once in each worker process, before the first task and outside any transaction: the
     * place to ask for the structures of the daemon.
     *
     * @throws Exception where the worker cannot serve; its process ends, and the daemon starts
     *     another after a while
     */
    default void open(TransactionContext context) throws Exception {}

    /**
     * Runs one task. Returning commits what was written through the context; throwing rolls it
     * back, and the daemon that asked gets the exception's text. The process may be killed at any
     * instruction.
     */
    void run(TransactionContext context) throws Exception;

    /**
     * Runs the usual paths once on data of its own, touching no state and no file of the user's, so
     * that their classes are loaded. Called when a start-up cache is made, never in a serving tree.
     */
    default void warmUp() throws Exception {}
}
