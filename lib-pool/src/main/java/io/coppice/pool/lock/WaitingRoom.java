package io.coppice.pool.lock;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Memory;
import java.util.concurrent.TimeUnit;

/**
 * Where those wait who found a lock taken, or a pipe empty or full: they spin for a while, then
 * sleep on a futex. It is said of a lock below and holds of a pipe alike, whose messages or room
 * are what is waited for.
 *
 * <pre>
 *      8  sequence    32 bits, counts wake-ups: the futex word
 *     12  sleepers    32 bits, 1 while someone may be asleep
 * </pre>
 *
 * <p>Ordering. A waiter reads {@code sequence}, stores 1 into {@code sleepers}, then looks at the
 * lock again, then lets the kernel compare {@code sequence}. Whoever frees the lock does so first,
 * then looks at {@code sleepers}; where someone may sleep it stores 0 there, then adds to {@code
 * sequence}, then wakes all. All of these are in one total order, so either the waiter sees the
 * lock free, or the other side sees the waiter. A 1 that the store of 0 wipes out belongs to a
 * waiter that read {@code sequence} before it was added to, so the kernel does not let it sleep. A
 * death between freeing and waking costs the others {@link #SLEEP_MOST_NS} and nothing else; that
 * of a sleeper leaves a 1 that costs one needless wake-up.
 *
 * <p>For one thread of one process; no method allocates.
 */
public final class WaitingRoom {
    /** How long anyone sleeps before looking at the owner again, in nanoseconds. */
    public static final long SLEEP_MOST_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int SPINS_LEAST = 16;
    private static final int SPINS_MOST = 2048;

    private final OperatingSystem os;
    private final Memory lock;
    private int spins = SPINS_LEAST;

    /**
     * Uses the words of a room.
     *
     * @param lock memory in which the words are where the picture has them
     */
    public WaitingRoom(final OperatingSystem os, final Memory lock) {
        this.os = os;
        this.lock = lock;
    }

    /** Returns how often to look before sleeping: more where that was enough lately. */
    public int spins() {
        return spins;
    }

    /** Learns whether spinning was enough. */
    public void spun(final boolean enough) {
        spins = enough ? Math.min(SPINS_MOST, spins * 2) : Math.max(SPINS_LEAST, spins / 2);
    }

    /** Says that someone is going to sleep; what it waits for is to be looked at once more. */
    public int enter() {
        final int seen = lock.getIntVolatile(LockLayout.SEQUENCE);
        lock.putIntVolatile(LockLayout.SLEEPERS, 1);
        return seen;
    }

    /** Sleeps until woken, for a time that is bounded whatever {@code timeoutNs} is. */
    public void sleep(final int seen, final long timeoutNs) {
        os.futexWait(
                lock.address() + LockLayout.SEQUENCE, seen, Math.min(timeoutNs, SLEEP_MOST_NS));
    }

    /** Wakes everyone after the lock was freed; a system call only where someone may sleep. */
    public void wake() {
        if (lock.getIntVolatile(LockLayout.SLEEPERS) != 0) {
            lock.putIntVolatile(LockLayout.SLEEPERS, 0);
            lock.addInt(LockLayout.SEQUENCE, 1);
            os.futexWake(lock.address() + LockLayout.SEQUENCE, Integer.MAX_VALUE);
        }
    }
}
