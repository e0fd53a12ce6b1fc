package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.Journal;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.block.BlockPool;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A writer that sends the numbers from 1 on and a reader that adds them up, each with its state in
 * its own arena: any message doubled, torn, out of order, or lost without its being told shows.
 */
final class Exchange {
    private static final int NUMBER_TYPE = 1;
    private static final long COUNT = 0;
    private static final long SUM = 8;
    private static final long MESSAGES = 16;
    private static final long LOST = 24;
    private static final long STATE_BYTES = 32;

    private Exchange() {}

    /** The writing incarnation of a daemon. */
    static final class Sender {
        private final Arena arena;
        private final RingWriter ring;
        private final BlockPool blocks;
        private final UnsafeBuffer message = new UnsafeBuffer(new byte[TestTree.CAPACITY]);
        private final long state;

        Sender(final TestTree tree) {
            arena = tree.attach(TestTree.writerPlan());
            ring = tree.writer(arena);
            blocks = tree.blocks();
            state = arena.structure("state", StructureKind.REGION, STATE_BYTES).offset();
            arena.seal();
        }

        long sent() {
            return arena.memory().getLong(state + COUNT);
        }

        /**
         * Sends the next numbers in one transaction; false where there was no room, and nothing was
         * sent.
         */
        boolean send(final int count) {
            final Journal journal = arena.journal();
            journal.begin();
            for (int i = 0; i < count; i++) {
                final long number = sent() + 1;
                if (!send(number)) {
                    journal.rollback();
                    return false;
                }
                journal.putLong(state + COUNT, number);
            }
            journal.commit();
            return true;
        }

        /** Lengths differ, so that records meet the end of the ring in every way. */
        private boolean send(final long number) {
            if (ring.messageBytesMax() > ring.payloadBytesMax()) {
                // Some are longer than a record can be; two fit the ring in any case.
                final int length = 2 * Long.BYTES + (int) (number * 97 % 270);
                message.putLong(0, number);
                message.putLong(length - Long.BYTES, number);
                return ring.offer(NUMBER_TYPE, message, 0, length);
            }
            final int length = 2 * Long.BYTES + (int) (number * 13 % 90);
            final long payload = ring.tryClaim(NUMBER_TYPE, length);
            if (payload == RingWriter.NO_SPACE) {
                return false;
            }
            arena.memory().putLong(payload, number);
            arena.memory().putLong(payload + length - Long.BYTES, number);
            return true;
        }

        /** How many blocks are in use after all were taken back that no reader needs. */
        long blocksInUse() {
            arena.journal().begin();
            ring.land();
            arena.journal().commit();
            final Structure place = ArenaDirectory.find(arena.memory(), "ring:" + TestTree.RING);
            assertEquals(List.of(), RingInvariants.checkFlights(arena.memory(), place));
            return blocks.size();
        }

        Arena arena() {
            return arena;
        }
    }

    /** The reading incarnation of a daemon. */
    static final class Receiver {
        private final Arena arena;
        private final RingReader ring;
        private final long state;

        Receiver(final TestTree tree) {
            arena = tree.attach(TestTree.readerPlan(0));
            ring = tree.reader(arena);
            state = arena.structure("state", StructureKind.REGION, STATE_BYTES).offset();
            arena.seal();
            ring.onLoss(lost -> add(LOST, lost));
        }

        private void add(final long word, final long delta) {
            arena.journal().putLong(state + word, arena.memory().getLong(state + word) + delta);
        }

        /** How many messages were told to be lost; the ring says the same. */
        long lost() {
            final long lost = arena.memory().getLong(state + LOST);
            assertEquals(lost, ring.lost());
            return lost;
        }

        long messages() {
            return arena.memory().getLong(state + MESSAGES);
        }

        long received() {
            return arena.memory().getLong(state + COUNT);
        }

        long sum() {
            return arena.memory().getLong(state + SUM);
        }

        int receive(final int limit) {
            return ring.poll(
                    (type, buffer, index, length) -> {
                        final long number = buffer.getLong(index);
                        final long expected = messages() + arena.memory().getLong(state + LOST) + 1;
                        if (type != NUMBER_TYPE
                                || number != expected
                                || number != buffer.getLong(index + length - Long.BYTES)) {
                            throw new AssertionError(
                                    "number "
                                            + number
                                            + " of type "
                                            + type
                                            + " after "
                                            + received());
                        }
                        arena.journal().putLong(state + COUNT, number);
                        add(SUM, number);
                        add(MESSAGES, 1);
                    },
                    limit);
        }

        Arena arena() {
            return arena;
        }
    }
}
