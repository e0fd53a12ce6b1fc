package io.coppice.daemon;

/** The workers of a pool on a scratch arena: there are none. */
final class ScratchWorkers implements WorkerProcesses {
    @Override
    public void spawn(final Worker worker) {
        // The slot stays empty, and tasks wait.
    }

    @Override
    public void kill(final Worker worker) {
        // Nobody is there.
    }

    @Override
    public void certify(final Worker worker, final long timeoutNs) {
        // Nobody was there.
    }
}
