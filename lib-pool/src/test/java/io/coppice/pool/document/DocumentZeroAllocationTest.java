package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Allocations;
import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Writers and readers in their steady state must leave nothing to the garbage collector. */
class DocumentZeroAllocationTest {
    private static final int ROUNDS = 5000;
    private static final DocumentPath CITY = DocumentPath.of("customer.address.city");
    private static final DocumentPath AMOUNT = DocumentPath.of("lines[1].amount");
    private static final DocumentPath RATE = DocumentPath.of("customer.rate");
    private static final DocumentPath LINES = DocumentPath.of("lines");
    private static final DocumentPath LAST = DocumentPath.of("lines[]");
    private static final DocumentPath THIRD = DocumentPath.of("lines[2]");
    private static final DocumentPath BELOW = DocumentPath.of("amount");
    private static final DocumentPath OTHER = DocumentPath.of("other");

    private final DocumentsOfTwo of = new DocumentsOfTwo(1 << 16, 32, 512, 32);
    private final UnsafeBuffer text =
            new UnsafeBuffer("Kristiansund".getBytes(StandardCharsets.US_ASCII));
    private final UnsafeBuffer into = new UnsafeBuffer(new byte[64]);
    private long sum;

    @Test
    void nothingIsAllocated() {
        try (TestArena arena = new TestArena(of.bytes())) {
            of.layOut(arena.memory());
            final Side daemon = of.attach(arena.memory(), 0);
            final Side worker = of.attach(arena.memory(), 1);
            final Document document = daemon.pool().flyweight();
            final Document taken = worker.pool().flyweight();
            daemon.commit(
                    () -> {
                        document.create();
                        document.putJson(
                                DocumentPath.ROOT,
                                "{\"customer\":{\"address\":{}},\"lines\":[{\"amount\":1},{}]}");
                    });
            final DocumentReader reader = of.reader(arena.memory()).open(document.reference());
            final DocumentCursor cursor = reader.cursor();
            final DocumentReader.Reading reading = values -> sum += values.getLong(AMOUNT, 0);
            final Document passing = daemon.pool().flyweight();
            final long allocated =
                    Allocations.bytesOf(
                            ROUNDS,
                            round -> {
                                change(daemon, document, round);
                                read(reader, cursor);
                                reader.read(reading);
                                handOver(daemon, worker, passing, taken);
                            });
            assertEquals(0, allocated, "bytes allocated by " + ROUNDS + " rounds");
            assertTrue(sum > 0);
            of.assertSound(arena.memory(), "at the end");
        }
    }

    private void change(final Side daemon, final Document document, final int round) {
        daemon.journal().begin();
        document.putLong(AMOUNT, round);
        document.putText(CITY, text, 0, round % 12);
        document.putText(CITY, "Oslo");
        final int savepoint = daemon.journal().savepoint();
        document.putDouble(RATE, round);
        document.putLong(LAST, round);
        document.putBytes(LAST, text, 0, 3);
        if ((round & 1) == 0) {
            daemon.journal().rollbackTo(savepoint);
        }
        while (document.remove(THIRD)) {
            sum++;
        }
        if ((round & 3) == 3) {
            daemon.journal().rollback();
        } else {
            daemon.journal().commit();
        }
    }

    private void read(final DocumentReader reader, final DocumentCursor cursor) {
        sum += reader.getLong(AMOUNT, 0) + reader.size(LINES) + reader.getText(CITY, into, 0);
        sum += (long) reader.getDouble(RATE, 0);
        for (boolean at = cursor.first(LINES); at; at = cursor.next()) {
            sum += cursor.getLong(BELOW, 0);
        }
    }

    private static void handOver(
            final Side daemon, final Side worker, final Document made, final Document taken) {
        daemon.journal().begin();
        final long reference = made.create();
        made.putCopy(OTHER, made, DocumentPath.ROOT);
        daemon.journal().commit();
        worker.journal().begin();
        taken.open(reference).take();
        taken.putLong(AMOUNT_OF_OTHER, 1);
        taken.give();
        worker.journal().commit();
        daemon.journal().begin();
        made.release();
        daemon.journal().commit();
    }

    private static final DocumentPath AMOUNT_OF_OTHER = DocumentPath.of("other.amount");
}
