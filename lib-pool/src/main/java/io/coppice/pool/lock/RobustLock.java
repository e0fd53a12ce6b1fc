package io.coppice.pool.lock;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;

/**
 * A lock across the processes of a daemon that no death leaves taken for good.
 *
 * <pre>{@code
 * LockSet locks = LockSet.ofTransaction(journal, ownerWord);   // one for each thread that writes
 * RobustLock accounts = RobustLock.attach("accounts", os, arena, offset, bytes);
 * journal.begin();
 * if (!accounts.tryLock(locks, timeoutNs)) { journal.rollback(); ... }
 * ...
 * journal.commit();                                            // gives the lock up
 * }</pre>
 *
 * <p>Ordering. The lock is taken by a compare-and-set of the owner word from 0 to the taker's, and
 * given up by a volatile store of 0 by the one whose word it holds: nobody else may change it while
 * the owner lives, so that store is as exact as a compare-and-set. What was written under the lock
 * is before that store, and what the next owner reads is after its compare-and-set. A death before
 * the one store of either side leaves the lock as it was, a death after it leaves it taken by the
 * dead, or free.
 *
 * <p>No lock is taken from its owner because time ran out. Only {@link #handBack} frees the lock of
 * a dead owner; whoever calls it holds the death certificate, and has rolled the dead's journal
 * back, so that nobody sees what was half done under the lock.
 *
 * <p>An instance is for one thread, since it learns how long to spin. No method allocates.
 */
public final class RobustLock implements HeldLock {
    private final String name;
    private final Memory lock;
    private final WaitingRoom room;
    private final int rank;

    private RobustLock(final String name, final OperatingSystem os, final Memory lock) {
        this.name = name;
        this.lock = lock;
        this.room = new WaitingRoom(os, lock);
        this.rank = LockPlace.rank(name, lock);
    }

    /** Returns what a lock takes, a multiple of 64. */
    public static long bytes() {
        return LockLayout.BYTES;
    }

    /**
     * Makes a lock in zeroed memory, without a journal: a death here starts over from zeroes.
     *
     * @param name for messages
     * @param offset in the arena, a multiple of 64
     * @param rank from 1; a thread takes locks in rising order of their ranks
     */
    public static RobustLock layOut(
            final String name,
            final OperatingSystem os,
            final Memory arena,
            final long offset,
            final int rank) {
        final Memory lock = LockPlace.of(name, arena, offset, LockLayout.BYTES);
        LockPlace.layOut(name, lock, rank);
        return new RobustLock(name, os, lock);
    }

    /**
     * Attaches to a lock.
     *
     * @throws io.coppice.pool.ArenaException where there is none
     */
    public static RobustLock attach(
            final String name,
            final OperatingSystem os,
            final Memory arena,
            final long offset,
            final long bytes) {
        return new RobustLock(name, os, LockPlace.of(name, arena, offset, bytes));
    }

    /**
     * Takes the lock, waiting for it at most {@code timeoutNs} nanoseconds; 0 or less does not
     * wait.
     *
     * @return whether it was taken
     * @throws IllegalStateException where the set holds a lock of the same or a higher rank, this
     *     one too; or is of a transaction and none is under way
     */
    public boolean tryLock(final LockSet owner, final long timeoutNs) {
        owner.requireMayTake(this);
        if (take(owner.word()) || timeoutNs > 0 && await(owner.word(), timeoutNs)) {
            owner.add(this);
            return true;
        }
        return false;
    }

    /**
     * Gives the lock up before a transaction's end, which only a set without a journal may.
     *
     * @throws IllegalStateException where the set does not hold it, or holds it to the end of a
     *     transaction
     */
    public void unlock(final LockSet owner) {
        owner.remove(this);
    }

    /**
     * Frees the lock where a dead owner holds it. The caller holds the death certificate and has
     * rolled the dead's journal back. Called again, it does nothing.
     *
     * @return whether the dead held it
     */
    public boolean handBack(final long deadOwner) {
        requireOwner(name, deadOwner);
        final boolean held = lock.compareAndSetLong(LockLayout.OWNER, deadOwner, OwnerWord.NOBODY);
        // A death after an earlier call's store may have kept its wake-up from being made.
        room.wake();
        return held;
    }

    /**
     * Frees the lock, whoever held it. For a daemon that has just recovered its arena: every
     * process that could hold the lock is of an earlier incarnation, certified dead, and rolled
     * back. Called again, it does nothing.
     */
    public void freeAll() {
        lock.putLongVolatile(LockLayout.OWNER, OwnerWord.NOBODY);
        room.wake();
    }

    /** Returns the word of who holds it, or 0. May be out of date at once. */
    public long owner() {
        return lock.getLongVolatile(LockLayout.OWNER);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public String describe() {
        return "lock \"" + name + "\" of rank " + rank;
    }

    /** For {@link LockSet}. */
    @Override
    public void release(final LockSet owner) {
        final long word = lock.getLong(LockLayout.OWNER);
        if (word != owner.word()) {
            throw new IllegalStateException(notOwned(describe(), word));
        }
        lock.putLongVolatile(LockLayout.OWNER, OwnerWord.NOBODY);
        room.wake();
    }

    private boolean take(final long word) {
        return lock.compareAndSetLong(LockLayout.OWNER, OwnerWord.NOBODY, word);
    }

    private boolean await(final long word, final long timeoutNs) {
        final int spins = room.spins();
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
            if (owner() == OwnerWord.NOBODY && take(word)) {
                room.spun(true);
                return true;
            }
        }
        room.spun(false);
        final long start = System.nanoTime();
        while (true) {
            final int seen = room.enter();
            if (owner() == OwnerWord.NOBODY && take(word)) {
                return true;
            }
            final long leftNs = timeoutNs - (System.nanoTime() - start);
            if (leftNs <= 0) {
                return false;
            }
            room.sleep(seen, leftNs);
        }
    }

    static void requireOwner(final String name, final long word) {
        if (word <= OwnerWord.NOBODY) {
            throw new IllegalArgumentException(name + ": " + word + " is not an owner");
        }
    }

    static String notOwned(final String lock, final long word) {
        return lock
                + " is held by slot "
                + OwnerWord.slot(word)
                + ", epoch "
                + OwnerWord.epoch(word)
                + ": it was handed back, or its memory is damaged";
    }
}
