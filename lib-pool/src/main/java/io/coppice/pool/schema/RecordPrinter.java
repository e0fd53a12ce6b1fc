package io.coppice.pool.schema;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Prints records by field name, given nothing but their schema and their bytes: as text, {@code
 * balance=42 owner="Ann"}, and as JSON, {@code {"balance":42,"owner":"Ann"}}, both in one line
 * whatever the bytes are. Bytes are printed as hexadecimal digits; what JSON has no number for is
 * the text {@code "NaN"}, {@code "Infinity"} or {@code "-Infinity"}. {@link FieldText} reads all of
 * it back, except text that was not UTF-8.
 *
 * <p>A record that its writer is changing may be printed half old, half new; who minds copies it
 * out by the means of its structure first. Allocates. For any thread.
 */
public final class RecordPrinter {
    private static final char[] HEX_DIGITS = "0123456789abcdef".toCharArray();
    private static final int DIGIT_BITS = 4;
    private static final int DIGIT_MASK = 0xf;

    private final RecordSchema schema;

    /** Prints records of a schema. */
    public RecordPrinter(final RecordSchema schema) {
        this.schema = schema;
    }

    /** Returns the record at {@code offset} of a mapped range as text. */
    public String text(final Memory memory, final long offset) {
        return text(record(memory, offset), 0);
    }

    /** Returns the record at {@code index} as text. */
    public String text(final DirectBuffer buffer, final int index) {
        final StringBuilder out = new StringBuilder();
        appendText(out, buffer, index);
        return out.toString();
    }

    /** Appends the record at {@code index} as text. */
    public void appendText(final StringBuilder out, final DirectBuffer buffer, final int index) {
        buffer.boundsCheck(index, schema.bytes());
        String separator = "";
        for (final RecordField field : schema.fields()) {
            out.append(separator).append(field.name()).append('=');
            appendValue(out, field, buffer, index, false);
            separator = " ";
        }
    }

    /** Returns the record at {@code offset} of a mapped range as a JSON object. */
    public String json(final Memory memory, final long offset) {
        return json(record(memory, offset), 0);
    }

    /** Returns the record at {@code index} as a JSON object. */
    public String json(final DirectBuffer buffer, final int index) {
        final StringBuilder out = new StringBuilder();
        appendJson(out, buffer, index);
        return out.toString();
    }

    /** Appends the record at {@code index} as a JSON object. */
    public void appendJson(final StringBuilder out, final DirectBuffer buffer, final int index) {
        buffer.boundsCheck(index, schema.bytes());
        char separator = '{';
        for (final RecordField field : schema.fields()) {
            out.append(separator);
            JsonText.append(out, field.name());
            out.append(':');
            appendValue(out, field, buffer, index, true);
            separator = ',';
        }
        out.append('}');
    }

    /**
     * Returns the value of one field of the record at {@code index}, as {@link FieldText} reads.
     */
    public static String value(
            final RecordField field, final DirectBuffer buffer, final int index) {
        if (field instanceof final TextField text) {
            return text.get(buffer, index);
        }
        final StringBuilder out = new StringBuilder();
        appendValue(out, field, buffer, index, false);
        return out.toString();
    }

    private DirectBuffer record(final Memory memory, final long offset) {
        if (offset < 0 || offset > memory.bytes() - schema.bytes()) {
            throw new ArenaException(
                    "record \""
                            + schema.name()
                            + "\" at offset "
                            + offset
                            + " is not within "
                            + memory.bytes()
                            + " bytes");
        }
        return memory.reader(offset, schema.bytes());
    }

    private static void appendValue(
            final StringBuilder out,
            final RecordField field,
            final DirectBuffer buffer,
            final int index,
            final boolean json) {
        final int at = index + field.offset();
        switch (field.type()) {
            case LONG -> out.append(buffer.getLong(at));
            case INT -> out.append(buffer.getInt(at));
            case SHORT -> out.append(buffer.getShort(at));
            case BYTE -> out.append(buffer.getByte(at));
            case DOUBLE -> {
                final double value = buffer.getDouble(at);
                appendNumber(out, Double.toString(value), json && !Double.isFinite(value));
            }
            case FLOAT -> {
                final float value = buffer.getFloat(at);
                appendNumber(out, Float.toString(value), json && !Float.isFinite(value));
            }
            case BOOLEAN -> out.append(buffer.getByte(at) != 0);
            case TEXT -> JsonText.append(out, ((TextField) field).get(buffer, index));
            case BYTES -> {
                final String quote = json ? "\"" : "";
                out.append(quote);
                appendHex(out, buffer, at, field.bytes());
                out.append(quote);
            }
        }
    }

    private static void appendNumber(
            final StringBuilder out, final String number, final boolean quoted) {
        if (quoted) {
            out.append('"').append(number).append('"');
        } else {
            out.append(number);
        }
    }

    private static void appendHex(
            final StringBuilder out, final DirectBuffer buffer, final int at, final int bytes) {
        for (int i = at; i < at + bytes; i++) {
            final byte b = buffer.getByte(i);
            out.append(HEX_DIGITS[b >> DIGIT_BITS & DIGIT_MASK]).append(HEX_DIGITS[b & DIGIT_MASK]);
        }
    }

    /** Returns the names of what is printed, in its order: the head of a table. */
    public List<String> names() {
        return schema.fields().stream().map(RecordField::name).toList();
    }
}
