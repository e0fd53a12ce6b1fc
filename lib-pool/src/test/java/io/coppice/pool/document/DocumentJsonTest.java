package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON in and out. */
class DocumentJsonTest {
    private static final int ROUNDS = 3000;

    private final DocumentsOfTwo of = new DocumentsOfTwo(1 << 18, 64, 4096, 64);
    private final TestArena arena = new TestArena(of.bytes());
    private Side daemon;
    private Document document;

    @BeforeEach
    void layOut() {
        of.layOut(arena.memory());
        daemon = of.attach(arena.memory(), 0);
        document = daemon.pool().flyweight();
        daemon.commit(() -> document.create());
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private String roundTrip(final String json) {
        daemon.commit(() -> document.putJson(DocumentPath.ROOT, json));
        of.assertSound(arena.memory(), json);
        return of.reader(arena.memory()).open(document.reference()).toJson();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "-0.0",
                "12",
                "-9223372036854775808",
                "9223372036854775807",
                "1.5E300",
                "\"\"",
                "\"a\\\"\\\\\\n\\t\\b\\f\\r/\"",
                "[]",
                "{}",
                "[[],{},[{}]]",
                "{\"\":1,\"a.b\":{\"c d\":[null]}}",
                "{\"$bytes\":\"\"}",
                "{\"x\":{\"$bytes\":\"/wD+\"}}"
            })
    void whatIsPrintedIsWhatWasRead(final String json) {
        assertEquals(json, roundTrip(json));
    }

    @Test
    void whiteSpaceAndEscapesAreUnderstood() {
        assertEquals(
                "{\"a\":[1,2.0,\"€🌲/\"]}",
                roundTrip(" {\n\t\"\\u0061\" : [ 1 ,2e0, \"\\u20AC\\ud83c\\udf32\\/\" ] }\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | line 1, character 1: a value comes here, not the end",
                "{\"a\":1,} | line 1, character 8: a string comes here, not }",
                "[1,2 | line 1, character 5: a comma or ] comes here, not the end",
                "[1] 2 | line 1, character 5: nothing comes after the value, not 2",
                "01 | line 1, character 1: a number has no leading zeroes, not 01",
                "1. | line 1, character 3: a digit comes here, not the end",
                "+1 | a value comes here",
                "nul | a value comes here",
                "'a' | a value comes here",
                "\"a | the string is not closed",
                "\"\\x\" | no such escape",
                "\"\\u12\" | four hexadecimal digits come after",
                "\"\\ud83c\" | half of a surrogate pair is no text",
                "\"\\udf32\\ud83c\" | half of a surrogate pair is no text",
                "9223372036854775808 | the number does not fit into 64 bits",
                "1e999 | the number does not fit into 64 bits",
                "{\"a\":1,\"a\":2} | the key a comes twice",
                "{\"$bytes\":\"*\"} | bytes in base64",
                "{\"a\":1,\"$bytes\":\"\"} | stands alone",
                "{\"a\" 1} | a colon comes here",
                "NaN | a value comes here"
            })
    void whatIsNotJsonIsRefusedAndChangesNothing(final String json, final String message) {
        assertEquals("{\"kept\":[1]}", roundTrip("{\"kept\":[1]}"));
        daemon.journal().begin();
        final Exception refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> document.putJson(DocumentPath.ROOT, "[\"before\"," + json));
        assertTrue(refused.getMessage().startsWith("JSON, line 1, character "), json);
        final Exception alone =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> document.putJson(DocumentPath.of("kept[0]"), json));
        assertTrue(alone.getMessage().contains(message), alone.getMessage());
        daemon.journal().commit();
        assertEquals("{\"kept\":[1]}", document.toJson());
        of.assertSound(arena.memory(), json);
    }

    @Test
    void theLineOfAnErrorIsNamed() {
        daemon.journal().begin();
        final Exception refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> document.putJson(DocumentPath.ROOT, "{\n \"a\": 1,\n \"b\": ?\n}"));
        assertEquals(
                "JSON, line 3, character 7: a value comes here, not ??}", refused.getMessage());
        daemon.journal().rollback();
    }

    @Test
    void depthIsBounded() {
        final int most = DocumentLayout.DEPTH_MAX;
        final String deep = "[".repeat(most) + "]".repeat(most);
        assertEquals(deep, roundTrip(deep));
        daemon.journal().begin();
        assertThrows(
                IllegalArgumentException.class,
                () -> document.putJson(DocumentPath.ROOT, "[" + deep + "]"));
        assertThrows(
                IllegalArgumentException.class,
                () -> document.putJson(DocumentPath.of("[0]"), deep));
        daemon.journal().rollback();
        assertEquals(deep, document.toJson());
    }

    @Test
    void whatIsReplacedAgainAndAgainIsCompacted() {
        final String json = "[\"" + "x".repeat(10_000) + "\"]";
        for (int round = 0; round < 200; round++) {
            assertEquals(json, roundTrip(json));
        }
        assertTrue(daemon.pool().highWater() <= 16, "blocks " + daemon.pool().highWater());
    }

    @Test
    void utf8IsRead() {
        final byte[] json = "{\"å\":\"€\"}".getBytes(StandardCharsets.UTF_8);
        daemon.commit(
                () ->
                        document.putJson(
                                DocumentPath.of("in"), new UnsafeBuffer(json), 0, json.length));
        assertEquals("{\"in\":{\"å\":\"€\"}}", document.toJson());
        json[2] = (byte) 0xFF;
        daemon.journal().begin();
        assertThrows(
                IllegalArgumentException.class,
                () -> document.putJson(DocumentPath.ROOT, new UnsafeBuffer(json), 0, json.length));
        daemon.journal().rollback();
    }

    @Test
    void aNumberThatJsonHasNotIsRefusedByThePrinter() {
        daemon.commit(() -> document.putDouble("a", Double.NaN));
        assertThrows(IllegalStateException.class, () -> document.toJson());
        assertTrue(Double.isNaN(document.getDouble("a", 0)));
    }

    @Test
    void randomDocumentsComeBackAsTheyWere() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            final String json = ModelValue.json(ModelValue.random(random));
            assertEquals(json, roundTrip(json), "-Dcoppice.seed=" + seed);
        }
    }
}
