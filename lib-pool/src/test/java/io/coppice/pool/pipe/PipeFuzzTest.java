package io.coppice.pool.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.TestArena;
import io.coppice.pool.pipe.PipeOfThree.Side;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** A pipe whose memory a mad process wrote to is refused in one line, or used without harm. */
class PipeFuzzTest {
    private static final long SEED = 4711;
    private static final int ROUNDS = 30_000;

    private final TestArena arena = new TestArena(PipeOfThree.BYTES);
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void damageIsSaidAndNothingElseHappens() {
        PipeOfThree.layOut(arena.memory());
        final Side daemon = PipeOfThree.attach(arena.memory(), 0);
        for (long round = 0; round < 7; round++) {
            final long number = round;
            daemon.commit(
                    0,
                    () -> {
                        daemon.offer(number);
                        daemon.offer(number);
                        daemon.poll();
                    });
        }
        final byte[] start = arena.image();
        final Random random = new Random(SEED);
        Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(5),
                () -> {
                    int refused = 0;
                    int seen = 0;
                    for (int round = 0; round < ROUNDS; round++) {
                        arena.setImage(0, start);
                        for (int words = 1 + random.nextInt(3); words > 0; words--) {
                            damage(random);
                        }
                        final List<String> wrong =
                                PipeInvariants.check(
                                        arena.memory(), PipeOfThree.PIPE, PipeOfThree.PIPE_BYTES);
                        seen += wrong.isEmpty() ? 0 : 1;
                        refused += use(random) ? 0 : 1;
                    }
                    System.out.println(
                            "pipe fuzz: seed "
                                    + SEED
                                    + ", "
                                    + ROUNDS
                                    + " rounds, "
                                    + refused
                                    + " refused, "
                                    + seen
                                    + " seen by the invariants");
                    assertTrue(refused > 0 && refused < ROUNDS && seen > 0);
                });
        // What was in the way of the sound pipe was the damage alone.
        arena.setImage(0, start);
        assertEquals(4, PipeOfThree.attach(arena.memory(), 0).look().size());
    }

    private void damage(final Random random) {
        final long words = PipeOfThree.PIPE_BYTES / Long.BYTES;
        final long at = PipeOfThree.PIPE + random.nextInt((int) words) * (long) Long.BYTES;
        switch (random.nextInt(4)) {
            case 0:
                arena.setWord(at, random.nextLong());
                break;
            case 1:
                arena.setWord(at, random.nextInt(40) - 20);
                break;
            case 2:
                arena.setWord(at, arena.word(at) ^ 1L << random.nextInt(64));
                break;
            default:
                arena.setWord(at, Long.MIN_VALUE >> random.nextInt(8));
                break;
        }
    }

    /** Returns whether the pipe could be used to the end. */
    private boolean use(final Random random) {
        try {
            final Side daemon = PipeOfThree.recover(arena.memory());
            final Side worker = PipeOfThree.attach(arena.memory(), 1);
            final int length = Math.min(worker.pipe().messageBytesMax(), buffer.capacity());
            worker.journal().begin();
            for (int i = 0; i < 8; i++) {
                worker.pipe().tryPoll(buffer, 0);
                worker.pipe().tryOffer(buffer, 0, length);
            }
            if (random.nextBoolean()) {
                worker.journal().commit();
            } else {
                worker.journal().rollback();
            }
            daemon.pipe().reclaim(2);
            daemon.pipe().hasMessage();
            PipeReader.attach("p", arena.memory(), PipeOfThree.PIPE, PipeOfThree.PIPE_BYTES)
                    .ready();
            return true;
        } catch (final ArenaException damaged) {
            assertTrue(damaged.getMessage().lines().count() == 1, damaged::toString);
            return false;
        }
    }
}
