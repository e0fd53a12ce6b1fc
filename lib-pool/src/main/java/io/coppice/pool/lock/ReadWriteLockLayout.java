package io.coppice.pool.lock;

/**
 * A lock for many readers or one writer. Each reader has a word of its own, so that what a dead
 * reader held is known exactly; there is no count of readers that a death could leave wrong.
 *
 * <pre>
 *      0  writer      {slot, epoch} of who writes or waits for the readers to leave, or 0
 *      8  sequence    as in {@link LockLayout}
 *     12  sleepers    as in {@link LockLayout}
 *     16  rank        as in {@link LockLayout}
 *     20  readers     32 bits, from 1: how many reader words there are
 *    128  reader 0    {slot, epoch} of who reads, or 0; a cache line each
 *    192  reader 1    ...
 * </pre>
 */
public final class ReadWriteLockLayout {
    /** The most reader words a lock can have. */
    public static final int READERS_MAX = 1 << 12;

    static final int WRITER = LockLayout.OWNER;
    static final int READERS = 20;
    static final int READER_WORDS = LockLayout.BYTES;

    static {
        if (READERS < LockLayout.RANK + Integer.BYTES || READERS + 4 > LockLayout.LINE_BYTES) {
            throw new AssertionError("the words of a lock must not overlap");
        }
    }

    private ReadWriteLockLayout() {}

    /** Returns where the word of a reader is in the lock. */
    static long reader(final int index) {
        return READER_WORDS + (long) index * LockLayout.LINE_BYTES;
    }

    /** Returns what a lock with a number of readers takes, a multiple of 64. */
    static long bytes(final int readers) {
        return reader(readers);
    }
}
