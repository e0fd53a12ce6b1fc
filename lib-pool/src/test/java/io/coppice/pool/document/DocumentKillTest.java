package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A death of the holder, and of the daemon that recovers for it, at every store. The mark in the
 * arena says which transactions stand; the document, and how many blocks the daemon holds, must
 * agree with it, and every other block must be free.
 */
@Tag("cuts")
class DocumentKillTest {
    private static final String START = "{\"a\":{\"n\":1},\"t\":\"text\"}";

    private final DocumentsOfTwo of = new DocumentsOfTwo(4096, 6, 256, 8);
    private final TestArena arena = new TestArena(of.bytes());

    /** What the document is after the transaction with a mark, null where it is not any more. */
    private record State(String json, int blocks) {}

    private static final State NONE = new State(null, 0);

    @BeforeEach
    void layOut() {
        of.layOut(arena.memory());
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void daemonCreates() {
        kill(
                "create",
                0,
                List.of(NONE, new State("{\"a\":7}", 2)),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    keep(side, document.create());
                                    document.putLong("a", 7);
                                }));
    }

    @Test
    void daemonPutsAndRemoves() {
        start(START);
        kill(
                "put, append and remove",
                0,
                List.of(new State(START, 2), new State("{\"a\":{\"n\":2},\"l\":[5]}", 4)),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    document.putLong("a.n", 2);
                                    document.putLong("l[]", 5);
                                    document.remove("t");
                                }));
    }

    @Test
    void daemonPutsTwice() {
        start(START);
        kill(
                "two commits",
                0,
                List.of(
                        new State(START, 2),
                        new State("{\"a\":{\"n\":2},\"t\":\"text\"}", 3),
                        new State("{\"a\":{\"n\":3},\"t\":\"text\"}", 3)),
                (side, document) -> {
                    commit(side, 1, () -> document.putLong("a.n", 2));
                    commit(side, 2, () -> document.putLong("a.n", 3));
                });
    }

    @Test
    void daemonCompacts() {
        final String before = "{\"t\":\"" + "x".repeat(200) + "\"}";
        final String after = "{\"t\":1,\"u\":\"" + "y".repeat(120) + "\"}";
        start(before);
        final Work work =
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    document.putLong("t", 1);
                                    document.putText("u", "y".repeat(120));
                                });
        kill("compaction", 0, List.of(new State(before, 3), new State(after, 3)), work);
        final Side daemon = of.attach(arena.memory(), 0);
        final Document document = daemon.pool().flyweight();
        final long reference = arena.word(of.referenceAt);
        work.run(daemon, document.open(reference));
        final long root = of.places(arena.memory()).offset(DocumentLayout.block(reference));
        assertEquals(1, DocumentLayout.moves(arena.word(root + DocumentLayout.STATE)));
    }

    @Test
    void daemonReturnsToASavepoint() {
        start(START);
        kill(
                "savepoint",
                0,
                List.of(new State(START, 2), new State("{\"a\":{\"n\":2},\"t\":\"text\"}", 3)),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    document.putLong("a.n", 2);
                                    final int savepoint = side.journal().savepoint();
                                    document.putText("t", "z".repeat(200));
                                    side.journal().rollbackTo(savepoint);
                                }));
    }

    @Test
    void daemonRollsBack() {
        start(START);
        kill(
                "rollback",
                0,
                List.of(new State(START, 2)),
                (side, document) -> {
                    side.journal().begin();
                    document.putText("t", "z".repeat(200));
                    document.release();
                    side.journal().rollback();
                });
    }

    @Test
    void daemonReadsJson() {
        start(START);
        kill(
                "JSON",
                0,
                List.of(new State(START, 2), new State("{\"b\":[1,{\"c\":true}]}", 3)),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () ->
                                        document.putJson(
                                                DocumentPath.ROOT, "{\"b\":[1,{\"c\":true}]}")));
    }

    @Test
    void daemonReleases() {
        start(START);
        kill(
                "release",
                0,
                List.of(new State(START, 2), NONE),
                (side, document) -> commit(side, 1, document::release));
    }

    @Test
    void workerCreatesAndDies() {
        kill(
                "worker creates",
                1,
                List.of(NONE, NONE),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    keep(side, document.create());
                                    document.putLong("a", 7);
                                }));
    }

    @Test
    void workerCreatesAndGives() {
        kill(
                "worker creates and gives",
                1,
                List.of(NONE, new State("{\"a\":7}", 2)),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    keep(side, document.create());
                                    document.putLong("a", 7);
                                    document.give();
                                }));
    }

    @Test
    void workerTakesAndDies() {
        start(START);
        kill(
                "worker takes",
                1,
                List.of(new State(START, 2), NONE),
                (side, document) -> commit(side, 1, document::take));
    }

    @Test
    void workerTakesChangesAndGives() {
        start(START);
        kill(
                "worker takes, changes, gives",
                1,
                List.of(
                        new State(START, 2),
                        NONE,
                        new State("{\"a\":{\"n\":2},\"t\":\"text\"}", 3)),
                (side, document) -> {
                    commit(side, 1, document::take);
                    commit(
                            side,
                            2,
                            () -> {
                                document.putLong("a.n", 2);
                                document.give();
                            });
                });
    }

    @Test
    void workerTakesAndGivesInOneTransaction() {
        start(START);
        kill(
                "worker takes and gives at once",
                1,
                List.of(new State(START, 2), new State("{\"a\":{\"n\":2},\"t\":\"text\"}", 3)),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    document.take();
                                    document.putLong("a.n", 2);
                                    document.give();
                                }));
    }

    @Test
    void workerTakesAndReleases() {
        start(START);
        kill(
                "worker takes and releases",
                1,
                List.of(new State(START, 2), NONE),
                (side, document) ->
                        commit(
                                side,
                                1,
                                () -> {
                                    document.take();
                                    document.release();
                                }));
    }

    /** What a process does to the document that the reference in the arena names. */
    private interface Work {
        void run(Side side, Document document);
    }

    private void start(final String json) {
        final Side daemon = of.attach(arena.memory(), 0);
        final Document document = daemon.pool().flyweight();
        daemon.commit(
                () -> {
                    keep(daemon, document.create());
                    document.putJson(DocumentPath.ROOT, json);
                });
    }

    private void keep(final Side side, final long reference) {
        side.journal().putLong(of.referenceAt, reference);
    }

    private void commit(final Side side, final int mark, final Runnable work) {
        side.journal().begin();
        work.run();
        side.journal().putLong(of.markAt, mark);
        side.journal().commit();
    }

    private void kill(
            final String name, final int holder, final List<State> states, final Work work) {
        final Consumer<Memory> operation =
                memory -> {
                    final Side side = of.attach(memory, holder);
                    final Document document = side.pool().flyweight();
                    final long reference = memory.getLong(of.referenceAt);
                    if (reference != 0) {
                        document.open(reference);
                    }
                    work.run(side, document);
                };
        final long points =
                new KillEverywhere(
                                "Document, " + name,
                                arena,
                                operation,
                                of::recover,
                                (memory, where) -> check(memory, states, where))
                        .run();
        assertTrue(points > 0);
    }

    private void check(final Memory memory, final List<State> states, final String where) {
        of.assertSound(memory, where);
        final State expected = states.get((int) memory.getLong(of.markAt));
        final long reference = memory.getLong(of.referenceAt);
        assertEquals(expected.blocks(), of.held(memory, 0, where), where);
        assertEquals(0, of.held(memory, 1, where), where);
        final DocumentReader reader = of.reader(memory);
        if (expected.json() != null) {
            assertEquals(expected.json(), reader.open(reference).toJson(), where);
        } else if (reference != 0) {
            assertThrows(ArenaException.class, () -> reader.open(reference), where);
        }
    }
}
