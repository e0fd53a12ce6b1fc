package io.coppice.daemon;

import io.coppice.pool.migrate.Migration;
import io.coppice.pool.migrate.Migrator;

/**
 * A service. One object lives in each daemon process; all its methods run on the main thread, the
 * only writer of its arena beside its transactions. It needs a public constructor without
 * arguments. A standby makes its object before its turn, while another process serves: what only
 * one process may have is for {@link #open}, not for the constructor.
 */
public interface Daemon extends Migrator {
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
     * Asked about each structure that an earlier build laid out otherwise than this one asks for
     * it, while {@link #open} asks; about each that {@code open} asks for and the earlier build did
     * not have; and, once {@code open} has returned, about each that it has not asked for. What the
     * methods of the migration are told stands for all structures at once, before the daemon is
     * ready, or before the first transaction that {@code open} begins; a death or an exception
     * before that leaves everything as the earlier build had it.
     *
     * @return true where a method of the migration was told what becomes of the structure; false
     *     where nothing is to be done: a structure that differs or is new is an error then, one
     *     that was not asked for is kept
     * @throws Exception where there is no way; the process ends with its message
     */
    @Override
    default boolean migrate(final Migration migration) throws Exception {
        return false;
    }

    /**
     * Runs the usual paths once on data of its own, touching no state and no file of the user's, so
     * that their classes are loaded. Called when a start-up cache is made, and twice in a standby
     * before it waits, each time on an object of its own, while another process serves.
     */
    default void warmUp() throws Exception {}

    /**
     * As {@link #warmUp()}, and called in its place at the same times; by itself it calls that. The
     * context is as the one of {@link #open}, with the settings of the manifest, on a scratch arena
     * in the memory of this process alone: structures are laid out empty there (capacities of at
     * most 16384), transactions commit, tasks that are submitted wait for ever, messages have no
     * readers, and a summary goes nowhere. What belongs to other daemons cannot be opened. When
     * this returns all of that is gone, and nothing of it may be used any more.
     *
     * @throws Exception where the daemon could not serve either: a standby ends then, and an
     *     upgrade is given up
     */
    default void warmUp(final DaemonContext scratch) throws Exception {
        warmUp();
    }
}
