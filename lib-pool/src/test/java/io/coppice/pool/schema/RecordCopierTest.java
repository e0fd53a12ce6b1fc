package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RecordCopierTest {
    private final UnsafeBuffer from = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer to = new UnsafeBuffer(new byte[256]);

    @Test
    void widensWhatFitsExactlyAndZeroesWhatIsNew() {
        final RecordSchema before =
                RecordSchema.builder("r")
                        .byteField("a")
                        .shortField("b")
                        .intField("c")
                        .floatField("d")
                        .intField("e")
                        .byteField("f")
                        .text("g", 4)
                        .bytes("h", 3)
                        .booleanField("i")
                        .longField("gone")
                        .longField("same")
                        .build();
        final RecordSchema after =
                RecordSchema.builder("r")
                        .text("g", 8)
                        .longField("same")
                        .shortField("a")
                        .intField("b")
                        .longField("c")
                        .doubleField("d")
                        .doubleField("e")
                        .floatField("f")
                        .bytes("h", 5)
                        .booleanField("i")
                        .longField("fresh")
                        .build();
        final String[] values = {
            "-128",
            "-32768",
            "-2147483648",
            "-0.1",
            "2147483647",
            "-7",
            "Añn",
            "010203",
            "true",
            "1",
            "-9223372036854775808"
        };
        for (int i = 0; i < values.length; i++) {
            FieldText.put(before.fields().get(i), values[i], from, 16);
        }
        Arrays.fill(to.byteArray(), (byte) -1);
        final RecordCopier copier = RecordSchema.copier(before, after);
        copier.copy(from, 16, to, 8);
        assertEquals(
                "g=\"Añn\" same=-9223372036854775808 a=-128 b=-32768 c=-2147483648"
                        + " d=-0.10000000149011612 e=2.147483647E9 f=-7.0 h=0102030000 i=true"
                        + " fresh=0",
                new RecordPrinter(after).text(to, 8));
        assertEquals(List.of("gone"), copier.dropped());
        assertEquals(List.of("fresh"), copier.added());
        assertEquals(-1, to.getByte(7));
        assertEquals(-1, to.getByte(8 + after.bytes()));
        // The gap between "i" and "fresh" as well, or two equal records would not be equal bytes.
        final int gap = 8 + after.booleanField("i").offset() + 1;
        assertEquals(0, to.getByte(gap));
    }

    @Test
    void refusesWhateverWouldLoseSomething() {
        refuses(one().longField("x"), one().intField("x"), "long is wider than int");
        refuses(one().shortField("x"), one().byteField("x"), "short is wider than byte");
        refuses(one().longField("x"), one().doubleField("x"), "double does not hold every long");
        refuses(one().intField("x"), one().floatField("x"), "float does not hold every int");
        refuses(one().doubleField("x"), one().floatField("x"), "double is wider than float");
        refuses(one().doubleField("x"), one().longField("x"), "double does not become long");
        refuses(one().booleanField("x"), one().byteField("x"), "boolean does not become byte");
        refuses(one().text("x", 9), one().text("x", 8), "text of 9 bytes would be cut to 8");
        refuses(one().bytes("x", 9), one().bytes("x", 8), "9 bytes would be cut to 8");
        refuses(one().text("x", 8), one().bytes("x", 8), "text of 8 bytes does not become 8 bytes");
        refuses(one().longField("x"), one().text("x", 8), "long does not become text of 8 bytes");
    }

    @Test
    void storesNothingWhereARecordIsNotWhole() {
        final RecordSchema account = Schemas.account();
        final RecordCopier copier = RecordSchema.copier(account, account);
        assertThrows(IndexOutOfBoundsException.class, () -> copier.copy(from, 220, to, 0));
        Arrays.fill(to.byteArray(), (byte) -1);
        assertThrows(IndexOutOfBoundsException.class, () -> copier.copy(from, 0, to, 220));
        assertEquals(-1, to.getByte(220));
    }

    private static RecordSchemaBuilder one() {
        return RecordSchema.builder("r");
    }

    private static void refuses(
            final RecordSchemaBuilder before, final RecordSchemaBuilder after, final String why) {
        assertEquals(
                "record \"r\": field \"x\" cannot be copied: " + why,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> RecordSchema.copier(before.build(), after.build()))
                        .getMessage());
    }
}
