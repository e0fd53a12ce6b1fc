package io.coppice.pool.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.TestArena;
import io.coppice.pool.pipe.PipeOfThree.Side;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipeTest {
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);

    private final TestArena arena = new TestArena(PipeOfThree.BYTES);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    private Side daemon;
    private Side first;
    private Side second;

    @BeforeEach
    void layOut() {
        PipeOfThree.layOut(arena.memory());
        daemon = PipeOfThree.attach(arena.memory(), 0);
        first = PipeOfThree.attach(arena.memory(), 1);
        second = PipeOfThree.attach(arena.memory(), 2);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void messagesComeInTheOrderOfTheirCommits() {
        first.journal().begin();
        assertTrue(first.offer(1));
        second.commit(1, () -> second.offer(2));
        assertTrue(first.offer(3));
        assertEquals(List.of(2L), daemon.look());
        first.journal().commit();
        assertEquals(List.of(2L, 1L, 3L), daemon.look());
    }

    @Test
    void nobodySeesWhatIsNotCommitted() {
        first.rollback(
                () -> {
                    assertTrue(first.offer(1));
                    assertEquals(-1, first.poll());
                    assertEquals(List.of(), daemon.look());
                });
        assertEquals(List.of(), daemon.look());
        assertEquals(List.of(), PipeOfThree.settledFaults(arena.memory()));
    }

    @Test
    void eachMessageGoesToOne() {
        offer(1, 2, 3);
        first.journal().begin();
        second.journal().begin();
        assertEquals(1, first.poll());
        assertEquals(2, second.poll());
        assertEquals(3, first.poll());
        assertEquals(-1, second.poll());
        first.journal().commit();
        second.journal().rollback();
        assertEquals(List.of(2L), daemon.look());
    }

    @Test
    void whatComesBackIsTheNext() {
        offer(1, 2, 3, 4);
        second.journal().begin();
        assertEquals(1, second.poll());
        assertEquals(2, second.poll());
        first.commit(1, () -> assertEquals(3, first.poll()));
        second.journal().rollback();
        assertEquals(List.of(1L, 2L, 4L), daemon.look());
        assertEquals(List.of(1L, 2L, 4L), first.look());
        assertEquals(List.of(), PipeOfThree.settledFaults(arena.memory()));
    }

    @Test
    void aSavepointTakesBackWhatCameAfterIt() {
        offer(1, 2, 3);
        first.commit(
                1,
                () -> {
                    assertEquals(1, first.poll());
                    final int savepoint = first.journal().savepoint();
                    assertEquals(2, first.poll());
                    assertTrue(first.offer(4));
                    first.journal().rollbackTo(savepoint);
                    assertEquals(List.of(2L, 3L), second.look());
                    assertTrue(first.offer(5));
                });
        assertEquals(List.of(2L, 3L, 5L), daemon.look());
        final int[] savepoint = new int[1];
        first.commit(
                2,
                () -> {
                    savepoint[0] = first.journal().savepoint();
                    assertEquals(2, first.poll());
                    first.journal().rollbackTo(savepoint[0]);
                    assertEquals(2, first.poll());
                });
        assertEquals(List.of(3L, 5L), daemon.look());
    }

    @Test
    void fullCountsWhatIsInHands() {
        offer(1, 2, 3);
        first.journal().begin();
        assertEquals(1, first.poll());
        second.journal().begin();
        assertTrue(second.offer(4));
        assertTrue(second.offer(5));
        assertFalse(second.offer(6));
        assertFalse(daemon.pipe().hasSpace());
        first.journal().commit();
        assertTrue(daemon.pipe().awaitSpace(0));
        assertTrue(second.offer(6));
        second.journal().commit();
        assertEquals(List.of(2L, 3L, 4L, 5L, 6L), daemon.look());
    }

    @Test
    void theOrderHoldsOverManyRounds() {
        offer(0, 1);
        for (long n = 2; n < 1000; n++) {
            final long number = n;
            first.commit(n, () -> assertTrue(first.offer(number)));
            second.commit(n, () -> assertEquals(number - 2, second.poll()));
        }
        assertEquals(List.of(998L, 999L), daemon.look());
    }

    @Test
    void aMessageHeldForLongStopsNobody() {
        offer(0);
        second.journal().begin();
        assertEquals(0, second.poll());
        for (long n = 1; n < 200; n++) {
            final long number = n;
            first.commit(n, () -> assertTrue(first.offer(number)));
            daemon.commit(n, () -> assertEquals(number, daemon.poll()));
        }
        offer(200);
        second.journal().rollback();
        assertEquals(List.of(0L, 200L), daemon.look());
    }

    @Test
    void lengthsAreKept() {
        buffer.setMemory(0, 64, (byte) 7);
        final ExpandableArrayBuffer to = new ExpandableArrayBuffer(8);
        first.journal().begin();
        assertTrue(first.pipe().tryOffer(buffer, 3, 0));
        assertTrue(first.pipe().tryOffer(buffer, 3, 24));
        first.journal().commit();
        second.journal().begin();
        assertEquals(0, second.pipe().tryPoll(to, 0));
        assertEquals(24, second.pipe().tryPoll(to, 5));
        assertEquals(0, to.getByte(4));
        assertEquals(7, to.getByte(28));
        assertEquals(0, to.getByte(29));
        second.journal().commit();
    }

    @Test
    void misuseIsRefusedByName() {
        assertMessage(
                "orders: no transaction is under way: begin() comes first",
                assertThrows(IllegalStateException.class, () -> first.offer(1)));
        assertThrows(IllegalStateException.class, first::poll);
        first.journal().begin();
        assertMessage(
                "orders: a message of 25 bytes, the pipe takes up to 24: lay it out for longer ones",
                assertThrows(
                        IllegalArgumentException.class,
                        () -> first.pipe().tryOffer(buffer, 0, 25)));
        assertThrows(IndexOutOfBoundsException.class, () -> first.pipe().tryOffer(buffer, 50, 24));
        assertMessage(
                "orders: a buffer of 64 bytes from 41 on has no room for messages of 24",
                assertThrows(
                        IllegalArgumentException.class, () -> first.pipe().tryPoll(buffer, 41)));
        first.journal().rollback();
        assertThrows(IllegalArgumentException.class, () -> first.pipe().reclaim(0));
        assertThrows(IllegalArgumentException.class, () -> first.pipe().reclaim(1));
        assertMessage(
                "orders: process 3 of 3 processes",
                assertThrows(ArenaException.class, () -> daemon.pipe().reclaim(3)));
        assertThrows(IllegalArgumentException.class, () -> Pipe.bytes(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Pipe.bytes(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Pipe.bytes(1, 1, 65));
        first.journal().begin();
        assertThrows(
                IllegalStateException.class,
                () ->
                        Pipe.attach(
                                "orders",
                                OperatingSystem.current(),
                                first.journal(),
                                arena.memory(),
                                PipeOfThree.PIPE,
                                PipeOfThree.PIPE_BYTES,
                                1));
        first.journal().rollback();
    }

    @Test
    void aFullJournalOffersNothing() {
        first.journal().begin();
        assertThrows(
                JournalFullException.class,
                () -> {
                    for (long at = 0; ; at += Long.BYTES) {
                        first.journal().saveAs(at, 0);
                    }
                });
        assertThrows(JournalFullException.class, () -> first.offer(1));
        first.journal().close();
        arena.setWord(PipeOfThree.JOURNAL_BYTES, 0);
        assertEquals(List.of(), PipeOfThree.settledFaults(arena.memory()));
    }

    @Test
    void timeoutsAreKept() {
        final long start = System.nanoTime();
        assertFalse(first.pipe().awaitMessage(SHORT_NS));
        first.journal().begin();
        assertEquals(Pipe.EMPTY, first.pipe().poll(buffer, 0, SHORT_NS));
        first.journal().rollback();
        offer(1, 2, 3, 4, 5);
        assertFalse(first.pipe().awaitSpace(SHORT_NS));
        first.journal().begin();
        assertFalse(first.pipe().offer(buffer, 0, 1, SHORT_NS));
        first.journal().rollback();
        assertTrue(System.nanoTime() - start >= 4 * SHORT_NS);
    }

    @Test
    void whoComesFirstWaitsForTheOther() throws Exception {
        final CompletableFuture<Long> reader =
                CompletableFuture.supplyAsync(
                        () -> {
                            long sum = 0;
                            for (int i = 0; i < 200; i++) {
                                final Side worker = second;
                                worker.journal().begin();
                                final UnsafeBuffer to = new UnsafeBuffer(new byte[24]);
                                assertEquals(8, worker.pipe().poll(to, 0, LONG_NS));
                                sum += to.getLong(0);
                                worker.journal().commit();
                            }
                            return sum;
                        });
        final UnsafeBuffer from = new UnsafeBuffer(new byte[8]);
        for (int i = 1; i <= 200; i++) {
            from.putLong(0, i);
            first.journal().begin();
            assertTrue(first.pipe().offer(from, 0, 8, LONG_NS));
            first.journal().commit();
        }
        assertEquals(20_100, reader.get(60, TimeUnit.SECONDS));
        assertEquals(List.of(), PipeOfThree.settledFaults(arena.memory()));
    }

    @Test
    void aReaderTellsHowFullItIs() {
        offer(1, 2, 3);
        first.journal().begin();
        first.poll();
        second.journal().begin();
        second.offer(4);
        final PipeReader reader =
                PipeReader.attach(
                        "orders", arena.memory(), PipeOfThree.PIPE, PipeOfThree.PIPE_BYTES);
        assertEquals(2, reader.ready());
        assertEquals(1, reader.offered());
        assertEquals(1, reader.polled());
        assertEquals(5, reader.capacity());
        assertEquals(24, reader.messageBytesMax());
    }

    private void offer(final long... numbers) {
        daemon.commit(
                0,
                () -> {
                    for (final long number : numbers) {
                        assertTrue(daemon.offer(number));
                    }
                });
    }

    private static void assertMessage(final String message, final Exception thrown) {
        assertEquals(message, thrown.getMessage());
    }
}
