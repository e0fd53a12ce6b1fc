package io.coppice.daemon;

/** Is told of the certified deaths of workers, to give back what they held. */
interface WorkerDeaths {
    /**
     * A worker has died, and its journal is recovered. Called again for the same death, it does
     * nothing more.
     *
     * @param ownerWord what the worker took locks with
     * @param process the worker's number among those of the daemon, see {@link
     *     io.coppice.pool.ArenaPlan#process}
     */
    void onWorkerDeath(long ownerWord, int process);
}
