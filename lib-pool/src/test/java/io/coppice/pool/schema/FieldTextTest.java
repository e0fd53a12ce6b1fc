package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FieldTextTest {
    private static final RecordSchema ALL = Schemas.all();

    private final UnsafeBuffer record = new UnsafeBuffer(new byte[ALL.bytes()]);

    @Test
    void readsNumbersToTheEndsOfTheirRanges() {
        assertEquals("-9223372036854775808", back("long", "-9223372036854775808"));
        assertEquals("9223372036854775807", back("long", "9223372036854775807"));
        assertEquals("-2147483648", back("int", "-2147483648"));
        assertEquals("-32768", back("short", "-32768"));
        assertEquals("127", back("byte", "127"));
        assertEquals("7", back("long", "007"));
        assertEquals("-1.5E-7", back("double", "-1.5e-7"));
        assertEquals("1.7976931348623157E308", back("double", "1.7976931348623157e+308"));
        assertEquals("3.0", back("float", "3"));
        assertEquals("NaN", back("double", "NaN"));
        assertEquals("-Infinity", back("float", "-Infinity"));
        assertEquals("false", back("boolean", "false"));
        assertEquals("a b=\"c\"", back("text", "a b=\"c\""));
        assertEquals("00aBfF0102".toLowerCase(java.util.Locale.ROOT), back("bytes", "00aBfF0102"));
    }

    @Test
    void saysWhichFieldWasGivenWhat() {
        refuses("long", "12x", "field \"long\" (long): \"12x\" is no whole number");
        refuses("long", "", "field \"long\" (long): \"\" is no whole number");
        refuses("long", "-", "field \"long\" (long): \"-\" is no whole number");
        refuses("long", "+1", "field \"long\" (long): \"+1\" is no whole number");
        refuses("long", " 1", "field \"long\" (long): \" 1\" is no whole number");
        refuses("long", "1.0", "field \"long\" (long): \"1.0\" is no whole number");
        refuses("long", "\u0661", "field \"long\" (long): \"\u0661\" is no whole number");
        refuses(
                "long",
                "9223372036854775808",
                "field \"long\" (long): \"9223372036854775808\" is not between"
                        + " -9223372036854775808 and 9223372036854775807");
        refuses(
                "int",
                "2147483648",
                "field \"int\" (int): \"2147483648\" is not between -2147483648 and 2147483647");
        refuses(
                "short",
                "32768",
                "field \"short\" (short): \"32768\" is not between -32768 and 32767");
        refuses("byte", "-129", "field \"byte\" (byte): \"-129\" is not between -128 and 127");
        refuses(
                "double",
                "1e999",
                "field \"double\" (double): \"1e999\" is beyond what a double holds");
        refuses("float", "1e39", "field \"float\" (float): \"1e39\" is beyond what a float holds");
        for (final String slip :
                new String[] {
                    "", "x", "1d", "0x1p3", " 1", "1.", ".5", "1e", "1e+", "--1", "1e5.0", "inf"
                }) {
            refuses("double", slip, "field \"double\" (double): \"" + slip + "\" is no number");
        }
        refuses("boolean", "yes", "field \"boolean\" (boolean): \"yes\" is neither true nor false");
        refuses(
                "bytes",
                "00",
                "field \"bytes\" (5 bytes): \"00\" has 2 characters, not 10 hexadecimal digits");
        refuses(
                "bytes",
                "00112233zz",
                "field \"bytes\" (5 bytes): \"00112233zz\" is not 10 hexadecimal digits");
        refuses(
                "text",
                "more than ten",
                "field \"text\": the text takes 13 bytes of UTF-8, the field has 10");
        refuses(
                "long",
                "\n" + "x".repeat(1000),
                "field \"long\" (long): \"\\n" + "x".repeat(39) + "...\" is no whole number");
    }

    private String back(final String field, final String value) {
        FieldText.put(ALL.field(field), value, record, 0);
        return RecordPrinter.value(ALL.field(field), record, 0);
    }

    private void refuses(final String field, final String value, final String expected) {
        final byte[] before = record.byteArray().clone();
        assertEquals(
                expected,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> FieldText.put(ALL.field(field), value, record, 0))
                        .getMessage());
        assertArrayEquals(before, record.byteArray());
    }
}
