package io.coppice.bench;

/**
 * One way to do one kind of operation on state. Each lives in a JVM of its own, so that neither the
 * profile nor the garbage of one weighs on another. For one thread.
 */
interface StateWork {
    /**
     * Does operations, one after another, going on where the last call ended.
     *
     * @param operations a multiple of {@link StateBench#TRANSACTION_STORES}
     * @throws Exception whatever the subject throws
     */
    void run(int operations) throws Exception;

    /**
     * Checks that the state is what all operations so far must have made of it.
     *
     * @throws BenchFailure where it is not
     * @throws Exception whatever the subject throws
     */
    void verify() throws Exception;
}
