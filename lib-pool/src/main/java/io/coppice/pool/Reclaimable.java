package io.coppice.pool;

/** A structure in which each process of a daemon holds something that others must not lose. */
public interface Reclaimable {
    /**
     * Gives back what a dead process held. Called again, also after a death on the way, it goes on
     * where it was.
     *
     * @param deadProcess number of a worker, see {@link ArenaPlan#process}, whose death is
     *     certified and whose journal was recovered
     * @throws ArenaException where what it held is damaged, or there is no such process
     */
    void reclaim(int deadProcess);
}
