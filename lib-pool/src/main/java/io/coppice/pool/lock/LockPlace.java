package io.coppice.pool.lock;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/** Finds the words of a lock in an arena, and refuses what cannot be one. */
final class LockPlace {
    private LockPlace() {}

    /** Returns the range of a lock, which must be aligned and inside the arena. */
    static Memory of(final String name, final Memory arena, final long offset, final long bytes) {
        if (offset < 0
                || offset % LockLayout.LINE_BYTES != 0
                || bytes < LockLayout.BYTES
                || offset > arena.bytes() - bytes) {
            throw new ArenaException(
                    name
                            + ": "
                            + bytes
                            + " bytes at offset "
                            + offset
                            + " of "
                            + arena.bytes()
                            + " cannot be a lock");
        }
        return arena.slice(offset, bytes);
    }

    /** Returns the rank a lock was laid out with. */
    static int rank(final String name, final Memory lock) {
        final int rank = lock.getInt(LockLayout.RANK);
        if (rank < 1) {
            throw new ArenaException(name + ": rank " + rank + ", a lock has one from 1");
        }
        return rank;
    }

    /** Writes the rank of a new lock. */
    static void layOut(final String name, final Memory lock, final int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException(name + ": rank " + rank + " must be at least 1");
        }
        lock.putInt(LockLayout.RANK, rank);
    }
}
