package io.coppice.pool;

import io.coppice.os.OperatingSystem;

/**
 * A mutex in shared memory that the kernel gives back when the thread that has it ends, however
 * that happens, and wakes a waiter for. Whoever gets it therefore knows for certain that the thread
 * before stores nothing any more: it has given it back, or the kernel has seen it end.
 *
 * <p>Ordering. The word is the whole state, and each change of it is one compare-and-set or the
 * kernel's own. The kernel is told of the word before the first of them, so that there is no moment
 * in which the word names a thread and the kernel would not look at it. A death before a store
 * leaves the mutex with whoever has it, one after it with the dead, whom the kernel then replaces
 * by {@link RobustMutexLayout#OWNER_DIED}. {@link #unlock} stores 0 and then wakes; a death between
 * is made good by the kernel, which wakes a waiter where it finds 0. The flag of a waiter outlives
 * a waiter that died: that costs one needless wake-up. Every wait is bounded all the same.
 *
 * <p>Whoever gets it clears the kernel's mark at once, since recovery runs in any case; a death in
 * recovery leaves the mark anew.
 *
 * <p>For the one thread that makes the object, and one object for each thread.
 */
public final class RobustMutex {
    private final OperatingSystem os;
    private final Memory memory;
    private final long offset;
    private final int thread;

    private RobustMutex(
            final OperatingSystem os, final Memory memory, final long offset, final int thread) {
        this.os = os;
        this.memory = memory;
        this.offset = offset;
        this.thread = thread;
    }

    /** What a try to get the mutex came to. */
    public enum Turn {
        /** Somebody else has it, or so it was in all the time. */
        NONE,
        /** It is this thread's; the last one gave it back, or there was none. */
        GIVEN,
        /** It is this thread's; the last one died with it. */
        INHERITED
    }

    /**
     * Registers the calling thread with the kernel; stores nothing.
     *
     * @param offset of the 32 bits, a multiple of 4
     * @throws UnsupportedOperationException where {@link #isSupported} does not hold
     */
    public static RobustMutex of(final OperatingSystem os, final Memory memory, final long offset) {
        final int thread = os.markOnThreadEnd(memory.address() + offset);
        if (thread == 0) {
            throw new UnsupportedOperationException(
                    "a robust mutex needs Linux; a daemon with a standby does not run here");
        }
        return new RobustMutex(os, memory, offset, thread);
    }

    /** Returns whether the platform has such mutexes. */
    public static boolean isSupported(final OperatingSystem os) {
        return "linux".equals(os.name());
    }

    /**
     * Takes it from whoever the word names. The caller holds the death certificate of all that ever
     * had it: what is there is of another boot, or was never looked at by a kernel.
     */
    public void seize() {
        memory.putIntVolatile(offset, thread);
    }

    /**
     * Leaves it as the kernel does where the thread that had it has ended, for rehearsals in memory
     * of one process alone.
     */
    public void abandon() {
        memory.putIntVolatile(offset, RobustMutexLayout.OWNER_DIED);
    }

    /** Gets it if nobody has it. */
    public Turn tryLock() {
        while (true) {
            final int seen = memory.getIntVolatile(offset);
            if ((seen & RobustMutexLayout.THREAD) != 0) {
                return Turn.NONE;
            }
            if (take(seen, 0)) {
                return turn(seen);
            }
        }
    }

    /**
     * Gets it, or waits for it. One that this thread has already is waited for too.
     *
     * @param timeoutNs how long at most, in nanoseconds; 0 or less only tries
     */
    public Turn lock(final long timeoutNs) {
        final long start = System.nanoTime();
        long leftNs = timeoutNs;
        // Whoever gave it back has taken the flag away with it, and others may wait still.
        int flag = 0;
        do {
            final int seen = memory.getIntVolatile(offset);
            if ((seen & RobustMutexLayout.THREAD) == 0) {
                if (take(seen, flag)) {
                    return turn(seen);
                }
            } else if ((seen & RobustMutexLayout.WAITERS) != 0) {
                os.futexWait(memory.address() + offset, seen, leftNs);
                flag = RobustMutexLayout.WAITERS;
                leftNs = timeoutNs - (System.nanoTime() - start);
            } else {
                // The kernel and unlock() wake nobody where this is not there.
                memory.compareAndSetInt(offset, seen, seen | RobustMutexLayout.WAITERS);
            }
        } while (leftNs > 0);
        return tryLock();
    }

    /**
     * Gives it back.
     *
     * @throws IllegalStateException where this thread does not have it
     */
    public void unlock() {
        int seen;
        do {
            seen = memory.getIntVolatile(offset);
            if ((seen & RobustMutexLayout.THREAD) != thread) {
                throw new IllegalStateException(
                        "the robust mutex at "
                                + offset
                                + " is not this thread's: "
                                + Integer.toHexString(seen));
            }
        } while (!memory.compareAndSetInt(offset, seen, 0));
        if ((seen & RobustMutexLayout.WAITERS) != 0) {
            os.futexWake(memory.address() + offset, 1);
        }
    }

    /** Returns whether this thread has it. */
    public boolean isMine() {
        return (memory.getIntVolatile(offset) & RobustMutexLayout.THREAD) == thread;
    }

    private boolean take(final int seen, final int flag) {
        final int waiters = seen & RobustMutexLayout.WAITERS | flag;
        return memory.compareAndSetInt(offset, seen, thread | waiters);
    }

    private static Turn turn(final int seen) {
        return (seen & RobustMutexLayout.OWNER_DIED) == 0 ? Turn.GIVEN : Turn.INHERITED;
    }
}
