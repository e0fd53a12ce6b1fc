package io.coppice.pool.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Allocations;
import io.coppice.pool.TestArena;
import io.coppice.pool.pipe.PipeOfThree.Side;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PipeZeroAllocationTest {
    private static final int ROUNDS = 20_000;
    private static final long SHORT_NS = 1000;

    @Test
    void messagesLeaveNothingToTheCollector() {
        try (TestArena arena = new TestArena(PipeOfThree.BYTES)) {
            PipeOfThree.layOut(arena.memory());
            final Side from = PipeOfThree.attach(arena.memory(), 1);
            final Side to = PipeOfThree.attach(arena.memory(), 2);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[PipeOfThree.MESSAGE_BYTES]);
            assertEquals(0, Allocations.bytesOf(ROUNDS, round -> run(from, to, buffer, round)));
        }
    }

    private static void run(
            final Side from, final Side to, final UnsafeBuffer buffer, final int round) {
        buffer.putLong(0, round);
        from.journal().begin();
        require(from.pipe().tryOffer(buffer, 0, Long.BYTES));
        final int savepoint = from.journal().savepoint();
        require(from.pipe().offer(buffer, 0, Long.BYTES, SHORT_NS));
        from.journal().rollbackTo(savepoint);
        from.journal().commit();
        to.journal().begin();
        require(to.pipe().tryPoll(buffer, 0) == Long.BYTES);
        to.journal().rollback();
        require(to.pipe().awaitSpace(SHORT_NS));
        to.journal().begin();
        require(to.pipe().poll(buffer, 0, SHORT_NS) == Long.BYTES);
        require(to.pipe().tryPoll(buffer, 0) == Pipe.EMPTY);
        to.journal().commit();
        require(buffer.getLong(0) == round);
    }

    private static void require(final boolean holds) {
        if (!holds) {
            throw new AssertionError("a message or room for one must be there");
        }
    }
}
