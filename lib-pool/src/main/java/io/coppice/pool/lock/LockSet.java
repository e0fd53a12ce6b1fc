package io.coppice.pool.lock;

import io.coppice.pool.Journal;
import io.coppice.pool.JournalListener;

/**
 * The locks that a thread holds. It keeps them in order: a thread that holds a lock takes only
 * locks of a higher rank, so that no two threads can wait for each other.
 *
 * <p>A set made by {@link #ofTransaction} holds every lock to the commit or rollback, and gives all
 * up then, the last first. What the transaction changed is in place, and its journal idle, before
 * the first lock is free. A savepoint that is returned to keeps the locks.
 *
 * <p>For one thread of one process. Nothing but the making of a set and an error allocates.
 */
public final class LockSet {
    /** How many locks a thread may hold at once. */
    public static final int LOCKS_MAX = 64;

    private final long word;
    private final Journal journal;
    private final HeldLock[] locks = new HeldLock[LOCKS_MAX];
    private int count;

    private LockSet(final long word, final Journal journal) {
        RobustLock.requireOwner("locks", word);
        this.word = word;
        this.journal = journal;
    }

    /**
     * Makes a set whose locks are given up one by one.
     *
     * @param ownerWord of this process, see {@link io.coppice.pool.OwnerWord}
     */
    public static LockSet of(final long ownerWord) {
        return new LockSet(ownerWord, null);
    }

    /** Makes a set whose locks are taken in a journal's transactions and held to their ends. */
    public static LockSet ofTransaction(final Journal journal, final long ownerWord) {
        final LockSet set = new LockSet(ownerWord, journal);
        journal.addListener(new EndOfTransaction(set));
        return set;
    }

    /** Returns how many locks are held. */
    public int size() {
        return count;
    }

    /** Gives up all locks, the last taken first. */
    public void releaseAll() {
        if (journal != null && journal.isActive()) {
            throw new IllegalStateException("locks are held to the end of the transaction");
        }
        release();
    }

    long word() {
        return word;
    }

    void requireMayTake(final HeldLock lock) {
        if (journal != null && !journal.isActive()) {
            throw new IllegalStateException(
                    lock.describe() + ": no transaction is under way: begin() comes first");
        }
        if (count == 0) {
            return;
        }
        final HeldLock last = locks[count - 1];
        if (last.rank() >= lock.rank()) {
            throw new IllegalStateException(
                    holds(lock)
                            ? lock.describe() + " is held already"
                            : lock.describe()
                                    + " may not be taken while "
                                    + last.describe()
                                    + " is held: take them in the order of their ranks");
        }
        if (count == LOCKS_MAX) {
            throw new IllegalStateException(
                    lock.describe() + ": a thread holds at most " + LOCKS_MAX + " locks");
        }
    }

    /** Returns whether a lock is among those held. */
    boolean holds(final HeldLock lock) {
        return indexOf(lock) >= 0;
    }

    void add(final HeldLock lock) {
        locks[count++] = lock;
    }

    void remove(final HeldLock lock) {
        final int index = indexOf(lock);
        if (index < 0) {
            throw new IllegalStateException(lock.describe() + " is not held");
        }
        if (journal != null) {
            throw new IllegalStateException(
                    lock.describe() + " is held to the end of the transaction");
        }
        System.arraycopy(locks, index + 1, locks, index, count - index - 1);
        locks[--count] = null;
        lock.release(this);
    }

    private int indexOf(final HeldLock lock) {
        for (int i = count - 1; i >= 0; i--) {
            if (locks[i] == lock) {
                return i;
            }
        }
        return -1;
    }

    private void release() {
        while (count > 0) {
            final HeldLock lock = locks[--count];
            locks[count] = null;
            lock.release(this);
        }
    }

    /** Gives all locks up at the end of a transaction. */
    private static final class EndOfTransaction implements JournalListener {
        private final LockSet set;

        EndOfTransaction(final LockSet set) {
            this.set = set;
        }

        @Override
        public void onCommit() {
            set.release();
        }

        @Override
        public void onRollback() {
            set.release();
        }
    }
}
