package io.coppice.pool.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Allocations;
import io.coppice.pool.ArenaException;
import io.coppice.pool.TestArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CounterTest {
    private final TestArena arena = new TestArena(256);
    private final Counter hits = Counter.layOut("hits", arena.memory(), 0, 3, "how oft, größer");

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void countsByTheConventionsOfAgrona() {
        assertEquals(0, hits.increment());
        assertEquals(1, hits.incrementOrdered());
        assertEquals(2, hits.incrementRelease());
        assertEquals(3, hits.decrement());
        assertEquals(2, hits.decrementOrdered());
        assertEquals(1, hits.decrementRelease());
        assertEquals(0, hits.getAndAdd(5));
        assertEquals(5, hits.getAndAddOrdered(5));
        assertEquals(10, hits.getAndAddRelease(5));
        assertEquals(20, hits.addAndGet(5));
        assertTrue(hits.proposeMax(21));
        assertFalse(hits.proposeMax(21));
        assertTrue(hits.compareAndSet(21, 30));
        assertFalse(hits.compareAndSet(21, 31));
        assertEquals(30, hits.get());
        hits.set(1);
        assertEquals(1, hits.getAcquire());
        hits.setOrdered(2);
        assertEquals(2, hits.getWeak());
        hits.setRelease(3);
        assertEquals(3, hits.get());
        hits.setWeak(4);
        assertEquals(4, hits.get());
    }

    @Test
    void keepsItsTypeAndLabelForWhoeverAttaches() {
        final Counter seen = Counter.attach("hits", arena.memory(), 0, Counter.bytes());

        assertEquals(3, seen.typeId());
        assertEquals("how oft, größer", seen.label());
    }

    @Test
    void threadsLoseNoIncrement() throws Exception {
        final Thread other = new Thread(() -> incrementOften(100_000));
        other.start();
        incrementOften(100_000);
        other.join();

        assertEquals(200_000, hits.get());
    }

    private void incrementOften(final int times) {
        for (int i = 0; i < times; i++) {
            hits.increment();
        }
    }

    @Test
    void countingAllocatesNothing() {
        assertEquals(
                0,
                Allocations.bytesOf(
                        100_000,
                        round -> {
                            hits.increment();
                            hits.incrementRelease();
                            hits.proposeMax(round);
                        }));
    }

    @Test
    void refusesTooLongALabelAndWhatIsNoCounter() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Counter.layOut("x", arena.memory(), 0, 0, "x".repeat(185)));
        for (int labelBytes = -3; labelBytes < 1; labelBytes++) {
            arena.memory().putInt(CounterLayout.LABEL_BYTES, labelBytes);
            assertEquals(1, CounterInvariants.check(arena.memory(), 0, 256).size());
            assertThrows(
                    ArenaException.class, () -> Counter.attach("hits", arena.memory(), 0, 256));
        }
        assertEquals(1, CounterInvariants.check(arena.memory(), 0, 128).size());
        assertEquals(1, CounterInvariants.check(arena.memory(), 64, 256).size());
    }
}
