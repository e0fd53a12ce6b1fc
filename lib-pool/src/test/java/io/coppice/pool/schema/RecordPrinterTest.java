package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.TestArena;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RecordPrinterTest {
    private static final long SEED = 7;
    private static final RecordSchema ALL = Schemas.all();

    private final UnsafeBuffer record = new UnsafeBuffer(new byte[ALL.bytes()]);
    private final RecordPrinter printer = new RecordPrinter(ALL);

    @Test
    void printsEveryTypeAsTextAndAsJson() {
        put("long", "-9223372036854775808");
        put("int", "2147483647");
        put("short", "-3");
        put("byte", "4");
        put("boolean", "true");
        put("double", "0.1");
        put("float", "1E10");
        put("text", "Ann");
        put("bytes", "00ff10a5b7");
        assertEquals(
                "long=-9223372036854775808 int=2147483647 short=-3 byte=4 boolean=true double=0.1"
                        + " float=1.0E10 text=\"Ann\" bytes=00ff10a5b7",
                printer.text(record, 0));
        assertEquals(
                "{\"long\":-9223372036854775808,\"int\":2147483647,\"short\":-3,\"byte\":4,"
                        + "\"boolean\":true,\"double\":0.1,\"float\":1.0E10,\"text\":\"Ann\","
                        + "\"bytes\":\"00ff10a5b7\"}",
                printer.json(record, 0));
        assertEquals(
                List.of(
                        "long", "int", "short", "byte", "boolean", "double", "float", "text",
                        "bytes"),
                printer.names());
    }

    @Test
    void printsAsTextWhatJsonHasNoNumberFor() {
        put("double", "NaN");
        put("float", "-Infinity");
        assertTrue(
                printer.json(record, 0).contains("\"double\":\"NaN\",\"float\":\"-Infinity\""),
                printer.json(record, 0));
        assertTrue(printer.text(record, 0).contains("double=NaN float=-Infinity"));
    }

    @Test
    void escapesWhatCouldEndALineOrMoveACursor() {
        assertEquals("\"a\\\"b\\\\c\"", json("a\"b\\c"));
        assertEquals("\"\\n\\r\\t\\b\\f\"", json("\n\r\t\b\f"));
        assertEquals("\"\\u0001\\u001b\\u007f\\u0085\"", json("\u0001\u001b\u007f\u0085"));
        assertEquals("\"\\u2028\\u2029\\u202e\"", json("\u2028\u2029\u202e"));
        assertEquals("\"zażółć 😀\"", json("zażółć 😀"));
        assertEquals("\"\\ud800x\\udc00\"", json("\ud800x\udc00"));
        assertEquals("\"\"", json(""));
    }

    @Test
    void printsTextThatIsNotUtf8InOneLineToo() {
        final TextField text = ALL.textField("text");
        for (int i = 0; i < text.bytes(); i++) {
            record.putByte(text.offset() + i, (byte) 0xff);
        }
        assertTrue(
                printer.json(record, 0).contains("\"text\":\"" + "\ufffd".repeat(10) + "\""),
                printer.json(record, 0));
    }

    @Test
    void printsRandomBytesInOneLineOfPlainCharacters() {
        final Random random = new Random(SEED);
        for (int round = 0; round < 5000; round++) {
            final RecordSchema schema = Schemas.random(random);
            final byte[] bytes = new byte[schema.bytes()];
            random.nextBytes(bytes);
            final RecordPrinter any = new RecordPrinter(schema);
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            for (final String line : List.of(any.text(buffer, 0), any.json(buffer, 0))) {
                assertFalse(
                        line.chars().anyMatch(Character::isISOControl),
                        () -> "seed " + SEED + ": " + line);
            }
        }
    }

    @Test
    void refusesARecordThatIsNotInMemory() {
        try (TestArena arena = new TestArena(128)) {
            assertEquals(
                    "record \"account\" at offset 89 is not within 128 bytes",
                    assertThrows(
                                    ArenaException.class,
                                    () ->
                                            new RecordPrinter(Schemas.account())
                                                    .json(arena.memory(), 89))
                            .getMessage());
            assertEquals(
                    "balance=0 owner=\"\"",
                    new RecordPrinter(Schemas.account()).text(arena.memory(), 88));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> printer.text(record, 1));
    }

    /** Export and import must lose nothing. */
    @Test
    void whatIsPrintedIsReadBackToTheSameBytes() {
        final Random random = new Random(SEED);
        for (int round = 0; round < 5000; round++) {
            final RecordSchema schema = Schemas.random(random);
            final UnsafeBuffer from = new UnsafeBuffer(new byte[schema.bytes()]);
            final UnsafeBuffer to = new UnsafeBuffer(new byte[schema.bytes()]);
            for (final RecordField field : schema.fields()) {
                fill(random, field, from);
                FieldText.put(field, RecordPrinter.value(field, from, 0), to, 0);
            }
            final int where = round;
            assertEquals(
                    new RecordPrinter(schema).json(from, 0),
                    new RecordPrinter(schema).json(to, 0),
                    () -> "seed " + SEED + ", round " + where);
            assertEquals(from, to, () -> "seed " + SEED + ", round " + where);
        }
    }

    private static void fill(
            final Random random, final RecordField field, final UnsafeBuffer buffer) {
        switch (field.type()) {
            case TEXT -> {
                final StringBuilder text = new StringBuilder();
                final int length = random.nextInt(field.bytes() + 1) / 3;
                for (int i = 0; i < length; i++) {
                    text.append((char) (1 + random.nextInt(0xd7ff)));
                }
                ((TextField) field).put(buffer, 0, text.toString());
            }
            case BOOLEAN -> buffer.putByte(field.offset(), (byte) random.nextInt(2));
            // A NaN has many forms, and is printed as one.
            case DOUBLE -> buffer.putDouble(field.offset(), random.nextGaussian() * 1e300);
            case FLOAT -> buffer.putFloat(field.offset(), (float) (random.nextGaussian() * 1e-40));
            default -> {
                for (int i = 0; i < field.bytes(); i++) {
                    buffer.putByte(field.offset() + i, (byte) random.nextInt());
                }
            }
        }
    }

    private void put(final String field, final String value) {
        FieldText.put(ALL.field(field), value, record, 0);
    }

    private static String json(final String text) {
        final StringBuilder out = new StringBuilder();
        JsonText.append(out, text);
        return out.toString();
    }
}
