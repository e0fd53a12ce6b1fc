package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {
    private static final RecordSchema ALL = Schemas.all();

    @Test
    void placesFieldsAtTheNextMultipleOfTheirSize() {
        final RecordSchema schema =
                RecordSchema.builder("r")
                        .byteField("a")
                        .longField("b")
                        .shortField("c")
                        .intField("d")
                        .text("e", 3)
                        .floatField("f")
                        .booleanField("g")
                        .doubleField("h")
                        .bytes("i", 5)
                        .build();
        final int[] offsets = {0, 8, 16, 20, 24, 28, 32, 40, 48};
        for (int i = 0; i < offsets.length; i++) {
            assertEquals(
                    offsets[i], schema.fields().get(i).offset(), schema.fields().get(i).name());
        }
        assertEquals(56, schema.bytes());
        assertEquals(40, schema.doubleField("h").offset());
        assertEquals("r of 56 bytes: a, b, c, d, e, f, g, h, i", schema.toString());
    }

    @Test
    void isTheSameFromAStructAsFromTheBuilder() {
        final RecordSchema built =
                RecordSchema.builder("account")
                        .longField("balance")
                        .text("owner", 32)
                        .intField("kind")
                        .build();
        final RecordSchema declared =
                RecordSchema.of(
                        MemoryLayout.structLayout(
                                        ValueLayout.JAVA_LONG.withName("balance"),
                                        RecordSchema.textLayout(32).withName("owner"),
                                        ValueLayout.JAVA_INT.withName("kind"))
                                .withName("account"));
        assertEquals(48, declared.bytes());
        assertEquals(built.fingerprint(), declared.fingerprint());
        assertNull(declared.describeDifference(built));
    }

    @Test
    void comesBackFromItsOwnStruct() {
        final RecordSchema again = RecordSchema.of(ALL.layout());
        assertEquals(ALL.fields(), again.fields());
        assertEquals(ALL.name(), again.name());
        assertEquals(ALL.bytes(), ALL.layout().byteSize());
        for (final RecordField field : ALL.fields()) {
            assertEquals(
                    field.offset(),
                    ALL.layout().byteOffset(PathElement.groupElement(field.name())));
        }
    }

    @Test
    void refusesStructsItCannotKeep() {
        assertEquals(
                "record \"record\": the member at offset 0 has no name",
                refusalOf(ValueLayout.JAVA_LONG));
        final String rest =
                " at offset 0 is no little-endian long, int, short, byte, double, float or boolean,"
                        + " and no text or bytes";
        assertEquals(
                "record \"record\": c2(x)" + rest, refusalOf(ValueLayout.JAVA_CHAR.withName("x")));
        assertEquals(
                "record \"record\": a8(x)" + rest, refusalOf(ValueLayout.ADDRESS.withName("x")));
        assertEquals(
                "record \"record\": J8(x)" + rest,
                refusalOf(ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN).withName("x")));
        assertEquals(
                "record \"record\": [2:i4](x)" + rest,
                refusalOf(MemoryLayout.sequenceLayout(2, ValueLayout.JAVA_INT).withName("x")));
        assertEquals(
                "record \"record\": field \"x\" (int at 1) is not aligned to 4",
                refusalOf(
                        ValueLayout.JAVA_BYTE.withName("b"),
                        ValueLayout.JAVA_INT_UNALIGNED.withName("x")));
        assertEquals(
                "record \"record\": 0 fields; a record has 1 to 256",
                refusalOf(MemoryLayout.paddingLayout(8)));
        assertEquals(
                "record \"record\" has more than 16777216 bytes",
                refusalOf(MemoryLayout.paddingLayout(1L << 33)));
        assertEquals(
                "record \"record\": field \"x\" is there twice",
                refusalOf(
                        ValueLayout.JAVA_LONG.withName("x"), ValueLayout.JAVA_LONG.withName("x")));
    }

    @Test
    void refusesNamesAndSizesThatCannotBeKeptOrPrinted() {
        final String rule =
                ": a name has 1 to 63 bytes of UTF-8 and no blank, control, \", \\, = or /";
        for (final String bad :
                new String[] {"", "a b", "a=b", "a/b", "n".repeat(64), "\u20ac".repeat(22)}) {
            assertEquals(
                    "record \"r\": field \""
                            + bad.substring(0, Math.min(63, bad.length()))
                            + "\""
                            + rule,
                    refusal(() -> RecordSchema.builder("r").longField(bad).build()));
        }
        assertEquals(
                "record \"?[2J\"" + rule,
                refusal(() -> RecordSchema.builder("\u001b[2J").longField("a").build()));
        RecordSchema.builder("r").longField("\u20ac".repeat(21)).build();
        assertEquals(
                "field \"t\": 0 bytes; a field has 1 to 16777216",
                refusal(() -> RecordSchema.builder("r").text("t", 0)));
        assertEquals(
                "record \"r\": field \"u\" ends beyond 16777216 bytes",
                refusal(() -> RecordSchema.builder("r").bytes("t", 1 << 24).text("u", 1)));
        final RecordSchemaBuilder many = RecordSchema.builder("r");
        for (int i = 0; i < 256; i++) {
            many.byteField("f" + i);
        }
        assertEquals(256, many.build().bytes());
        assertEquals(
                "record \"r\": 257 fields; a record has 1 to 256",
                refusal(() -> many.byteField("one").build()));
    }

    @Test
    void givesHandlesOfTheRightTypeOnly() {
        assertEquals("long", ALL.longField("long").name());
        assertEquals(
                "record \"all\": field \"text\" is text of 10 bytes, not long",
                refusal(() -> ALL.longField("text")));
        assertEquals(
                "record \"all\": field \"bytes\" is 5 bytes, not text",
                refusal(() -> ALL.textField("bytes")));
        assertEquals(
                "record \"account\" has no field \"x\", only balance, owner",
                refusal(() -> Schemas.account().intField("x")));
    }

    /** What is written here is in arenas: it must never change. */
    @Test
    void hasTheSameFingerprintInEveryJvm() {
        assertEquals(0xcbf29ce484222325L, hash(""));
        assertEquals(0xaf63dc4c8601ec8cL, hash("a"));
        assertEquals(0x85944171f73967e8L, hash("foobar"));
        assertEquals(
                "01070200"
                        + "28000000"
                        + "00070000"
                        + "00000000"
                        + "08000000"
                        + "62616c616e6365"
                        + "07050000"
                        + "08000000"
                        + "20000000"
                        + "6f776e6572"
                        + "6163636f756e74",
                HexFormat.of().formatHex(Schemas.account().encode()));
        assertEquals(0x6be647c485153f70L, Schemas.account().fingerprint());
    }

    @Test
    void countsTheNamesOfFieldsAndNotThatOfTheRecord() {
        final RecordSchema a = RecordSchema.builder("a").longField("x").build();
        assertEquals(
                a.fingerprint(), RecordSchema.builder("b").longField("x").build().fingerprint());
        assertNull(a.describeDifference(RecordSchema.builder("bb").longField("x").build()));
        assertNotEquals(
                a.fingerprint(), RecordSchema.builder("a").longField("y").build().fingerprint());
    }

    @Test
    void saysHowItDiffersFromAnother() {
        final RecordSchema account =
                RecordSchema.builder("account").longField("balance").text("owner", 40).build();
        final RecordSchema limited =
                RecordSchema.builder("account")
                        .longField("balance")
                        .text("owner", 40)
                        .longField("limit")
                        .build();
        assertEquals(
                "record grew from 48 to 56 bytes: field \"limit\" (long at 48) is new",
                limited.describeDifference(account));
        assertEquals(
                "record shrank from 56 to 48 bytes: field \"limit\" (long at 48) is gone",
                account.describeDifference(limited));
        assertEquals(
                "record of 48 bytes changed: field \"balance\" is called \"amount\" now",
                RecordSchema.builder("account")
                        .longField("amount")
                        .text("owner", 40)
                        .build()
                        .describeDifference(account));
        assertEquals(
                "record of 48 bytes changed: field \"owner\" moved from 8 to 0, field \"balance\""
                        + " moved from 0 to 40",
                RecordSchema.builder("account")
                        .text("owner", 40)
                        .longField("balance")
                        .build()
                        .describeDifference(account));
        assertEquals(
                "record of 48 bytes changed: field \"balance\" was long at 0, is double at 0",
                RecordSchema.builder("account")
                        .doubleField("balance")
                        .text("owner", 40)
                        .build()
                        .describeDifference(account));
        assertEquals(
                "record shrank from 48 to 8 bytes: field \"a\" (byte at 0) is new, field \"b\""
                        + " (byte at 1) is new, field \"c\" (byte at 2) is new and 2 more",
                RecordSchema.builder("account")
                        .byteField("a")
                        .byteField("b")
                        .byteField("c")
                        .build()
                        .describeDifference(account));
    }

    @Test
    void saysThatOnlyPaddingDiffers() {
        final RecordSchema padded =
                RecordSchema.of(
                        MemoryLayout.structLayout(
                                ValueLayout.JAVA_LONG.withName("x"),
                                MemoryLayout.paddingLayout(8)));
        assertEquals(
                "record grew from 8 to 16 bytes: only the padding differs",
                padded.describeDifference(RecordSchema.builder("r").longField("x").build()));
    }

    private static long hash(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Fnv1a.add(Fnv1a.BASIS, bytes, 0, bytes.length);
    }

    private static String refusalOf(final MemoryLayout... members) {
        return refusal(() -> RecordSchema.of(MemoryLayout.structLayout(members)));
    }

    private static String refusal(final Runnable action) {
        return assertThrows(IllegalArgumentException.class, action::run).getMessage();
    }
}
