package io.coppice.pool.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import io.coppice.pool.block.PoolOfTwo.Side;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A death of a holder, and of the daemon that gives back for it, at every store. The mark in the
 * arena says which of the operation's transactions stand; the daemon's blocks must agree with it.
 */
@Tag("cuts")
class BlockPoolKillTest {
    private final TestArena arena = new TestArena(PoolOfTwo.BYTES);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void layingOutStartsOverFromZeroes() {
        new KillEverywhere(
                        "lay out",
                        arena,
                        PoolOfTwo::layOut,
                        memory -> {
                            memory.fill(PoolOfTwo.POOL, 64, (byte) 0);
                            PoolOfTwo.layOut(memory);
                        },
                        (memory, where) -> assertSound(memory, where))
                .run();
    }

    @Test
    void workerAllocates() {
        worker("allocate", List.of(0, 0), w -> w.commit(1, w.pool()::allocate));
    }

    @Test
    void workerAllocatesAndGives() {
        worker(
                "allocate and give",
                List.of(0, 1),
                w -> w.commit(1, () -> w.pool().give(w.pool().allocate())));
    }

    @Test
    void workerAllocatesAndReleases() {
        worker(
                "allocate and release",
                List.of(0, 0),
                w -> w.commit(1, () -> w.pool().release(w.pool().allocate())));
    }

    @Test
    void workerReleasesAndGivesWhatItHolds() {
        worker(
                "release and give held",
                List.of(0, 0, 1),
                w -> {
                    final int[] blocks = new int[2];
                    w.commit(
                            1,
                            () -> {
                                blocks[0] = w.pool().allocate();
                                blocks[1] = w.pool().allocate();
                            });
                    w.commit(
                            2,
                            () -> {
                                w.pool().release(blocks[0]);
                                w.pool().give(blocks[1]);
                            });
                });
    }

    @Test
    void workerRollsBack() {
        worker(
                "roll back",
                List.of(0),
                w -> {
                    w.journal().begin();
                    w.pool().give(w.pool().allocate());
                    w.pool().release(w.pool().allocate());
                    w.pool().allocate();
                    w.journal().rollback();
                });
    }

    @Test
    void workerReturnsToASavepoint() {
        worker(
                "savepoint",
                List.of(0, 1),
                w ->
                        w.commit(
                                1,
                                () -> {
                                    final int kept = w.pool().allocate();
                                    final int savepoint = w.journal().savepoint();
                                    w.pool().release(kept);
                                    w.pool().allocate();
                                    w.journal().rollbackTo(savepoint);
                                    w.pool().give(kept);
                                }));
    }

    @Test
    void workerTakesHoldsAndConsumes() {
        daemonHolds(3);
        worker(
                "take, consume, relay",
                List.of(3, 1),
                w ->
                        w.commit(
                                1,
                                () -> {
                                    w.pool().take(0);
                                    w.pool().take(1);
                                    w.pool().release(1);
                                    w.pool().take(2);
                                    w.pool().give(2);
                                }));
        worker(
                "hold and release",
                List.of(3, 3, 3),
                w -> {
                    w.commit(1, () -> w.pool().hold(0));
                    w.commit(2, () -> w.pool().release(0));
                });
        worker(
                "take, then give",
                List.of(3, 2, 3),
                w -> {
                    w.commit(1, () -> w.pool().take(0));
                    w.commit(2, () -> w.pool().give(0));
                });
    }

    @Test
    void daemonAllocatesAndReleases() {
        daemonHolds(2);
        daemon(
                "daemon",
                List.of(2, 3, 2, 1),
                d -> {
                    d.commit(1, d.pool()::allocate);
                    d.commit(
                            2,
                            () -> {
                                d.pool().release(0);
                                d.pool().release(d.pool().allocate());
                            });
                    d.commit(3, () -> d.pool().release(1));
                });
    }

    @Test
    void daemonRollsBackAndReturnsToASavepoint() {
        daemonHolds(2);
        daemon(
                "daemon rolls back",
                List.of(2, 3),
                d -> {
                    d.journal().begin();
                    d.pool().release(0);
                    d.pool().release(d.pool().allocate());
                    d.pool().allocate();
                    d.journal().rollback();
                    d.commit(
                            1,
                            () -> {
                                final int kept = d.pool().allocate();
                                final int savepoint = d.journal().savepoint();
                                d.pool().release(kept);
                                d.pool().release(1);
                                d.journal().rollbackTo(savepoint);
                            });
                });
    }

    @Test
    void daemonHoldsWhatAWorkerHolds() {
        final Side[] worker = new Side[1];
        PoolOfTwo.layOut(arena.memory());
        worker[0] = PoolOfTwo.attach(arena.memory(), 1);
        worker[0].commit(0, worker[0].pool()::allocate);
        daemon(
                "daemon holds",
                List.of(0, 1, 0),
                d -> {
                    d.commit(1, () -> d.pool().hold(0));
                    d.commit(2, () -> d.pool().release(0));
                });
    }

    private void daemonHolds(final int blocks) {
        PoolOfTwo.layOut(arena.memory());
        final Side daemon = PoolOfTwo.attach(arena.memory(), 0);
        daemon.commit(
                0,
                () -> {
                    for (int i = 0; i < blocks; i++) {
                        assertEquals(i, daemon.pool().allocate());
                    }
                });
    }

    private void worker(final String name, final List<Integer> heldAt, final Consumer<Side> work) {
        if (arena.word(PoolOfTwo.POOL) == 0) {
            PoolOfTwo.layOut(arena.memory());
        }
        kill("worker: " + name, heldAt, memory -> work.accept(PoolOfTwo.attach(memory, 1)));
    }

    private void daemon(final String name, final List<Integer> heldAt, final Consumer<Side> work) {
        kill(name, heldAt, memory -> work.accept(PoolOfTwo.attach(memory, 0)));
    }

    /**
     * Kills everywhere.
     *
     * @param heldAt how many blocks the daemon holds after the transaction with each mark
     */
    private void kill(
            final String name, final List<Integer> heldAt, final Consumer<Memory> operation) {
        final long points =
                new KillEverywhere(
                                name,
                                arena,
                                operation,
                                PoolOfTwo::recover,
                                (memory, where) -> {
                                    assertSound(memory, where);
                                    assertHeld(memory, heldAt, where);
                                })
                        .run();
        assertTrue(points > 0);
    }

    private static void assertSound(final Memory memory, final String where) {
        assertEquals(
                List.of(),
                BlockPoolInvariants.check(memory, PoolOfTwo.POOL, PoolOfTwo.POOL_BYTES),
                where);
    }

    /** The daemon holds what the mark says, nobody else holds anything, and the rest is free. */
    private static void assertHeld(
            final Memory memory, final List<Integer> heldAt, final String where) {
        int held = 0;
        for (int block = 0; block < PoolOfTwo.BLOCKS; block++) {
            final long holders = PoolOfTwo.holders(memory, block);
            assertTrue(holders == 0 || holders == 1, where + ": holders " + holders);
            held += (int) holders;
        }
        assertEquals(heldAt.get((int) memory.getLong(PoolOfTwo.MARK)), held, where);
        final Side daemon = PoolOfTwo.attach(memory, 0);
        assertEquals(held, daemon.pool().size(), where);
        daemon.journal().begin();
        for (int free = PoolOfTwo.BLOCKS - held; free > 0; free--) {
            assertTrue(daemon.pool().tryAllocate() != BlockPool.NONE, where + ": a block is lost");
        }
        assertEquals(BlockPool.NONE, daemon.pool().tryAllocate(), where);
        daemon.journal().rollback();
    }
}
