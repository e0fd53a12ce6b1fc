package io.coppice.daemon;

/**
 * A service. One object lives in each daemon process; all its methods run on the main thread, the
 * only writer of its arena beside its transactions. It needs a public constructor without
 * arguments.
 */
public interface Daemon {
    /**
     * Lays out or finds the named structures and joins rings. Afterwards none is added. After a
     * crash the structures hold what the last commit left. The daemon is ready when this returns.
     *
     * @throws Exception where the daemon cannot serve; its process ends and root decides about a
     *     restart
     */
    void open(DaemonContext context) throws Exception;

    /**
     * One duty cycle; must not block.
     *
     * @return how much was done; 0 lets the process sleep until its bell rings, at most {@link
     *     DaemonContext#IDLE_NS_MAX}
     */
    int doWork() throws Exception;

    /**
     * Called when root stops the daemon, or when it has finished. The arena stays as the last
     * commit left it.
     */
    default void onClose() throws Exception {}

    /**
     * Asked under {@code onCrash: ask} whether the state that an earlier incarnation left can be
     * gone on with. Called after the journal is rolled back and before {@link #open}; structures
     * may be looked at through the context.
     *
     * @return false to start from zeroes
     */
    default boolean recover(final DaemonContext context) throws Exception {
        return true;
    }

    /**
     * Runs the usual paths once on data of its own, touching no state and no file of the user's, so
     * that their classes are loaded. Called when a start-up cache is made, never in a serving tree.
     */
    default void warmUp() throws Exception {}
}
