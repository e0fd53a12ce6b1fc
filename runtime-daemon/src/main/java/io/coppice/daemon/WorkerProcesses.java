package io.coppice.daemon;

import java.io.IOException;

/** Starts and kills the processes of a pool. For the daemon's own thread. */
interface WorkerProcesses {
    /**
     * Starts a worker and puts it into its slot.
     *
     * @throws IOException where the system cannot start a process now
     */
    void spawn(Worker worker) throws IOException;

    /** Kills a worker and whatever it started; its death is certified later, by the kernel. */
    void kill(Worker worker);

    /**
     * Kills a worker that an earlier incarnation of this daemon left, and waits until that is
     * certain.
     *
     * @param timeoutNs how long at most, in nanoseconds
     * @throws IllegalStateException where it does not die
     */
    void certify(Worker worker, long timeoutNs);
}
