package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.OperatingSystem;
import java.lang.foreign.Arena;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that end with the mutex, and between any two of its stores: the kernel looks after a
 * thread as it does after a process.
 */
@Tag("cuts")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RobustMutexTest {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PARK_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final int OFFSET = 8;

    private final OperatingSystem os = OperatingSystem.current();
    private final Memory memory = Memory.of(Arena.global().allocate(64, 64));

    /** What a thread does with the mutex. */
    @FunctionalInterface
    interface Deed {
        void run(RobustMutex mutex) throws Exception;
    }

    @BeforeEach
    void onlyWhereThereIsOne() {
        assumeTrue(RobustMutex.isSupported(os));
    }

    @Test
    void zeroesAreAFreeMutexAndItIsGivenFromOneToTheNext() throws Exception {
        inThread(
                mutex -> {
                    assertEquals(RobustMutex.Turn.GIVEN, mutex.tryLock());
                    assertTrue(mutex.isMine());
                    assertEquals(RobustMutex.Turn.NONE, mutex.lock(1));
                    mutex.unlock();
                    assertFalse(mutex.isMine());
                    assertThrows(IllegalStateException.class, mutex::unlock);
                });
        inThread(mutex -> assertEquals(RobustMutex.Turn.GIVEN, mutex.lock(LONG_NS)));
    }

    @Test
    void whatADeadThreadHadIsInheritedOnce() throws Exception {
        inThread(RobustMutex::tryLock);
        inThread(
                mutex -> {
                    assertEquals(RobustMutex.Turn.INHERITED, mutex.tryLock());
                    mutex.unlock();
                });
        inThread(mutex -> assertEquals(RobustMutex.Turn.GIVEN, mutex.tryLock()));
    }

    @Test
    void oneThatIsAbandonedIsInheritedAsAfterADeath() throws Exception {
        inThread(
                mutex -> {
                    mutex.seize();
                    mutex.abandon();
                    assertFalse(mutex.isMine());
                    assertEquals(RobustMutex.Turn.INHERITED, mutex.tryLock());
                    mutex.unlock();
                    assertEquals(RobustMutex.Turn.GIVEN, mutex.tryLock());
                });
    }

    @Test
    void anHeirThatDiesLeavesItToTheNext() throws Exception {
        inThread(RobustMutex::tryLock);
        for (int heir = 0; heir < 10; heir++) {
            inThread(mutex -> assertEquals(RobustMutex.Turn.INHERITED, mutex.lock(LONG_NS)));
        }
    }

    @Test
    void aWaiterIsWokenByTheEndOfTheOneThatHasIt() throws Exception {
        assertWoken(mutex -> {}, RobustMutex.Turn.INHERITED);
    }

    @Test
    void aWaiterIsWokenByTheOneThatGivesItBack() throws Exception {
        assertWoken(RobustMutex::unlock, RobustMutex.Turn.GIVEN);
    }

    @Test
    void twoWaitersAreWokenOneAfterTheOther() throws Exception {
        for (int round = 0; round < 100; round++) {
            memory.putInt(OFFSET, 0);
            final CountDownLatch has = new CountDownLatch(1);
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final AtomicInteger waiting = new AtomicInteger();
            final Thread first =
                    start(
                            mutex -> {
                                mutex.tryLock();
                                has.countDown();
                                awaitBothParked(waiting);
                                mutex.unlock();
                            },
                            failure);
            has.await();
            final Deed waiter =
                    mutex -> {
                        waiting.incrementAndGet();
                        assertEquals(RobustMutex.Turn.GIVEN, mutex.lock(LONG_NS));
                        mutex.unlock();
                    };
            final Thread second = start(waiter, failure);
            final Thread third = start(waiter, failure);
            first.join();
            second.join();
            third.join();
            assertNull(failure.get());
        }
    }

    /** Nobody can see a thread park: it is given far more time than it needs. */
    private void awaitBothParked(final AtomicInteger waiting) {
        while (waiting.get() < 2
                || (memory.getIntVolatile(OFFSET) & RobustMutexLayout.WAITERS) == 0) {
            Thread.onSpinWait();
        }
        LockSupport.parkNanos(PARK_NS);
    }

    @Test
    void itIsSeizedWhateverTheWordHolds() throws Exception {
        for (final int left : new int[] {-1, 4711, RobustMutexLayout.WAITERS | 4711}) {
            memory.putInt(OFFSET, left);
            inThread(
                    mutex -> {
                        mutex.seize();
                        assertTrue(mutex.isMine());
                        assertEquals(RobustMutex.Turn.NONE, mutex.tryLock());
                    });
            inThread(mutex -> assertEquals(RobustMutex.Turn.INHERITED, mutex.tryLock()));
        }
    }

    @Test
    void aDeathBeforeEveryStoreLeavesItToTheNextOne() throws Exception {
        long points = 0;
        for (final int left :
                new int[] {0, RobustMutexLayout.OWNER_DIED, RobustMutexLayout.WAITERS}) {
            for (final Deed deed : deeds()) {
                points += killAtEveryStore(left, deed);
            }
        }
        System.out.println("robust mutex: " + points + " cuts");
        assertTrue(points > 0);
    }

    private static Deed[] deeds() {
        return new Deed[] {
            mutex -> {
                mutex.tryLock();
                mutex.unlock();
            },
            mutex -> {
                mutex.seize();
                mutex.lock(1);
                mutex.unlock();
            }
        };
    }

    private long killAtEveryStore(final int left, final Deed deed) throws Exception {
        memory.putInt(OFFSET, left);
        final long[] stores = new long[1];
        inThread(
                mutex -> {
                    Cuts.count();
                    deed.run(mutex);
                    stores[0] = Cuts.disarm();
                });
        for (long store = 0; store < stores[0]; store++) {
            final long at = store;
            memory.putInt(OFFSET, left);
            inThread(
                    mutex -> {
                        Cuts.arm(at);
                        assertThrows(Cuts.Cut.class, () -> deed.run(mutex));
                        Cuts.disarm();
                    });
            // And the one that inherits dies with it too.
            inThread(mutex -> assertFalse(mutex.lock(LONG_NS) == RobustMutex.Turn.NONE));
            inThread(mutex -> assertEquals(RobustMutex.Turn.INHERITED, mutex.lock(LONG_NS)));
        }
        return stores[0];
    }

    private void assertWoken(final Deed end, final RobustMutex.Turn turn) throws Exception {
        for (int round = 0; round < 100; round++) {
            memory.putInt(OFFSET, 0);
            final CountDownLatch has = new CountDownLatch(1);
            final Thread first =
                    start(
                            mutex -> {
                                mutex.tryLock();
                                has.countDown();
                                while ((memory.getIntVolatile(OFFSET) & RobustMutexLayout.WAITERS)
                                        == 0) {
                                    Thread.onSpinWait();
                                }
                                end.run(mutex);
                            },
                            new AtomicReference<>());
            has.await();
            inThread(mutex -> assertEquals(turn, mutex.lock(LONG_NS)));
            first.join();
        }
    }

    /** Runs in a thread of its own, which has ended on return, the kernel's look included. */
    private void inThread(final Deed deed) throws Exception {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread thread = start(deed, failure);
        thread.join();
        awaitKernel();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    private Thread start(final Deed deed, final AtomicReference<Throwable> failure) {
        final Thread thread =
                new Thread(
                        () -> {
                            try {
                                deed.run(RobustMutex.of(os, memory, OFFSET));
                            } catch (final Throwable thrown) {
                                failure.set(thrown);
                            }
                        });
        thread.start();
        return thread;
    }

    /** The JDK says that a thread has ended a moment before the kernel does. */
    private void awaitKernel() {
        final long start = System.nanoTime();
        while ((memory.getIntVolatile(OFFSET) & RobustMutexLayout.THREAD) != 0) {
            assertTrue(System.nanoTime() - start < LONG_NS, "the kernel has not looked");
            Thread.onSpinWait();
        }
    }
}
