package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.Journal;
import io.coppice.pool.StructureKind;

/**
 * A writer that sends the numbers from 1 on and a reader that adds them up, each with its state in
 * its own arena: any message lost, doubled or out of order shows.
 */
final class Exchange {
    private static final int NUMBER_TYPE = 1;
    private static final long COUNT = 0;
    private static final long SUM = 8;
    private static final long STATE_BYTES = 16;

    private Exchange() {}

    /** The writing incarnation of a daemon. */
    static final class Sender {
        private final Arena arena;
        private final RingWriter ring;
        private final long state;

        Sender(final TestTree tree) {
            arena = tree.attach(TestTree.writerPlan());
            ring = tree.writer(arena);
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
                // Lengths differ, so that records meet the end of the ring in every way.
                final long payload =
                        ring.tryClaim(NUMBER_TYPE, Long.BYTES + (int) (number * 13 % 90));
                if (payload == RingWriter.NO_SPACE) {
                    journal.rollback();
                    return false;
                }
                arena.memory().putLong(payload, number);
                journal.putLong(state + COUNT, number);
            }
            journal.commit();
            return true;
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
                        if (type != NUMBER_TYPE || number != received() + 1) {
                            throw new AssertionError(
                                    "number "
                                            + number
                                            + " of type "
                                            + type
                                            + " after "
                                            + received());
                        }
                        arena.journal().putLong(state + COUNT, number);
                        arena.journal().putLong(state + SUM, sum() + number);
                    },
                    limit);
        }

        Arena arena() {
            return arena;
        }
    }
}
