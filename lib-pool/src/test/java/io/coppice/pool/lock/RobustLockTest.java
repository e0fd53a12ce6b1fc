package io.coppice.pool.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.TestArena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RobustLockTest {
    private static final long A = OwnerWord.of(1, 1);
    private static final long B = OwnerWord.of(2, 1);
    private static final int SECOND = 128;
    private static final int SHARED = 256;
    private static final int READERS = 3;
    private static final int JOURNAL = 1024;
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SHARED_BYTES = ReadWriteLock.bytes(READERS);

    private final OperatingSystem os = OperatingSystem.current();
    private final TestArena arena = new TestArena(JOURNAL + 4096);
    private final LockSet a = LockSet.of(A);
    private final LockSet b = LockSet.of(B);
    private RobustLock first;
    private RobustLock second;
    private ReadWriteLock shared;

    @BeforeEach
    void layOut() {
        first = RobustLock.layOut("first", os, arena.memory(), 0, 1);
        second = RobustLock.layOut("second", os, arena.memory(), SECOND, 2);
        shared = ReadWriteLock.layOut("shared", os, arena.memory(), SHARED, 3, READERS, 0);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private ReadWriteLock sharedAs(final int reader) {
        return ReadWriteLock.attach("shared", os, arena.memory(), SHARED, SHARED_BYTES, reader);
    }

    @Test
    void oneOwnerAtATime() {
        assertTrue(first.tryLock(a, 0));
        assertEquals(A, first.owner());
        assertFalse(first.tryLock(b, 0));
        assertFalse(first.tryLock(b, SHORT_NS), "time does not take a lock from its owner");
        first.unlock(a);
        assertTrue(first.tryLock(b, SHORT_NS));
        assertThrows(IllegalStateException.class, () -> first.unlock(a));
        assertEquals(B, first.owner());
    }

    @Test
    void onlyTheDeadOwnersExactWordIsHandedBack() {
        assertTrue(first.tryLock(a, 0));
        assertFalse(first.handBack(B));
        assertFalse(first.handBack(OwnerWord.of(1, 2)));
        assertTrue(first.handBack(A));
        assertFalse(first.handBack(A));
        assertTrue(first.tryLock(b, 0));
        assertThrows(IllegalArgumentException.class, () -> first.handBack(0));
        assertEquals(
                "lock \"first\" of rank 1 is held by slot 2, epoch 1: it was handed back, or its"
                        + " memory is damaged",
                assertThrows(IllegalStateException.class, () -> first.unlock(a)).getMessage());
    }

    @Test
    void anOrderThatCouldDeadlockIsAnErrorThatNamesBothLocks() {
        assertTrue(second.tryLock(a, 0));
        assertEquals(
                "lock \"first\" of rank 1 may not be taken while lock \"second\" of rank 2 is held:"
                        + " take them in the order of their ranks",
                assertThrows(IllegalStateException.class, () -> first.tryLock(a, 0)).getMessage());
        assertEquals(
                "lock \"second\" of rank 2 is held already",
                assertThrows(IllegalStateException.class, () -> second.tryLock(a, 0)).getMessage());
        assertTrue(shared.tryReadLock(a, 0));
        assertThrows(IllegalStateException.class, () -> second.tryLock(a, 0));
        a.releaseAll();
        assertTrue(first.tryLock(a, 0));
        assertTrue(second.tryLock(a, 0));
        assertEquals(2, a.size());
    }

    @Test
    void locksOfATransactionAreHeldToItsEnd() {
        final Journal journal = new Journal(arena.memory(), JOURNAL, 4096);
        journal.recover();
        final LockSet set = LockSet.ofTransaction(journal, A);
        assertThrows(IllegalStateException.class, () -> first.tryLock(set, 0));
        for (final boolean commit : new boolean[] {true, false}) {
            journal.begin();
            assertTrue(first.tryLock(set, 0));
            assertTrue(shared.tryWriteLock(set, 0));
            assertThrows(IllegalStateException.class, () -> first.unlock(set));
            assertThrows(IllegalStateException.class, set::releaseAll);
            journal.rollbackTo(journal.savepoint());
            assertEquals(A, first.owner());
            if (commit) {
                journal.commit();
            } else {
                journal.rollback();
            }
            assertEquals(0, set.size());
            assertEquals(OwnerWord.NOBODY, first.owner());
            assertTrue(sharedAs(1).tryReadLock(b, 0));
            b.releaseAll();
        }
    }

    @Test
    void manyReadOrOneWrites() {
        final ReadWriteLock other = sharedAs(1);
        assertTrue(shared.tryReadLock(a, 0));
        assertTrue(other.tryReadLock(b, 0));
        other.unlock(b);
        assertFalse(other.tryWriteLock(b, 0));
        assertFalse(other.tryWriteLock(b, SHORT_NS));
        assertThrows(IllegalStateException.class, () -> sharedAs(0).tryReadLock(b, 0));
        assertEquals(
                "read-write lock \"shared\" of rank 3 cannot be upgraded to writing: give it up, or"
                        + " take it to write at first",
                assertThrows(IllegalStateException.class, () -> shared.tryWriteLock(a, 0))
                        .getMessage());
        shared.unlock(a);
        assertTrue(other.tryWriteLock(b, 0));
        assertFalse(shared.tryReadLock(a, SHORT_NS));
        assertThrows(IllegalStateException.class, () -> other.tryReadLock(b, 0));
        other.unlock(b);
        assertTrue(shared.tryReadLock(a, 0));
    }

    @Test
    void aWaitingWriterKeepsNewReadersOut() throws InterruptedException {
        assertTrue(shared.tryReadLock(a, 0));
        final Thread writer =
                new Thread(
                        () -> {
                            final LockSet set = LockSet.of(B);
                            if (sharedAs(1).tryWriteLock(set, LONG_NS)) {
                                set.releaseAll();
                            }
                        });
        writer.start();
        while (arena.memory().getLongVolatile(SHARED) != B) {
            Thread.onSpinWait();
        }
        assertFalse(sharedAs(2).tryReadLock(LockSet.of(OwnerWord.of(3, 1)), 0));
        shared.unlock(a);
        writer.join();
        assertTrue(sharedAs(2).tryReadLock(b, 0));
    }

    @Test
    void deadReadersAndWritersAreHandedBackExactly() {
        assertTrue(shared.tryReadLock(a, 0));
        assertTrue(sharedAs(1).tryReadLock(b, 0));
        assertTrue(shared.handBack(A));
        assertFalse(shared.handBack(A));
        assertFalse(sharedAs(2).tryWriteLock(LockSet.of(A), 0), "the living still reads");
        assertTrue(shared.handBack(B));
        assertTrue(sharedAs(2).tryWriteLock(LockSet.of(OwnerWord.of(1, 2)), 0));
        assertFalse(shared.handBack(A));
        assertTrue(shared.handBack(OwnerWord.of(1, 2)));
    }

    @Test
    void aSleeperIsWokenByUnlockAndByHandBack() throws InterruptedException {
        for (final boolean died : new boolean[] {true, false}) {
            assertTrue(first.tryLock(a, 0));
            final Thread sleeper =
                    new Thread(
                            () -> {
                                final LockSet set = LockSet.of(B);
                                if (RobustLock.attach("first", os, arena.memory(), 0, 128)
                                        .tryLock(set, LONG_NS)) {
                                    set.releaseAll();
                                }
                            });
            sleeper.start();
            while (arena.memory().getIntVolatile(LockLayout.SLEEPERS) == 0) {
                Thread.onSpinWait();
            }
            if (died) {
                assertTrue(first.handBack(A));
                assertThrows(IllegalStateException.class, () -> first.unlock(a));
            } else {
                first.unlock(a);
            }
            sleeper.join();
            assertEquals(OwnerWord.NOBODY, first.owner());
        }
    }

    @Test
    void refusesWhatIsNotALock() {
        for (final Runnable attach :
                List.<Runnable>of(
                        () -> RobustLock.attach("none", os, arena.memory(), 512, 128),
                        () -> RobustLock.attach("none", os, arena.memory(), 1, 128),
                        () -> RobustLock.attach("none", os, arena.memory(), 0, 64),
                        () -> RobustLock.attach("none", os, arena.memory(), 1 << 20, 128),
                        () ->
                                ReadWriteLock.attach(
                                        "none", os, arena.memory(), SHARED, SHARED_BYTES - 64, 0),
                        () -> ReadWriteLock.attach("none", os, arena.memory(), 0, 128, 0))) {
            assertThrows(ArenaException.class, attach::run);
        }
        assertThrows(IllegalArgumentException.class, () -> sharedAs(READERS));
    }

    @Test
    void anyBytesAreReportedAndNeverThrow() {
        assertEquals(List.of(), LockInvariants.check(arena.memory(), 0, 128));
        assertEquals(
                List.of(), LockInvariants.checkReadWrite(arena.memory(), SHARED, SHARED_BYTES));
        final long seed = 7;
        final Random random = new Random(seed);
        final byte[] image = new byte[(int) SHARED_BYTES];
        int reported = 0;
        for (int round = 0; round < 2000; round++) {
            random.nextBytes(image);
            arena.setImage(SHARED, image);
            reported +=
                    LockInvariants.check(arena.memory(), SHARED, SHARED_BYTES).isEmpty() ? 0 : 1;
            reported +=
                    LockInvariants.checkReadWrite(arena.memory(), SHARED, SHARED_BYTES).isEmpty()
                            ? 0
                            : 1;
            try {
                sharedAs(0);
            } catch (final ArenaException refused) {
                reported++;
            }
        }
        assertTrue(reported > 2000, "seed " + seed + ": " + reported);
        for (final long[] place :
                new long[][] {{-64, 128}, {0, 1 << 30}, {0, -1}, {0, 0}, {3, 128}}) {
            assertEquals(
                    1, LockInvariants.checkReadWrite(arena.memory(), place[0], place[1]).size());
        }
    }

    @Test
    void lockingAllocatesNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBytes = -1;
        for (int window = 0; window < 10 && allocatedBytes != 0; window++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < 100_000; round++) {
                first.tryLock(a, 0);
                second.tryLock(a, 0);
                if ((round & 1) == 0) {
                    shared.tryReadLock(a, 0);
                } else {
                    shared.tryWriteLock(a, 0);
                }
                a.releaseAll();
            }
            allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocatedBytes);
    }
}
