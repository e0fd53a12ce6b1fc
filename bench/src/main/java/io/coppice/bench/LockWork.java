package io.coppice.bench;

/** A lock in shared memory, taken and given up again by one thread that nobody disturbs. */
abstract class LockWork implements StateWork {
    /** Before the lock, which nothing else shares a cache line with. */
    static final long JOURNAL_BYTES = 4096;

    private long taken;

    /** Takes the lock and gives it up; returns whether both went well. */
    abstract boolean lockAndUnlock() throws Exception;

    @Override
    public final void run(final int operations) throws Exception {
        for (int done = 0; done < operations; done++) {
            if (lockAndUnlock()) {
                taken++;
            }
        }
        taken -= operations;
    }

    @Override
    public final void verify() {
        if (taken != 0) {
            throw new BenchFailure(BenchFailure.BUG, -taken + " times the lock was not to be had");
        }
    }
}
