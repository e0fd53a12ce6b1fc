package io.coppice.pool.lock;

/**
 * A lock that one owner holds, two cache lines since processors fetch lines in pairs. A {@link
 * ReadWriteLockLayout} begins with the same words.
 *
 * <pre>
 *      0  owner       {slot, epoch} of who holds it, or 0
 *      8  sequence    32 bits, counts wake-ups: the futex word
 *     12  sleepers    32 bits, 1 while someone may be asleep
 *     16  rank        32 bits, from 1: locks are taken in the order of their ranks
 * </pre>
 */
public final class LockLayout {
    static final int OWNER = 0;
    static final int SEQUENCE = 8;
    static final int SLEEPERS = 12;
    static final int RANK = 16;
    static final int LINE_BYTES = 64;

    /** What a lock takes. */
    public static final int BYTES = 2 * LINE_BYTES;

    static {
        if (OWNER % Long.BYTES != 0 || SEQUENCE % Integer.BYTES != 0 || RANK + 4 > LINE_BYTES) {
            throw new AssertionError("the words of a lock must be aligned and share one line");
        }
    }

    private LockLayout() {}
}
