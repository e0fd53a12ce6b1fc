package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.ring.Dialogue.Answerer;
import io.coppice.ring.Dialogue.Asker;
import io.coppice.ring.Dialogue.World;
import io.coppice.ring.request.Replier;
import io.coppice.ring.request.ReplyHandler;
import io.coppice.ring.request.RequestCount;
import io.coppice.ring.request.RequestHandler;
import io.coppice.ring.request.Requester;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Outcomes of requests, with a clock that goes as the tests say. */
class RequestTest {
    @TempDir Path folder;

    private World world;
    private Asker asker;
    private Answerer answerer;

    @BeforeEach
    void start() {
        world = new World(TestTree.create(folder, 1), false);
        asker = new Asker(world);
        answerer = new Answerer(world);
    }

    @AfterEach
    void everythingIsSound() {
        Dialogue.sound(asker.arena.memory());
        Dialogue.sound(answerer.arena.memory());
    }

    @Test
    void repliesComeOnceWhetherGivenAtOnceOrLater() {
        assertTrue(asker.ask(2));
        assertEquals(2, asker.requester.pending());
        assertEquals(2, answerer.take());
        assertEquals(1, answerer.replier.open());
        assertEquals(1, asker.poll());
        assertEquals(1, answerer.answer());
        assertEquals(1, asker.poll());
        assertEquals(0, asker.poll());
        assertEquals(2, asker.outcomes(Dialogue.REPLIED));
        assertEquals(0, asker.requester.pending());
        assertEquals(2, asker.requester.count(RequestCount.ANSWERED));
        assertEquals(2, answerer.replier.count(RequestCount.ANSWERED));
    }

    @Test
    void nothingIsAskedWithoutTheCommit() {
        asker.arena.journal().begin();
        assertTrue(asker.requester.tryAsk(1, 0, world.nowNs + 1) > 0);
        asker.arena.journal().rollback();
        assertEquals(0, asker.requester.pending());
        assertEquals(0, answerer.take());
        assertFalse(asker.requester.isPending(asker.requester.correlationId()));
    }

    @Test
    void whatHasExpiredIsToldOnceAndSkippedByTheReplier() {
        assertTrue(asker.ask(2));
        world.nowNs += Dialogue.PATIENCE_NS - 1;
        assertEquals(0, asker.poll());
        assertEquals(1, asker.requester.quietNs(1000));
        world.nowNs++;
        assertEquals(2, asker.poll());
        assertEquals(0, asker.poll());
        assertEquals(2, asker.outcomes(Dialogue.EXPIRED));
        assertEquals(2, answerer.take());
        assertEquals(0, answerer.taken());
        assertEquals(2, answerer.replier.count(RequestCount.EXPIRED));
        assertEquals(2, asker.requester.count(RequestCount.EXPIRED));
        assertEquals(1000, asker.requester.quietNs(1000));
    }

    @Test
    void onlyThoseThatAreDueExpire() {
        assertTrue(asker.ask(1));
        world.nowNs += 10;
        assertTrue(asker.ask(1));
        world.nowNs += Dialogue.PATIENCE_NS - 10;
        assertEquals(1, asker.poll());
        assertEquals(Dialogue.EXPIRED, asker.outcome(1));
        assertEquals(0, asker.outcome(2));
        assertEquals(10, asker.requester.quietNs(1000));
    }

    @Test
    void aReplyThatIsThereComesBeforeItsDeadline() {
        assertTrue(asker.ask(1));
        answerer.work();
        world.nowNs += Dialogue.PATIENCE_NS;
        assertEquals(1, asker.poll());
        assertEquals(Dialogue.REPLIED, asker.outcome(1));
    }

    @Test
    void aLateReplyIsDroppedAndCounted() {
        assertTrue(asker.ask(1));
        answerer.work();
        // The asker's clock is ahead of when the reply was given, and it had not looked.
        final Asker successor = new Asker(world);
        assertEquals(2, successor.poll());
        assertEquals(Dialogue.CANCELLED, successor.outcome(1));
        assertEquals(1, successor.requester.count(RequestCount.LATE));
        assertEquals(0, successor.poll());
        asker = successor;
    }

    @Test
    void aRequestThatExpiresWhileItIsOpenIsOver() {
        assertTrue(asker.ask(2));
        answerer.take();
        final long ticket = answerer.replier.next(0);
        assertTrue(answerer.replier.isOpen(ticket));
        assertFalse(answerer.replier.isExpired(ticket));
        assertEquals(1 + Dialogue.PATIENCE_NS, answerer.replier.deadlineNs(ticket));
        world.nowNs += Dialogue.PATIENCE_NS;
        assertTrue(answerer.replier.isExpired(ticket));
        answerer.arena.journal().begin();
        assertEquals(Replier.OVER, answerer.replier.tryReply(ticket, 1, 0));
        assertEquals(Replier.OVER, answerer.replier.tryReply(ticket, 1, 0));
        answerer.arena.journal().commit();
        assertEquals(1, answerer.replier.count(RequestCount.EXPIRED));
        assertEquals(0, answerer.replier.open());
    }

    @Test
    void theDeadAskersRequestsAreSkippedUnansweredAndCancelled() {
        assertTrue(asker.ask(2));
        assertEquals(2, answerer.take());
        assertTrue(asker.ask(2));
        final long open = answerer.replier.next(0);
        assertFalse(answerer.replier.isCancelled(open));
        asker = new Asker(world);
        assertTrue(answerer.replier.isCancelled(open));
        // One was open, two were not taken yet, and one was answered before.
        assertEquals(3, answerer.take());
        assertEquals(3, answerer.replier.count(RequestCount.CANCELLED));
        assertEquals(2, answerer.taken());
        assertEquals(0, answerer.replier.open());
        asker.poll();
        assertEquals(4, asker.outcomes(Dialogue.CANCELLED));
        assertEquals(1, asker.requester.count(RequestCount.LATE));
    }

    @Test
    void aReplierEndsNoMoreAtOnceThanItIsTold() {
        assertTrue(asker.ask(Dialogue.AT_ONCE));
        answerer.take();
        assertEquals(2, answerer.replier.open());
        asker = new Asker(world);
        assertEquals(1, answerer.replier.poll((ticket, type, buffer, index, length) -> {}, 1));
        assertEquals(1, answerer.replier.poll((ticket, type, buffer, index, length) -> {}, 1));
        assertEquals(0, answerer.replier.poll((ticket, type, buffer, index, length) -> {}, 1));
        assertEquals(2, answerer.replier.count(RequestCount.CANCELLED));
        assertEquals(0, answerer.replier.open());
    }

    @Test
    void theSuccessorGoesOnWaitingForDurableRequests() {
        final World durable = new World(world.tree, true);
        asker = new Asker(durable);
        assertTrue(asker.ask(2));
        asker = new Asker(durable);
        assertEquals(0, asker.poll());
        answerer.work();
        assertEquals(2, asker.poll());
        assertEquals(2, asker.outcomes(Dialogue.REPLIED));
        assertTrue(asker.ask(1));
        answerer.take();
        durable.nowNs += Dialogue.PATIENCE_NS;
        asker = new Asker(durable);
        answerer.arena.journal().begin();
        answerer.arena.journal().rollback();
        assertEquals(1, asker.poll());
    }

    @Test
    void aSuccessorOfTheReplierAnswersWhatWasLeftToIt() {
        assertTrue(asker.ask(2));
        assertEquals(2, answerer.take());
        assertEquals(1, asker.poll());
        answerer = new Answerer(world);
        final long ticket = answerer.replier.next(0);
        assertTrue(answerer.replier.isOpen(ticket));
        assertEquals(0, answerer.replier.next(ticket));
        assertEquals(1, answerer.answer());
        assertEquals(1, asker.poll());
        assertEquals(2, asker.outcomes(Dialogue.REPLIED));
    }

    @Test
    void aFullTableRefusesAndIsFreedByOutcomes() {
        assertTrue(asker.ask(Dialogue.AT_ONCE));
        asker.arena.journal().begin();
        assertEquals(Requester.TOO_MANY, asker.requester.tryAsk(1, 8, world.nowNs + 1));
        asker.arena.journal().rollback();
        answerer.work();
        asker.poll();
        assertTrue(asker.ask(Dialogue.AT_ONCE));
    }

    @Test
    void aReplierTakesNoMoreThanItMayHoldOpen() {
        assertTrue(asker.ask(Dialogue.AT_ONCE));
        world.nowNs += 1;
        assertEquals(Dialogue.AT_ONCE, answerer.take());
        assertEquals(Dialogue.AT_ONCE / 2, asker.poll());
        assertTrue(asker.ask(2));
        assertEquals(2, answerer.take());
        assertEquals(Dialogue.AT_ONCE / 2 + 1, answerer.replier.open());
        assertEquals(3, answerer.answer());
        asker.poll();
        assertEquals(6, asker.outcomes(Dialogue.REPLIED));
    }

    @Test
    void aRequestThatIsGivenUpExpires() {
        assertTrue(asker.ask(1));
        answerer.replier.poll(
                (ticket, type, buffer, index, length) -> answerer.replier.drop(ticket), 1);
        assertEquals(1, answerer.replier.count(RequestCount.DROPPED));
        world.nowNs += Dialogue.PATIENCE_NS;
        assertEquals(1, asker.poll());
        assertEquals(Dialogue.EXPIRED, asker.outcome(1));
    }

    @Test
    void aHandlerThatFailsLeavesTheRequestToComeAgain() {
        assertTrue(asker.ask(1));
        assertThrows(
                IllegalStateException.class,
                () ->
                        answerer.replier.poll(
                                (ticket, type, buffer, index, length) -> {
                                    throw new IllegalStateException("on purpose");
                                },
                                1));
        assertEquals(0, answerer.replier.open());
        assertEquals(1, answerer.work());
        assertEquals(1, asker.poll());
    }

    @Test
    void outcomesAreToldAgainWhereTheHandlerFails() {
        assertTrue(asker.ask(2));
        world.nowNs += Dialogue.PATIENCE_NS;
        final ReplyHandler failing = new Failing();
        assertThrows(IllegalStateException.class, () -> asker.requester.poll(failing, 9));
        assertEquals(2, asker.requester.pending());
        assertEquals(1, asker.requester.poll(asker, 1));
        assertEquals(1, asker.requester.poll(asker, 1));
        assertEquals(0, asker.requester.poll(asker, 1));
        assertEquals(2, asker.outcomes(Dialogue.EXPIRED));
    }

    @Test
    void deadlinesAndPayloadsOutOfRangeAreRefused() {
        final Requester requester = asker.requester;
        asker.arena.journal().begin();
        final long hours = 2L * 3600 * 1_000_000_000;
        for (final Executable wrong :
                List.<Executable>of(
                        () -> requester.tryAsk(1, 8, world.nowNs + hours),
                        () -> requester.tryAsk(1, -1, world.nowNs),
                        () -> requester.tryAsk(1, requester.payloadBytesMax() + 1, world.nowNs))) {
            final String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
            assertTrue(message.startsWith("requests \"writer/double\": "), message);
        }
        asker.arena.journal().rollback();
    }

    @Test
    void recordsThatAreNoRequestsAreSkippedWithACount() {
        final Arena arena = asker.arena;
        final Memory memory = arena.memory();
        arena.journal().begin();
        final long payload = asker.requester.tryAsk(1, 0, world.nowNs + 9);
        // Another's name on it.
        memory.putLong(payload - 24, OwnerWord.of(9, 1));
        final long cut = asker.requester.tryAsk(1, 0, world.nowNs + 9);
        // One byte too short for what stands in front of each.
        memory.putInt(cut - 40 - 16, 39);
        arena.journal().commit();
        assertEquals(2, answerer.take());
        assertEquals(2, answerer.replier.count(RequestCount.UNSOUND));
        assertEquals(0, answerer.replier.open());
    }

    @Test
    void nothingIsAllocated() {
        final Requester requester = asker.requester;
        final Replier replier = answerer.replier;
        final ReplyHandler told = new Failing();
        final RequestHandler answers =
                (ticket, type, buffer, index, length) -> replier.tryReply(ticket, type, 0);
        asker.arena.journal().begin();
        asker.arena.journal().commit();
        final long bytes =
                RingPair.allocatedBytes(
                        2000,
                        round -> {
                            asker.arena.journal().begin();
                            requester.tryAsk(1, 16, world.nowNs + 10);
                            asker.arena.journal().commit();
                            if (replier.poll(answers, 4) != 1 || requester.poll(told, 4) != 1) {
                                throw new AssertionError("no reply");
                            }
                            requester.quietNs(1);
                        });
        assertEquals(0, bytes);
    }

    /** Wants replies and nothing else. */
    private static final class Failing implements ReplyHandler {
        private long replies;

        @Override
        public void onReply(
                final long id,
                final int type,
                final DirectBuffer buffer,
                final int index,
                final int length) {
            replies++;
        }

        @Override
        public void onExpired(final long id) {
            throw new IllegalStateException("expired after " + replies);
        }

        @Override
        public void onCancelled(final long id) {
            throw new IllegalStateException("cancelled after " + replies);
        }
    }
}
