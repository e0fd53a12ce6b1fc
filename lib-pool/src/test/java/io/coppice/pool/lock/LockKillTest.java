package io.coppice.pool.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Cuts;
import io.coppice.pool.Journal;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.TestArena;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A death at every store leaves a lock free or the dead's, and handing back frees it. */
@Tag("cuts")
class LockKillTest {
    private static final long DEAD = OwnerWord.of(1, 1);
    private static final long LIVING = OwnerWord.of(2, 1);
    private static final int SHARED = 128;
    private static final int READERS = 2;
    private static final long SHARED_BYTES = ReadWriteLock.bytes(READERS);
    private static final int JOURNAL = 1024;
    private static final int WORD = JOURNAL + 4096;

    private final OperatingSystem os = OperatingSystem.current();
    private final TestArena arena = new TestArena(WORD + 64);

    @BeforeEach
    void layOut() {
        RobustLock.layOut("one", os, arena.memory(), 0, 1);
        ReadWriteLock.layOut("shared", os, arena.memory(), SHARED, 2, READERS, 0);
    }

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void lockAndUnlock() {
        kill(
                "lock, unlock",
                memory -> {
                    final LockSet set = LockSet.of(DEAD);
                    one(memory).tryLock(set, 0);
                    set.releaseAll();
                });
    }

    @Test
    void unlockWithASleeper() {
        arena.setWord(LockLayout.SEQUENCE, 1L << 32);
        arena.setWord(SHARED + LockLayout.SEQUENCE, 1L << 32);
        kill(
                "lock, unlock with sleepers",
                memory -> {
                    final LockSet set = LockSet.of(DEAD);
                    one(memory).tryLock(set, 0);
                    shared(memory, 0).tryWriteLock(set, 0);
                    set.releaseAll();
                });
    }

    @Test
    void readAndWrite() {
        kill(
                "read, write",
                memory -> {
                    final LockSet set = LockSet.of(DEAD);
                    final ReadWriteLock shared = shared(memory, 0);
                    shared.tryReadLock(set, 0);
                    set.releaseAll();
                    shared.tryWriteLock(set, 0);
                    set.releaseAll();
                });
    }

    @Test
    void waitsThatEndWithoutTheLock() {
        shared(arena.memory(), 1).tryReadLock(LockSet.of(LIVING), 0);
        kill(
                "write beside a reader",
                memory -> {
                    final LockSet set = LockSet.of(DEAD);
                    shared(memory, 0).tryWriteLock(set, 0);
                    shared(memory, 0).tryWriteLock(set, 1);
                    set.releaseAll();
                });
    }

    @Test
    void locksOfATransactionProtectWhatItChangedUntilItIsRolledBack() {
        kill(
                "transaction",
                memory -> {
                    final Journal journal = new Journal(memory, JOURNAL, 4096);
                    journal.recover();
                    final LockSet set = LockSet.ofTransaction(journal, DEAD);
                    journal.begin();
                    one(memory).tryLock(set, 0);
                    shared(memory, 0).tryReadLock(set, 0);
                    final long value = memory.getLong(WORD);
                    journal.putLong(WORD, value + 1);
                    journal.putLong(WORD, value + 2);
                    journal.commit();
                });
    }

    @Test
    void anUncontendedLockAndUnlockIsTwoStores() {
        final RobustLock lock = one(arena.memory());
        final LockSet set = LockSet.of(DEAD);
        Cuts.count();
        lock.tryLock(set, 0);
        lock.unlock(set);
        assertEquals(2, Cuts.disarm());
    }

    private RobustLock one(final Memory memory) {
        return RobustLock.attach("one", os, memory, 0, RobustLock.bytes());
    }

    private ReadWriteLock shared(final Memory memory, final int reader) {
        return ReadWriteLock.attach("shared", os, memory, SHARED, SHARED_BYTES, reader);
    }

    private void kill(final String name, final Consumer<Memory> operation) {
        final long points =
                new KillEverywhere(
                                "lock: " + name,
                                arena,
                                operation,
                                memory -> {
                                    new Journal(memory, JOURNAL, 4096).recover();
                                    one(memory).handBack(DEAD);
                                    shared(memory, 0).handBack(DEAD);
                                },
                                this::assertFree)
                        .run();
        assertTrue(points > 0);
    }

    private void assertFree(final Memory memory, final String where) {
        assertEquals(0, memory.getLong(WORD) % 2, where);
        assertEquals(List.of(), LockInvariants.check(memory, 0, RobustLock.bytes()), where);
        assertEquals(List.of(), LockInvariants.checkReadWrite(memory, SHARED, SHARED_BYTES), where);
        final LockSet set = LockSet.of(LIVING);
        // The reader that lives in some of the cases gives up what it holds.
        shared(memory, 1).handBack(LIVING);
        assertTrue(one(memory).tryLock(set, 0), where);
        assertTrue(shared(memory, 0).tryWriteLock(set, 0), where);
        set.releaseAll();
    }
}
