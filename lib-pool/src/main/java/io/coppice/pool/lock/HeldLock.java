package io.coppice.pool.lock;

/** What a {@link LockSet} keeps of a lock. */
interface HeldLock {
    /** Returns the name and the rank, for messages. */
    String describe();

    /** Returns the place in the order of locks. */
    int rank();

    /** Gives the lock up; to be called once for each time it was taken. */
    void release(LockSet owner);
}
