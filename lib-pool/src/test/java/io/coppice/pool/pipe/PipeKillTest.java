package io.coppice.pool.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import io.coppice.pool.pipe.PipeOfThree.Side;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A death of a process, and of whoever hands back for it, at every store. The mark in the arena
 * says which of the operation's transactions stand; the messages must agree with it.
 */
@Tag("cuts")
class PipeKillTest {
    private final TestArena arena = new TestArena(PipeOfThree.BYTES);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void layingOutStartsOverFromZeroes() {
        new KillEverywhere(
                        "pipe, lay out",
                        arena,
                        PipeOfThree::layOut,
                        memory -> {
                            for (int at = 0; at < PipeLayout.MESSAGES; at += Long.BYTES) {
                                memory.putLong(PipeOfThree.PIPE + at, 0);
                            }
                            PipeOfThree.layOut(memory);
                        },
                        (memory, where) -> assertMessages(memory, List.of(), where))
                .run();
    }

    @Test
    void offers() {
        kill(
                "offer",
                List.of(),
                List.of(List.of(), List.of(1L, 2L), List.of(1L, 2L, 3L)),
                w -> {
                    w.commit(
                            1,
                            () -> {
                                assertTrue(w.offer(1));
                                assertTrue(w.offer(2));
                            });
                    w.commit(2, () -> assertTrue(w.offer(3)));
                });
    }

    @Test
    void polls() {
        kill(
                "poll",
                List.of(1L, 2L, 3L),
                List.of(List.of(1L, 2L, 3L), List.of(3L), List.of()),
                w -> {
                    w.commit(
                            1,
                            () -> {
                                assertEquals(1, w.poll());
                                assertEquals(2, w.poll());
                            });
                    w.commit(
                            2,
                            () -> {
                                assertEquals(3, w.poll());
                                assertEquals(-1, w.poll());
                            });
                });
    }

    @Test
    void pollsAndOffersInOneTransaction() {
        kill(
                "poll and offer",
                List.of(1L, 2L),
                List.of(List.of(1L, 2L), List.of(2L, 3L, 4L)),
                w ->
                        w.commit(
                                1,
                                () -> {
                                    assertTrue(w.offer(3));
                                    assertEquals(1, w.poll());
                                    assertTrue(w.offer(4));
                                }));
    }

    @Test
    void rollsBackAndGoesOn() {
        kill(
                "roll back",
                List.of(1L, 2L, 3L),
                List.of(List.of(1L, 2L, 3L), List.of(2L, 3L, 9L)),
                w -> {
                    w.rollback(
                            () -> {
                                assertEquals(1, w.poll());
                                assertTrue(w.offer(8));
                                assertEquals(2, w.poll());
                            });
                    w.commit(
                            1,
                            () -> {
                                assertEquals(1, w.poll());
                                assertTrue(w.offer(9));
                            });
                });
    }

    @Test
    void returnsToASavepoint() {
        kill(
                "savepoint",
                List.of(1L, 2L),
                List.of(List.of(1L, 2L), List.of(2L, 9L)),
                w ->
                        w.commit(
                                1,
                                () -> {
                                    final int outer = w.journal().savepoint();
                                    assertEquals(1, w.poll());
                                    w.journal().rollbackTo(outer);
                                    assertEquals(1, w.poll());
                                    final int inner = w.journal().savepoint();
                                    assertEquals(2, w.poll());
                                    assertTrue(w.offer(8));
                                    w.journal().rollbackTo(inner);
                                    assertTrue(w.offer(9));
                                }));
    }

    @Test
    void wakesWhoSleeps() {
        PipeOfThree.layOut(arena.memory());
        arena.setWord(PipeOfThree.PIPE + PipeLayout.MESSAGES + 8, 1L << 32);
        arena.setWord(PipeOfThree.PIPE + PipeLayout.SPACE + 8, 1L << 32);
        kill(
                "offer and poll with sleepers",
                List.of(1L),
                List.of(List.of(1L), List.of(2L)),
                w ->
                        w.commit(
                                1,
                                () -> {
                                    assertTrue(w.offer(2));
                                    assertEquals(1, w.poll());
                                }));
    }

    /** The second worker has one message in hands and one offered, and lives. */
    @Test
    void diesBesideAnotherThatLives() {
        PipeOfThree.layOut(arena.memory());
        offer(1, 2, 3);
        final Side living = PipeOfThree.attach(arena.memory(), 2);
        living.journal().begin();
        assertEquals(1, living.poll());
        assertTrue(living.offer(7));
        killBeside(
                "beside the living",
                List.of(List.of(2L, 3L), List.of(3L, 4L)),
                w ->
                        w.commit(
                                1,
                                () -> {
                                    assertEquals(2, w.poll());
                                    assertTrue(w.offer(4));
                                }),
                (memory, where) -> {
                    final PipeLayout layout =
                            PipeLayout.read(
                                    "orders", memory, PipeOfThree.PIPE, PipeOfThree.PIPE_BYTES);
                    int held = 0;
                    for (int slot = 0; slot < layout.capacity; slot++) {
                        final long word = memory.getLong(PipeOfThree.PIPE + layout.slot(slot));
                        held += SlotWord.isHeld(word) && SlotWord.process(word) == 2 ? 1 : 0;
                    }
                    assertEquals(2, held, where);
                });
    }

    /** The returned bit of a message that went on is still there, and its slot in use again. */
    @Test
    void diesAfterOthersDied() {
        PipeOfThree.layOut(arena.memory());
        offer(1, 2, 3);
        final Side dead = PipeOfThree.attach(arena.memory(), 2);
        dead.journal().begin();
        assertEquals(1, dead.poll());
        assertEquals(2, dead.poll());
        PipeOfThree.recover(arena.memory());
        // As after a death just before the bit of what is polled is cleared.
        final Side daemon = PipeOfThree.attach(arena.memory(), 0);
        daemon.commit(0, () -> assertEquals(1, daemon.poll()));
        final long bits =
                PipeOfThree.PIPE
                        + PipeLayout.read(
                                        "orders",
                                        arena.memory(),
                                        PipeOfThree.PIPE,
                                        PipeOfThree.PIPE_BYTES)
                                .returnedOffset;
        arena.setWord(bits, 0x1f);
        kill(
                "returned",
                List.of(),
                List.of(List.of(2L, 3L), List.of(3L, 4L), List.of(4L)),
                w -> {
                    w.commit(
                            1,
                            () -> {
                                assertTrue(w.offer(4));
                                assertEquals(2, w.poll());
                            });
                    w.commit(2, () -> assertEquals(3, w.poll()));
                });
    }

    private void offer(final long... numbers) {
        if (numbers.length > 0) {
            final Side daemon = PipeOfThree.attach(arena.memory(), 0);
            daemon.commit(
                    0,
                    () -> {
                        for (final long number : numbers) {
                            assertTrue(daemon.offer(number));
                        }
                    });
        }
    }

    /**
     * Kills a worker everywhere, then the daemon.
     *
     * @param there in the pipe when it begins
     * @param left in the pipe after the transaction with each mark
     */
    private void kill(
            final String name,
            final List<Long> there,
            final List<List<Long>> left,
            final Consumer<Side> work) {
        if (arena.word(PipeOfThree.PIPE) == 0) {
            PipeOfThree.layOut(arena.memory());
        }
        offer(there.stream().mapToLong(Long::longValue).toArray());
        for (int process = 0; process < 2; process++) {
            final int killed = process;
            final long points =
                    new KillEverywhere(
                                    "pipe, " + name + " of process " + killed,
                                    arena,
                                    memory -> work.accept(PipeOfThree.attach(memory, killed)),
                                    PipeOfThree::recover,
                                    (memory, where) ->
                                            assertMessages(
                                                    memory,
                                                    left.get(
                                                            (int) PipeOfThree.mark(memory, killed)),
                                                    where))
                            .run();
            assertTrue(points > 0);
        }
    }

    private void killBeside(
            final String name,
            final List<List<Long>> left,
            final Consumer<Side> work,
            final BiConsumer<Memory, String> checkLiving) {
        final long points =
                new KillEverywhere(
                                "pipe, " + name,
                                arena,
                                memory -> work.accept(PipeOfThree.attach(memory, 1)),
                                memory -> {
                                    // The daemon lives as well, so it has its journal idle.
                                    PipeOfThree.journal(memory, 1);
                                    PipeOfThree.attach(memory, 0).pipe().reclaim(1);
                                },
                                (memory, where) -> {
                                    checkLiving.accept(memory, where);
                                    assertEquals(
                                            left.get((int) PipeOfThree.mark(memory, 1)),
                                            PipeOfThree.attach(memory, 0).look(),
                                            where);
                                    assertEquals(
                                            List.of(),
                                            PipeInvariants.check(
                                                    memory,
                                                    PipeOfThree.PIPE,
                                                    PipeOfThree.PIPE_BYTES),
                                            where);
                                })
                        .run();
        assertTrue(points > 0);
    }

    private static void assertMessages(
            final Memory memory, final List<Long> left, final String where) {
        assertEquals(List.of(), PipeOfThree.settledFaults(memory), where);
        final Side daemon = PipeOfThree.attach(memory, 0);
        assertEquals(left, daemon.look(), where);
        daemon.rollback(
                () -> {
                    for (int free = PipeOfThree.CAPACITY - left.size(); free > 0; free--) {
                        assertTrue(daemon.offer(100), where + ": a slot is lost");
                    }
                    assertTrue(!daemon.offer(100), where);
                });
    }
}
