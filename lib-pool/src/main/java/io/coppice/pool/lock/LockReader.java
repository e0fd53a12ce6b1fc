package io.coppice.pool.lock;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;

/**
 * Says who holds a lock, over a mapping that may be read-only. What it says may be out of date at
 * once. For any thread.
 */
public final class LockReader {
    private final Memory lock;
    private final int readers;

    private LockReader(final Memory lock, final int readers) {
        this.lock = lock;
        this.readers = readers;
    }

    /**
     * Attaches to a {@link RobustLock}.
     *
     * @throws ArenaException where there is none
     */
    public static LockReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        return of(name, arena, offset, bytes, 0);
    }

    /**
     * Attaches to a {@link ReadWriteLock}.
     *
     * @throws ArenaException where there is none
     */
    public static LockReader attachReadWrite(
            final String name, final Memory arena, final long offset, final long bytes) {
        final Memory lock = LockPlace.of(name, arena, offset, bytes);
        return of(name, arena, offset, bytes, ReadWriteLock.readers(name, lock));
    }

    private static LockReader of(
            final String name,
            final Memory arena,
            final long offset,
            final long bytes,
            final int readers) {
        final Memory lock = LockPlace.of(name, arena, offset, bytes);
        LockPlace.rank(name, lock);
        return new LockReader(lock, readers);
    }

    /** Returns the word of who holds the lock, or holds or awaits it to write; 0 for nobody. */
    public long owner() {
        return lock.getLongVolatile(LockLayout.OWNER);
    }

    /** Returns how many hold the lock to read; 0 for a lock without readers. */
    public int readersInside() {
        int inside = 0;
        for (int i = 0; i < readers; i++) {
            inside +=
                    lock.getLongVolatile(ReadWriteLockLayout.reader(i)) == OwnerWord.NOBODY ? 0 : 1;
        }
        return inside;
    }
}
