package io.coppice.pool.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.pool.ArenaException;
import io.coppice.pool.StructureFullException;
import io.coppice.pool.TestArena;
import io.coppice.pool.block.PoolOfTwo.Side;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
    private final TestArena arena = new TestArena(PoolOfTwo.BYTES);
    private Side daemon;
    private Side worker;

    @BeforeEach
    void layOut() {
        PoolOfTwo.layOut(arena.memory());
        daemon = PoolOfTwo.attach(arena.memory(), 0);
        worker = PoolOfTwo.attach(arena.memory(), 1);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private static int allocate(final Side side) {
        final int[] block = new int[1];
        side.commit(0, () -> block[0] = side.pool().allocate());
        return block[0];
    }

    private List<String> check() {
        return BlockPoolInvariants.check(arena.memory(), PoolOfTwo.POOL, PoolOfTwo.POOL_BYTES);
    }

    @Test
    void aReleasedBlockIsNobodyElsesBeforeTheCommit() {
        for (int i = 0; i < PoolOfTwo.BLOCKS; i++) {
            allocate(worker);
        }
        worker.journal().begin();
        worker.pool().release(2);
        daemon.journal().begin();
        assertEquals(BlockPool.NONE, daemon.pool().tryAllocate());
        worker.journal().commit();
        assertEquals(2, daemon.pool().tryAllocate());
        daemon.journal().rollback();
        assertEquals(PoolOfTwo.BLOCKS - 1, worker.pool().size());
        assertEquals(PoolOfTwo.BLOCKS, worker.pool().highWater());
        assertEquals(List.of(), check());
    }

    @Test
    void aBlockThatTwoHoldIsFreeOnceBothReleasedIt() {
        final int block = allocate(daemon);
        worker.commit(0, () -> worker.pool().hold(block));
        daemon.commit(0, () -> daemon.pool().release(block));
        assertFalse(daemon.pool().isHeld(block));
        assertEquals(1, worker.pool().size());
        worker.commit(0, () -> worker.pool().release(block));
        assertEquals(0, worker.pool().size());
        assertEquals(List.of(), check());
    }

    @Test
    void aGiftThatCrossesTheDaemonsReleaseStays() {
        final int block = allocate(worker);
        daemon.commit(0, () -> daemon.pool().hold(block));
        daemon.commit(0, () -> daemon.pool().release(block));
        worker.journal().begin();
        worker.pool().give(block);
        daemon.journal().begin();
        daemon.pool().hold(block);
        worker.journal().commit();
        daemon.journal().rollback();
        assertTrue(daemon.pool().isHeld(block), "the hold is undone, the gift is not");
        assertEquals(1L, PoolOfTwo.holders(arena.memory(), block));
        assertEquals(List.of(), check());
    }

    @Test
    void whatADeadWorkerHeldIsGivenBackAndWhatItGaveIsNot() {
        final int kept = allocate(worker);
        final int given = allocate(worker);
        worker.commit(0, () -> worker.pool().give(given));
        worker.journal().begin();
        worker.pool().allocate();
        PoolOfTwo.journal(arena.memory(), 1);
        daemon.pool().reclaim(1);
        daemon.pool().reclaim(1);
        assertEquals(0, PoolOfTwo.holders(arena.memory(), kept));
        assertEquals(1, PoolOfTwo.holders(arena.memory(), given));
        assertEquals(1, daemon.pool().size());
        assertEquals(List.of(), check());
    }

    @Test
    void aFullPoolAndAFullLedgerSayWhatToRaise() {
        daemon.journal().begin();
        for (int i = 0; i < PoolOfTwo.BLOCKS; i++) {
            daemon.pool().allocate();
        }
        assertEquals(
                "texts: full, it holds 4 blocks; raise \"texts\" under \"capacities\" in the"
                        + " manifest",
                assertThrows(StructureFullException.class, daemon.pool()::allocate).getMessage());
        daemon.journal().commit();
        daemon.journal().begin();
        assertThrows(StructureFullException.class, daemon.pool()::allocate);
        daemon.journal().rollback();
        assertEquals(List.of(), check());
        try (TestArena small = new TestArena(20_000)) {
            final io.coppice.pool.Journal journal = PoolOfTwo.journal(small.memory(), 0);
            final BlockPool pool =
                    BlockPool.layOut("few", journal, small.memory(), 8192, 8, 64, 1, 2);
            journal.begin();
            pool.allocate();
            pool.allocate();
            assertEquals(
                    "few, ledger of holder 0: full, it holds 2 entries; raise \"few.ledger\" under"
                            + " \"capacities\" in the manifest",
                    assertThrows(StructureFullException.class, pool::allocate).getMessage());
            journal.commit();
            assertEquals(2, pool.size());
        }
    }

    @Test
    void refusesWhatTheHolderMayNotDo() {
        final int block = allocate(worker);
        final int daemons = allocate(daemon);
        final List<Runnable> outside =
                List.of(
                        () -> worker.pool().allocate(),
                        () -> worker.pool().hold(daemons),
                        () -> worker.pool().take(daemons),
                        () -> worker.pool().release(block),
                        () -> worker.pool().give(block),
                        () -> daemon.pool().release(daemons));
        outside.forEach(work -> assertThrows(IllegalStateException.class, work::run));
        worker.journal().begin();
        daemon.journal().begin();
        final List<IntConsumer> onFree =
                List.of(
                        worker.pool()::hold,
                        worker.pool()::take,
                        worker.pool()::release,
                        worker.pool()::give,
                        daemon.pool()::hold,
                        daemon.pool()::take,
                        daemon.pool()::release,
                        daemon.pool()::give);
        for (final IntConsumer work : onFree) {
            assertThrows(IllegalStateException.class, () -> work.accept(3));
            assertThrows(IndexOutOfBoundsException.class, () -> work.accept(-1));
            assertThrows(IndexOutOfBoundsException.class, () -> work.accept(PoolOfTwo.BLOCKS));
        }
        worker.pool().release(block);
        daemon.pool().release(daemons);
        assertThrows(IllegalStateException.class, () -> worker.pool().release(block));
        assertThrows(IllegalStateException.class, () -> daemon.pool().release(daemons));
        assertThrows(IllegalStateException.class, () -> worker.pool().hold(block));
        worker.journal().rollback();
        daemon.journal().rollback();
        assertThrows(IllegalArgumentException.class, () -> daemon.pool().reclaim(0));
        assertThrows(ArenaException.class, () -> daemon.pool().reclaim(3));
        assertEquals(2, daemon.pool().size());
        assertEquals(List.of(), check());
    }

    @Test
    void anyBytesAreReportedAndNeverThrow() {
        allocate(worker);
        allocate(daemon);
        final byte[] sound = arena.image();
        final long seed = 11;
        final Random random = new Random(seed);
        int reported = 0;
        for (int round = 0; round < 5000; round++) {
            final byte[] image = sound.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                final int at = PoolOfTwo.POOL + random.nextInt((int) PoolOfTwo.POOL_BYTES - 256);
                image[at] ^= (byte) (1 << random.nextInt(8));
            }
            arena.setImage(0, image);
            reported += check().isEmpty() ? 0 : 1;
            try {
                PoolOfTwo.recover(arena.memory());
            } catch (final ArenaException damaged) {
                reported++;
            }
        }
        assertTrue(reported > 3000, "seed " + seed + ": " + reported);
        arena.setImage(0, new byte[(int) PoolOfTwo.BYTES]);
        assertEquals(1, check().size());
        for (final long[] place :
                new long[][] {{0, 0}, {-64, 128}, {64, Long.MAX_VALUE}, {3, 128}}) {
            assertEquals(1, BlockPoolInvariants.check(arena.memory(), place[0], place[1]).size());
        }
    }

    @Test
    void threadsOfSeveralHoldersNeverGetTheSameBlock() throws InterruptedException {
        final AtomicIntegerArray users = new AtomicIntegerArray(PoolOfTwo.BLOCKS);
        final AtomicIntegerArray wrong = new AtomicIntegerArray(1);
        final Thread[] threads = new Thread[PoolOfTwo.HOLDERS];
        for (int holder = 0; holder < threads.length; holder++) {
            final Side side = PoolOfTwo.attach(arena.memory(), holder);
            threads[holder] = new Thread(() -> churn(side, users, wrong));
        }
        for (final Thread thread : threads) {
            thread.start();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, wrong.get(0));
        assertEquals(0, daemon.pool().size());
        assertEquals(List.of(), check());
    }

    private static void churn(
            final Side side, final AtomicIntegerArray users, final AtomicIntegerArray wrong) {
        for (int round = 0; round < 50_000; round++) {
            side.journal().begin();
            final int block = side.pool().tryAllocate();
            if (block == BlockPool.NONE) {
                side.journal().rollback();
                continue;
            }
            if (users.getAndIncrement(block) != 0) {
                wrong.incrementAndGet(0);
            }
            if ((round & 1) == 0) {
                users.getAndDecrement(block);
                side.journal().rollback();
            } else {
                side.journal().commit();
                side.journal().begin();
                side.pool().release(block);
                users.getAndDecrement(block);
                side.journal().commit();
            }
        }
    }

    @Test
    void allocatingAndReleasingAllocatesNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBytes = -1;
        for (int window = 0; window < 10 && allocatedBytes != 0; window++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < 50_000; round++) {
                worker.journal().begin();
                final int block = worker.pool().allocate();
                worker.pool().give(block);
                worker.journal().commit();
                daemon.journal().begin();
                worker.journal().begin();
                worker.pool().hold(block);
                daemon.pool().release(block);
                worker.journal().commit();
                daemon.journal().commit();
                worker.journal().begin();
                worker.pool().release(block);
                worker.journal().commit();
            }
            allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocatedBytes);
    }
}
