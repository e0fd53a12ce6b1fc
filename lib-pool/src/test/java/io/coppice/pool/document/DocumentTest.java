package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.JournalListener;
import io.coppice.pool.StructureFullException;
import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private final DocumentsOfTwo of = new DocumentsOfTwo(1 << 17, 64, 512, 64);
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

    private void json(final String json) {
        daemon.commit(() -> document.putJson(DocumentPath.ROOT, json));
    }

    @Test
    void holdsValuesOfEveryTypeByPath() {
        final long reference = create();
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[] {1, -2, 3});
        daemon.commit(
                () -> {
                    document.putText("customer.address.city", "Århus \ud83c\udf32");
                    document.putLong("customer.id", Long.MIN_VALUE);
                    document.putDouble("customer.rate", 0.25);
                    document.putBoolean(DocumentPath.of("customer.active"), true);
                    document.putNull(DocumentPath.of("customer.middle"));
                    document.putBytes(DocumentPath.of("customer.key"), bytes, 0, 3);
                    document.putLong("lines[].amount", 1);
                    document.putLong("lines[1].amount", 2);
                    document.putArray(DocumentPath.of("empty"));
                    document.putTable(DocumentPath.of("nothing"));
                });
        reader.open(reference);
        for (final DocumentValues values : new DocumentValues[] {document, reader}) {
            assertEquals("Århus \ud83c\udf32", values.text("customer.address.city"));
            assertEquals(Long.MIN_VALUE, values.getLong("customer.id", 7));
            assertEquals(0.25, values.getDouble("customer.rate", 7));
            assertEquals(2.0, values.getDouble("lines[1].amount", 7));
            assertTrue(values.getBoolean("customer.active", false));
            assertEquals(ValueType.NULL, values.type("customer.middle"));
            assertEquals(7, values.getLong("customer.middle", 7));
            assertEquals(7, values.getLong("lines[2].amount", 7));
            assertEquals(2, values.size("lines"));
            assertEquals(0, values.size("empty"));
            assertEquals(0, values.size("nothing"));
            assertEquals(6, values.size("customer"));
            final UnsafeBuffer out = new UnsafeBuffer(new byte[3]);
            assertEquals(3, values.getBytes(DocumentPath.of("customer.key"), out, 0));
            assertEquals(bytes, out);
        }
    }

    @Test
    void isSeenByOthersOnlyOnceItIsCommitted() {
        daemon.journal().begin();
        final long reference = document.create();
        document.putLong("a", 1);
        assertThrows(ArenaException.class, () -> reader.open(reference));
        daemon.journal().commit();
        reader.open(reference);
        daemon.journal().begin();
        document.putLong("a", 2);
        document.putLong("b", 3);
        assertEquals(2, document.getLong("a", 0));
        assertEquals(1, reader.getLong("a", 0));
        assertEquals(ValueType.ABSENT, reader.type("b"));
        daemon.journal().commit();
        assertEquals(2, reader.getLong("a", 0));
        assertEquals(3, reader.getLong("b", 0));
    }

    @Test
    void aRollbackAndAReturnToASavepointLeaveItAsItWas() {
        final long reference = create();
        json("{\"a\":[1,2,3],\"b\":{\"c\":\"text\"}}");
        final String before = document.toJson();
        daemon.journal().begin();
        document.putLong("a[1]", 9);
        document.remove("b.c");
        daemon.journal().rollback();
        assertEquals(before, document.toJson());
        daemon.journal().begin();
        document.putLong("a[1]", 9);
        final String atSavepoint = document.toJson();
        final int savepoint = daemon.journal().savepoint();
        document.putLong("a[]", 10);
        document.putLong("a[1]", 11);
        document.putText("b.c", "x".repeat(2000));
        daemon.journal().rollbackTo(savepoint);
        assertEquals(atSavepoint, document.toJson());
        document.putLong("a[]", 12);
        daemon.journal().commit();
        assertEquals("{\"a\":[1,9,3,12],\"b\":{\"c\":\"text\"}}", reader.open(reference).toJson());
    }

    @Test
    void removesAndKeepsTheOrder() {
        create();
        json("{\"a\":[0,1,2,3],\"b\":1,\"c\":2,\"d\":3}");
        daemon.commit(
                () -> {
                    assertTrue(document.remove("a[1]"));
                    assertTrue(document.remove("a[0]"));
                    assertTrue(document.remove("b"));
                    assertFalse(document.remove("x.y"));
                    assertFalse(document.remove("a[2]"));
                });
        assertEquals("{\"a\":[2,3],\"c\":2,\"d\":3}", document.toJson());
    }

    @Test
    void findsEveryKeyOfALargeTable() {
        final DocumentPath table = DocumentPath.of("t");
        create();
        daemon.commit(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        document.putLong(table.key("key " + i), i);
                    }
                });
        daemon.commit(
                () -> {
                    for (int i = 0; i < 100; i += 3) {
                        assertTrue(document.remove(table.key("key " + i)));
                    }
                });
        for (int i = 0; i < 100; i++) {
            assertEquals(i % 3 == 0 ? -1 : i, document.getLong(table.key("key " + i), -1));
        }
    }

    @Test
    void stepsIntoSomethingElseAreRefused() {
        create();
        json("{\"a\":1,\"b\":[1]}");
        daemon.journal().begin();
        final Exception blocked =
                assertThrows(IllegalStateException.class, () -> document.putLong("a.b", 1));
        assertTrue(blocked.getMessage().contains("a.b: step 1 meets a LONG"), blocked.toString());
        assertThrows(IndexOutOfBoundsException.class, () -> document.putLong("b[3]", 1));
        assertThrows(IndexOutOfBoundsException.class, () -> document.putLong("new[1]", 1));
        assertThrows(IllegalStateException.class, () -> document.getLong("b", 1));
        assertThrows(IllegalArgumentException.class, () -> document.putLong("$bytes", 1));
        assertThrows(
                IllegalArgumentException.class, () -> document.putText("t", "half \ud800 a pair"));
        daemon.journal().commit();
        assertEquals("{\"a\":1,\"b\":[1]}", document.toJson());
    }

    @Test
    void aDocumentThatIsFullSaysSoAndIsUnchanged() {
        create();
        json("{\"a\":\"kept\"}");
        final String before = document.toJson();
        daemon.journal().begin();
        final int most = DocumentLayout.listEntries(512) * DocumentLayout.body(512);
        final Exception full =
                assertThrows(
                        StructureFullException.class,
                        () -> document.putText("b", "x".repeat(most)));
        assertTrue(full.getMessage().contains("\"orders.blockBytes\""), full.toString());
        assertEquals(before, document.toJson());
        daemon.journal().commit();
        assertEquals(before, document.toJson());
    }

    @Test
    void aPoolThatIsFullSaysSoAndChangesNothing() {
        final long[] references = new long[64];
        int count = 0;
        daemon.journal().begin();
        while (count < 60) {
            references[count++] = document.create();
        }
        daemon.journal().commit();
        document.open(references[0]);
        daemon.journal().begin();
        final StructureFullException full =
                assertThrows(
                        StructureFullException.class,
                        () -> document.putText("b", "x".repeat(5000)));
        assertTrue(full.getMessage().contains("\"orders\""), full.toString());
        assertEquals("{}", document.toJson());
        daemon.journal().commit();
        // What the refused change had taken is free from the commit on.
        daemon.commit(() -> document.putText("b", "small"));
        assertEquals("{\"b\":\"small\"}", document.toJson());
        assertEquals(61, daemon.pool().size());
    }

    @Test
    void isCompactedByItselfAndReadersGoOn() {
        final long reference = create();
        json("{\"a\":{\"b\":{\"n\":0}},\"text\":\"stays\"}");
        reader.open(reference);
        for (int i = 1; i <= 2000; i++) {
            final long value = i;
            daemon.commit(() -> document.putLong("a.b.n", value));
            assertEquals(value, reader.getLong("a.b.n", -1));
        }
        assertEquals("stays", reader.text("text"));
        assertTrue(daemon.pool().highWater() <= 4, "blocks " + daemon.pool().highWater());
    }

    @Test
    void aReturnToASavepointSurvivesCompactionsBeforeAndAfterIt() {
        for (int before = 0; before < 8; before++) {
            create();
            json("{\"a\":\"" + "x".repeat(1500) + "\"}");
            daemon.journal().begin();
            for (int i = 0; i < before; i++) {
                document.putText("a", "y".repeat(1200));
            }
            final String atSavepoint = document.toJson();
            final int savepoint = daemon.journal().savepoint();
            for (int i = 0; i < 5; i++) {
                document.putText("a", "z".repeat(i % 2 == 0 ? 1 : 1300));
            }
            daemon.journal().rollbackTo(savepoint);
            assertEquals(atSavepoint, document.toJson());
            daemon.journal().commit();
            assertEquals(atSavepoint, document.toJson());
            daemon.commit(document::release);
        }
    }

    @Test
    void aReadingSeesOneVersionOverManyCommits() {
        final long reference = create();
        json("{\"a\":0,\"b\":0}");
        final int[] runs = new int[1];
        reader.open(reference)
                .read(
                        values -> {
                            final long first = values.getLong("a", -1);
                            if (runs[0]++ == 0) {
                                daemon.commit(
                                        () -> {
                                            document.putLong("a", 1);
                                            document.putLong("b", 1);
                                        });
                            }
                            assertEquals(first, values.getLong("b", -1));
                        });
        assertEquals(1, runs[0]);
    }

    @Test
    void aReadingThatACompactionOvertakesIsRunAgain() {
        final long reference = create();
        json("{\"a\":0,\"b\":0}");
        final int[] runs = new int[1];
        reader.open(reference)
                .read(
                        values -> {
                            final long first = values.getLong("a", -1);
                            for (int i = 0; i < 100 && runs[0] == 0; i++) {
                                final long value = i;
                                daemon.commit(
                                        () -> {
                                            document.putLong("a", value);
                                            document.putLong("b", value);
                                        });
                            }
                            runs[0]++;
                            assertEquals(first, values.getLong("b", -1));
                        });
        assertEquals(2, runs[0]);
    }

    @Test
    void aStaleReferenceIsAnError() {
        final long reference = create();
        reader.open(reference);
        daemon.commit(document::release);
        assertThrows(ArenaException.class, () -> reader.getLong("a", 0));
        assertThrows(ArenaException.class, () -> reader.open(reference));
        assertThrows(ArenaException.class, () -> document.open(reference));
        final long next = create();
        assertEquals(DocumentLayout.block(reference), DocumentLayout.block(next));
        assertThrows(ArenaException.class, () -> reader.open(reference));
        assertThrows(IllegalArgumentException.class, () -> reader.open(0));
        assertThrows(IllegalArgumentException.class, () -> reader.open(1L << 32 | 64));
        daemon.journal().begin();
        document.release();
        assertThrows(ArenaException.class, () -> document.getLong("a", 0));
        daemon.journal().rollback();
        assertEquals("{}", document.open(next).toJson());
    }

    @Test
    void copiesAValueOfAnotherDocumentAndOfItself() {
        final long first = create();
        json("{\"a\":{\"b\":[1,\"two\",{\"three\":3.5}]},\"k\":{\"$bytes\":\"AQID\"}}");
        final Document other = daemon.pool().flyweight();
        reader.open(first);
        daemon.journal().begin();
        other.create();
        other.putCopy(DocumentPath.of("x.y"), document, DocumentPath.of("a"));
        other.putCopy(DocumentPath.of("x.z"), reader, DocumentPath.of("k"));
        other.putCopy(DocumentPath.of("self"), other, DocumentPath.of("x"));
        daemon.journal().commit();
        final String x = "{\"y\":{\"b\":[1,\"two\",{\"three\":3.5}]},\"z\":{\"$bytes\":\"AQID\"}}";
        assertEquals("{\"x\":" + x + ",\"self\":" + x + "}", other.toJson());
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        daemon.commit(
                                () ->
                                        other.putCopy(
                                                DocumentPath.ROOT,
                                                document,
                                                DocumentPath.of("nowhere"))));
        daemon.journal().rollback();
    }

    @Test
    void walksOverArraysAndTables() {
        create();
        json("{\"lines\":[{\"n\":1},{\"n\":2}],\"t\":{\"k1\":\"v1\",\"k2\":\"v2\"}}");
        final DocumentCursor cursor = document.cursor();
        final DocumentPath n = DocumentPath.of("n");
        long sum = 0;
        for (boolean at = cursor.first(DocumentPath.of("lines")); at; at = cursor.next()) {
            sum += cursor.getLong(n, 0);
        }
        assertEquals(3, sum);
        final UnsafeBuffer text = new UnsafeBuffer(new byte[100]);
        final StringBuilder seen = new StringBuilder();
        for (boolean at = cursor.first(DocumentPath.of("t")); at; at = cursor.next()) {
            seen.append(string(text, cursor.key(text, 0)));
            seen.append(string(text, cursor.getText(DocumentPath.ROOT, text, 0)));
        }
        assertEquals("k1v1k2v2", seen.toString());
        assertFalse(cursor.first(DocumentPath.of("nowhere")));
    }

    private static String string(final UnsafeBuffer text, final int length) {
        return text.getStringWithoutLengthUtf8(0, length);
    }

    @Test
    void takesUtf8Only() {
        create();
        final byte[] wrong = {'a', (byte) 0xC0, (byte) 0x80};
        daemon.journal().begin();
        assertThrows(
                IllegalArgumentException.class,
                () -> document.putText(DocumentPath.of("a"), new UnsafeBuffer(wrong), 0, 3));
        final byte[] right = "€ \ud83c\udf32".getBytes(StandardCharsets.UTF_8);
        document.putText(DocumentPath.of("a"), new UnsafeBuffer(right), 0, right.length);
        daemon.journal().commit();
        assertEquals("€ \ud83c\udf32", document.text("a"));
    }

    @Test
    void whatTheJournalSaysWasChangedIsAllThatWasChanged() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        final Random random = new Random(seed);
        try (TestArena copy = new TestArena(of.bytes())) {
            copy.setImage(0, arena.image());
            final Journal journal = daemon.journal();
            journal.addListener(
                    new JournalListener() {
                        @Override
                        public void onCommit() {
                            journal.forEachChange(
                                    (offset, length) ->
                                            copy.setImage(offset, arena.image(offset, length)));
                        }

                        @Override
                        public void onRollback() {
                            // Nothing was changed.
                        }
                    });
            final long reference = create();
            ModelValue model = ModelValue.table();
            for (int round = 0; round < 400; round++) {
                final ModelValue.Way way = model.anywhere(random);
                final Object value = new ModelValue.Scalar(Integer.toString(round));
                final ModelValue.Way old = model.existing(random);
                final boolean removes = old != null && random.nextBoolean();
                daemon.commit(
                        () -> {
                            ModelValue.put(document, DocumentPath.of("gone"), value, random);
                            final int savepoint = journal.savepoint();
                            document.putText("gone", "y".repeat(random.nextInt(400)));
                            journal.rollbackTo(savepoint);
                            document.remove("gone");
                            if (removes) {
                                document.remove(old.path());
                            } else {
                                ModelValue.put(document, way.path(), value, random);
                            }
                        });
                model = removes ? model.without(old) : model.with(way, value);
                // Who holds a block is no transaction's: the pool's words are changed at once.
                final long head = of.places(arena.memory()).offset(0) - of.poolAt;
                copy.setImage(of.poolAt, arena.image(of.poolAt, head));
                assertEquals(
                        model.json(),
                        of.reader(copy.memory()).open(reference).toJson(),
                        "-Dcoppice.seed=" + seed);
            }
        }
    }
}
