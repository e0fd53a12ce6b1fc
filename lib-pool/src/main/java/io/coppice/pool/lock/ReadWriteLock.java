package io.coppice.pool.lock;

import static io.coppice.pool.lock.ReadWriteLockLayout.READERS;
import static io.coppice.pool.lock.ReadWriteLockLayout.READERS_MAX;
import static io.coppice.pool.lock.ReadWriteLockLayout.WRITER;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;

/**
 * A lock across the processes of a daemon that many may hold to read, or one to write. A writer
 * that waits keeps new readers out, so that it does not starve. It cannot be upgraded from reading
 * to writing: two readers that both tried would wait for each other.
 *
 * <p>Ordering. A reader stores its word, then looks at the writer's; where there is one it takes
 * its word back and waits. A writer puts its word in place by compare-and-set, then waits until
 * every reader word is 0. Both sides are in one total order, so either the reader sees the writer
 * or the writer sees the reader. A death before a store leaves the lock as it was; after it, the
 * dead's exact word is in one of these places, and {@link #handBack} takes it out.
 *
 * <p>{@link #handBack} has the same conditions as {@link RobustLock#handBack}. An instance is for
 * one thread, which has a reader word of its own. No method allocates.
 */
public final class ReadWriteLock {
    private final String name;
    private final Memory lock;
    private final WaitingRoom room;
    private final int rank;
    private final int readers;
    private final int readerIndex;
    private final long readerWord;
    private final Side reading = new Side(false);
    private final Side writing = new Side(true);

    private ReadWriteLock(
            final String name,
            final OperatingSystem os,
            final Memory lock,
            final int readers,
            final int readerIndex) {
        if (readerIndex < 0 || readerIndex >= readers) {
            throw new IllegalArgumentException(
                    name + ": reader " + readerIndex + " of a lock for " + readers + " readers");
        }
        this.name = name;
        this.lock = lock;
        this.room = new WaitingRoom(os, lock);
        this.rank = LockPlace.rank(name, lock);
        this.readers = readers;
        this.readerIndex = readerIndex;
        this.readerWord = ReadWriteLockLayout.reader(readerIndex);
    }

    /**
     * Returns what a lock takes, a multiple of 64.
     *
     * @param readers how many threads may attach, 1 to {@link ReadWriteLockLayout#READERS_MAX}
     */
    public static long bytes(final int readers) {
        if (readers < 1 || readers > READERS_MAX) {
            throw new IllegalArgumentException(
                    readers + " readers, a lock has 1 to " + READERS_MAX);
        }
        return ReadWriteLockLayout.bytes(readers);
    }

    /**
     * Makes a lock in zeroed memory, without a journal: a death here starts over from zeroes.
     *
     * @param name for messages
     * @param offset in the arena, a multiple of 64
     * @param rank from 1; a thread takes locks in rising order of their ranks
     * @param readers how many threads may attach
     * @param readerIndex of this thread, below {@code readers}
     */
    public static ReadWriteLock layOut(
            final String name,
            final OperatingSystem os,
            final Memory arena,
            final long offset,
            final int rank,
            final int readers,
            final int readerIndex) {
        final Memory lock = LockPlace.of(name, arena, offset, bytes(readers));
        LockPlace.layOut(name, lock, rank);
        lock.putInt(READERS, readers);
        return new ReadWriteLock(name, os, lock, readers, readerIndex);
    }

    /**
     * Attaches to a lock.
     *
     * @param readerIndex of this thread; no other living thread has the same
     * @throws ArenaException where there is no such lock
     */
    public static ReadWriteLock attach(
            final String name,
            final OperatingSystem os,
            final Memory arena,
            final long offset,
            final long bytes,
            final int readerIndex) {
        final Memory lock = LockPlace.of(name, arena, offset, bytes);
        return new ReadWriteLock(name, os, lock, readers(name, lock), readerIndex);
    }

    /** Returns the number of reader words that a lock says to have. */
    static int readers(final String name, final Memory lock) {
        final int readers = lock.getInt(READERS);
        if (readers < 1
                || readers > READERS_MAX
                || ReadWriteLockLayout.bytes(readers) > lock.bytes()) {
            throw new ArenaException(
                    name + ": " + readers + " readers in a lock of " + lock.bytes() + " bytes");
        }
        return readers;
    }

    /** Returns the rank it was laid out with. */
    public int rank() {
        return rank;
    }

    /** Returns how many threads may attach. */
    public int capacity() {
        return readers;
    }

    /**
     * Takes the lock to read, waiting at most {@code timeoutNs} nanoseconds; 0 or less does not
     * wait.
     *
     * @return whether it was taken
     * @throws IllegalStateException where the set holds a lock of the same or a higher rank, this
     *     one too; or this thread's reader word is another's
     */
    public boolean tryReadLock(final LockSet owner, final long timeoutNs) {
        owner.requireMayTake(reading);
        requireOwnReaderWord();
        if (read(owner.word()) || timeoutNs > 0 && await(owner.word(), false, false, timeoutNs)) {
            owner.add(reading);
            return true;
        }
        return false;
    }

    /**
     * Takes the lock to write, waiting at most {@code timeoutNs} nanoseconds; 0 or less does not
     * wait. While it waits for readers to leave, new readers wait too.
     *
     * @return whether it was taken
     * @throws IllegalStateException where the set holds this lock to read, or a lock of the same or
     *     a higher rank
     */
    public boolean tryWriteLock(final LockSet owner, final long timeoutNs) {
        if (owner.holds(reading)) {
            throw new IllegalStateException(
                    reading.describe()
                            + " cannot be upgraded to writing: give it up, or take it to write at"
                            + " first");
        }
        owner.requireMayTake(writing);
        if (write(owner.word(), timeoutNs)) {
            owner.add(writing);
            return true;
        }
        return false;
    }

    /**
     * Gives the lock up, whichever way it is held.
     *
     * @throws IllegalStateException where the set does not hold it, or holds it to the end of a
     *     transaction
     */
    public void unlock(final LockSet owner) {
        owner.remove(owner.holds(reading) ? reading : writing);
    }

    /**
     * Frees what a dead owner held of the lock. The caller holds the death certificate and has
     * rolled the dead's journal back. Called again, it does nothing.
     *
     * @return whether the dead held it, or was waiting to write
     */
    public boolean handBack(final long deadOwner) {
        RobustLock.requireOwner(name, deadOwner);
        boolean held = lock.compareAndSetLong(WRITER, deadOwner, OwnerWord.NOBODY);
        for (int i = 0; i < readers; i++) {
            final long at = ReadWriteLockLayout.reader(i);
            held |=
                    lock.getLongVolatile(at) == deadOwner
                            && lock.compareAndSetLong(at, deadOwner, OwnerWord.NOBODY);
        }
        room.wake();
        return held;
    }

    /** Does what {@link RobustLock#freeAll} does. */
    public void freeAll() {
        lock.putLongVolatile(WRITER, OwnerWord.NOBODY);
        for (int i = 0; i < readers; i++) {
            lock.putLongVolatile(ReadWriteLockLayout.reader(i), OwnerWord.NOBODY);
        }
        room.wake();
    }

    private boolean read(final long word) {
        if (lock.getLongVolatile(WRITER) != OwnerWord.NOBODY) {
            return false;
        }
        lock.putLongVolatile(readerWord, word);
        if (lock.getLongVolatile(WRITER) == OwnerWord.NOBODY) {
            return true;
        }
        // The writer that came between may have seen this word and be asleep over it.
        lock.putLongVolatile(readerWord, OwnerWord.NOBODY);
        room.wake();
        return false;
    }

    /**
     * Takes the lock to write. A word that is in place stays there while this waits: taken back and
     * put again, it would let a reader in between.
     */
    private boolean write(final long word, final long timeoutNs) {
        final boolean announced = announce(word);
        if (announced && isWithoutReaders()) {
            return true;
        }
        if (timeoutNs > 0) {
            return await(word, true, announced, timeoutNs);
        }
        if (announced) {
            withdraw();
        }
        return false;
    }

    private boolean announce(final long word) {
        return lock.getLongVolatile(WRITER) == OwnerWord.NOBODY
                && lock.compareAndSetLong(WRITER, OwnerWord.NOBODY, word);
    }

    private void withdraw() {
        lock.putLongVolatile(WRITER, OwnerWord.NOBODY);
        room.wake();
    }

    private boolean isWithoutReaders() {
        for (int i = 0; i < readers; i++) {
            if (lock.getLongVolatile(ReadWriteLockLayout.reader(i)) != OwnerWord.NOBODY) {
                return false;
            }
        }
        return true;
    }

    /** Spins, then sleeps; a writer keeps its word in place from when it got there. */
    private boolean await(
            final long word,
            final boolean toWrite,
            final boolean alreadyAnnounced,
            final long timeoutNs) {
        final int spins = room.spins();
        boolean announced = alreadyAnnounced;
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
            announced = announced || toWrite && announce(word);
            if (announced ? isWithoutReaders() : !toWrite && read(word)) {
                room.spun(true);
                return true;
            }
        }
        room.spun(false);
        final long start = System.nanoTime();
        while (true) {
            final int seen = room.enter();
            announced = announced || toWrite && announce(word);
            if (announced ? isWithoutReaders() : !toWrite && read(word)) {
                return true;
            }
            final long leftNs = timeoutNs - (System.nanoTime() - start);
            if (leftNs <= 0) {
                if (announced) {
                    withdraw();
                }
                return false;
            }
            room.sleep(seen, leftNs);
        }
    }

    private void requireOwnReaderWord() {
        final long word = lock.getLongVolatile(readerWord);
        if (word != OwnerWord.NOBODY) {
            throw new IllegalStateException(
                    "reader "
                            + readerIndex
                            + ": "
                            + RobustLock.notOwned(reading.describe(), word)
                            + ", or two threads attached as one reader");
        }
    }

    /** The lock as a set holds it. */
    private final class Side implements HeldLock {
        private final boolean toWrite;

        Side(final boolean toWrite) {
            this.toWrite = toWrite;
        }

        @Override
        public String describe() {
            return "read-write lock \"" + name + "\" of rank " + rank;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public void release(final LockSet owner) {
            final long at = toWrite ? WRITER : readerWord;
            final long word = lock.getLong(at);
            if (word != owner.word()) {
                throw new IllegalStateException(RobustLock.notOwned(describe(), word));
            }
            lock.putLongVolatile(at, OwnerWord.NOBODY);
            room.wake();
        }
    }
}
