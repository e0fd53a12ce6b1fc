package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.StructureFullException;
import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents between processes: handed over, refused, and left behind. */
class DocumentHandOverTest {
    private static final int JOURNAL_BYTES = 8192;

    private final DocumentsOfTwo of = new DocumentsOfTwo(JOURNAL_BYTES, 64, 512, 12);
    private final TestArena arena = new TestArena(of.bytes());
    private Side daemon;
    private Document document;
    private DocumentReader reader;

    @BeforeEach
    void layOut() {
        of.layOut(arena.memory());
        daemon = of.attach(arena.memory(), 0);
        document = daemon.pool().flyweight();
        reader = of.reader(arena.memory());
    }

    @AfterEach
    void free() {
        of.assertSound(arena.memory(), "at the end");
        arena.close();
    }

    private long create() {
        final long[] reference = new long[1];
        daemon.commit(() -> reference[0] = document.create());
        return reference[0];
    }

    @Test
    void aDocumentHandedOverMovesItsBlocks() {
        final Side worker = of.attach(arena.memory(), 1);
        final Document work = worker.pool().flyweight();
        final long[] reference = new long[1];
        worker.commit(
                () -> {
                    reference[0] = work.create();
                    work.putText("text", "x".repeat(1200));
                });
        assertTrue(of.held(arena.memory(), 1, "made") >= 4);
        daemon.journal().begin();
        document.open(reference[0]);
        assertThrows(IllegalStateException.class, () -> document.putLong("a", 1));
        daemon.journal().rollback();
        worker.commit(
                () -> {
                    work.putLong("a", 1);
                    work.give();
                    assertThrows(IllegalStateException.class, () -> work.putLong("a", 2));
                });
        assertTrue(of.held(arena.memory(), 0, "given") >= 4);
        assertEquals(0, of.held(arena.memory(), 1, "given"));
        daemon.commit(() -> document.putLong("a", document.getLong("a", 0) + 1));
        worker.commit(
                () -> {
                    work.take();
                    work.putLong("a", work.getLong("a", 0) + 1);
                });
        assertEquals(0, of.held(arena.memory(), 0, "taken"));
        assertEquals(3, document.getLong("a", 0));
        worker.commit(work::release);
        assertEquals(0, daemon.pool().size());
    }

    @Test
    void aDocumentOfADeadWorkerIsStale() {
        final Side worker = of.attach(arena.memory(), 1);
        final Document work = worker.pool().flyweight();
        final long[] reference = new long[1];
        worker.commit(
                () -> {
                    reference[0] = work.create();
                    work.putText("text", "x".repeat(1200));
                });
        reader.open(reference[0]);
        of.recover(arena.memory());
        assertThrows(ArenaException.class, () -> reader.text("text"));
        // Its blocks become another document's, its root block one of values.
        daemon = of.attach(arena.memory(), 0);
        document = daemon.pool().flyweight();
        create();
        daemon.commit(() -> document.putText("text", "y".repeat(3000)));
        assertThrows(ArenaException.class, () -> reader.text("text"));
        assertThrows(ArenaException.class, () -> reader.open(reference[0]));
    }

    @Test
    void aTakeThatTheLedgerHasNoRoomForChangesNothing() {
        final long reference = create();
        daemon.commit(() -> document.putText("a", "x".repeat(480 * 4)));
        final long second = create();
        daemon.commit(() -> document.putText("b", "x".repeat(480 * 7)));
        final Side worker = of.attach(arena.memory(), 1);
        final Document work = worker.pool().flyweight();
        worker.journal().begin();
        work.open(reference).take();
        work.open(second);
        final Exception full = assertThrows(StructureFullException.class, work::take);
        assertTrue(full.getMessage().contains("\"orders.ledger\""), full.toString());
        worker.journal().commit();
        final int held = of.held(arena.memory(), 1, "taken");
        assertTrue(held >= 5 && held <= 6, "blocks " + held);
        assertTrue(of.held(arena.memory(), 0, "left") >= 8);
        worker.commit(work.open(reference)::give);
    }

    @Test
    void aFullJournalLeavesNothingAfterTheRollback() {
        create();
        daemon.commit(() -> document.putText("a", "kept"));
        final long blocks = daemon.pool().size();
        daemon.journal().begin();
        assertThrows(
                JournalFullException.class,
                () -> {
                    for (int i = 0; i < 1000; i++) {
                        daemon.journal().savepoint();
                        document.putLong("b[]", i);
                        document.putText("c", "x".repeat(300));
                        daemon.journal().save(0, 1024);
                    }
                });
        daemon.journal().rollback();
        assertEquals("{\"a\":\"kept\"}", document.toJson());
        assertEquals(blocks, daemon.pool().size());
    }
}
