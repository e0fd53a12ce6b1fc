package io.coppice.pool.schema;

import java.util.HexFormat;
import org.agrona.MutableDirectBuffer;

/**
 * Reads the value of a field from text and stores it: what {@link RecordPrinter#value} printed, or
 * what a person or a JSON line says. Whatever it cannot store exactly it refuses, except digits of
 * a fraction beyond the precision of its type.
 *
 * <p>Through a buffer that writes through the journal an import is undone as a whole. Allocates.
 * For any thread.
 */
public final class FieldText {
    /** What is quoted in an error is cut, so that it stays one line. */
    private static final int QUOTED_MOST = 40;

    private FieldText() {}

    /**
     * Stores a value into the record that begins at {@code index}.
     *
     * @throws IllegalArgumentException where the text is not of the field's type or does not fit:
     *     the message names the field and what is wrong; nothing is stored
     */
    public static void put(
            final RecordField field,
            final String value,
            final MutableDirectBuffer buffer,
            final int index) {
        final int at = index + field.offset();
        switch (field.type()) {
            case LONG -> buffer.putLong(at, integer(field, value, Long.MIN_VALUE, Long.MAX_VALUE));
            case INT ->
                    buffer.putInt(
                            at, (int) integer(field, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case SHORT ->
                    buffer.putShort(
                            at, (short) integer(field, value, Short.MIN_VALUE, Short.MAX_VALUE));
            case BYTE ->
                    buffer.putByte(
                            at, (byte) integer(field, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case DOUBLE -> buffer.putDouble(at, doubleOf(field, value));
            case FLOAT -> buffer.putFloat(at, floatOf(field, value));
            case BOOLEAN -> buffer.putByte(at, (byte) (isTrue(field, value) ? 1 : 0));
            case TEXT -> ((TextField) field).put(buffer, index, value);
            case BYTES -> buffer.putBytes(at, hex(field, value));
        }
    }

    private static long integer(
            final RecordField field, final String value, final long least, final long most) {
        if (!isInteger(value)) {
            throw refused(field, value, "is no whole number");
        }
        try {
            final long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (final NumberFormatException beyond) {
            // It is digits, so it is only too far out: the same answer as for the smaller types.
        }
        throw refused(field, value, "is not between " + least + " and " + most);
    }

    private static double doubleOf(final RecordField field, final String value) {
        requireNumber(field, value);
        final double number = Double.parseDouble(value);
        if (Double.isInfinite(number) && !isNamed(value)) {
            throw refused(field, value, "is beyond what a double holds");
        }
        return number;
    }

    private static float floatOf(final RecordField field, final String value) {
        requireNumber(field, value);
        final float number = Float.parseFloat(value);
        if (Float.isInfinite(number) && !isNamed(value)) {
            throw refused(field, value, "is beyond what a float holds");
        }
        return number;
    }

    private static boolean isTrue(final RecordField field, final String value) {
        if (value.equals("true") || value.equals("false")) {
            return value.equals("true");
        }
        throw refused(field, value, "is neither true nor false");
    }

    private static byte[] hex(final RecordField field, final String value) {
        final String digits = 2 * field.bytes() + " hexadecimal digits";
        if (value.length() != 2 * field.bytes()) {
            throw refused(field, value, "has " + value.length() + " characters, not " + digits);
        }
        try {
            return HexFormat.of().parseHex(value);
        } catch (final IllegalArgumentException noHex) {
            throw refused(field, value, "is not " + digits);
        }
    }

    private static boolean isInteger(final String value) {
        final int start = value.startsWith("-") ? 1 : 0;
        return start < value.length() && digitsEnd(value, start) == value.length();
    }

    /**
     * The grammar of JSON but for leading zeroes: what Java also takes for a number, such as {@code
     * 1d}, {@code 0x1p3} or blanks around it, is most likely a slip.
     */
    private static void requireNumber(final RecordField field, final String value) {
        if (isNamed(value)) {
            return;
        }
        int at = value.startsWith("-") ? 1 : 0;
        int end = digitsEnd(value, at);
        boolean whole = end > at;
        if (whole && end < value.length() && value.charAt(end) == '.') {
            at = end + 1;
            end = digitsEnd(value, at);
            whole = end > at;
        }
        if (whole && end < value.length() && (value.charAt(end) | ' ') == 'e') {
            at = end + 1;
            at += at < value.length() && "+-".indexOf(value.charAt(at)) >= 0 ? 1 : 0;
            end = digitsEnd(value, at);
            whole = end > at;
        }
        if (!whole || end != value.length()) {
            throw refused(field, value, "is no number");
        }
    }

    private static boolean isNamed(final String value) {
        return value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity");
    }

    private static int digitsEnd(final String value, final int from) {
        int at = from;
        while (at < value.length() && value.charAt(at) >= '0' && value.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static IllegalArgumentException refused(
            final RecordField field, final String value, final String why) {
        final StringBuilder quoted = new StringBuilder();
        final boolean cut = value.length() > QUOTED_MOST;
        JsonText.append(quoted, cut ? value.substring(0, QUOTED_MOST) + "..." : value);
        return new IllegalArgumentException(
                "field \"" + field.name() + "\" (" + field.typeText() + "): " + quoted + " " + why);
    }
}
