package io.coppice.txn;

/**
 * Thrown by a transaction that wants its daemon to get exactly this text, without a class name
 * before it.
 */
public class TransactionFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure.
     *
     * @param detail for the daemon; cut after {@link
     *     io.coppice.pool.task.PoolLayout#DETAIL_BYTES_MAX} bytes
     * @param cause for people who read the worker's log; may be null
     */
    public TransactionFailedException(final String detail, final Throwable cause) {
        super(detail, cause);
    }
}
