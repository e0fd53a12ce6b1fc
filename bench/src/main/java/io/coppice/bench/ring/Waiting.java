package io.coppice.bench.ring;

/**
 * How everyone waits who does not sleep: by spinning, and once that was long by giving the core
 * away now and then, without which a machine with fewer cores than processes would measure nothing
 * but its scheduler. For one thread.
 */
final class Waiting {
    private static final int SPINS = 2_000;

    private int spins;

    // To yield is no correctness here: whoever gets no core would only be measured as slow.
    @SuppressWarnings("ThreadPriorityCheck")
    void idle() {
        if (++spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /** There was something to do. */
    void reset() {
        spins = 0;
    }
}
