package io.coppice.pool.schema;

/**
 * Text as a JSON string (RFC 8259, section 7). Beyond what JSON asks for, everything is escaped
 * that could end a line, move a terminal's cursor or turn the direction of its text, since what is
 * printed was written by somebody else.
 */
public final class JsonText {
    private static final int HEX_DIGITS = 4;
    private static final int DIGIT_BITS = 4;
    private static final int DIGIT_MASK = 0xf;
    private static final int RADIX = 16;

    private JsonText() {}

    /** Appends a text in quotes. For any thread. */
    public static void append(final StringBuilder out, final String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (isPlain(text, i)) {
                        out.append(c);
                    } else {
                        appendEscape(out, c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isPlain(final String text, final int index) {
        final char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    private static void appendEscape(final StringBuilder out, final char c) {
        out.append("\\u");
        for (int digit = HEX_DIGITS - 1; digit >= 0; digit--) {
            out.append(Character.forDigit(c >> digit * DIGIT_BITS & DIGIT_MASK, RADIX));
        }
    }
}
