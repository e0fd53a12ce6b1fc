package io.coppice.root.manifest;

/** Makes values of a manifest safe to print: one line, bounded, nothing a terminal would act on. */
final class Quoted {
    private static final int CHARS_MAX = 60;

    private Quoted() {}

    /**
     * The text in double quotes, escaped as JSON would, cut after {@value #CHARS_MAX} characters.
     */
    static String text(final String text) {
        return '"' + cut(text, true) + '"';
    }

    /** The text without quotes, escaped, whole. */
    static String bare(final String text) {
        final StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> append(line, codePoint, false));
        return line.toString();
    }

    /** The text without quotes, escaped, cut after {@value #CHARS_MAX} characters. */
    static String bareCut(final String text) {
        return cut(text, false);
    }

    /**
     * A value as an error line shows it: scalars as they stand in the file, the rest by its kind.
     */
    static String value(final Node node) {
        switch (node.kind()) {
            case STRING:
                return text(node.text());
            case OBJECT:
                return "an object";
            case ARRAY:
                return "an array";
            default:
                return bareCut(node.text());
        }
    }

    private static String cut(final String text, final boolean quotes) {
        final StringBuilder line = new StringBuilder(CHARS_MAX + 8);
        int index = 0;
        while (index < text.length() && index < CHARS_MAX) {
            final int codePoint = text.codePointAt(index);
            append(line, codePoint, quotes);
            index += Character.charCount(codePoint);
        }
        if (index < text.length()) {
            line.append("...");
        }
        return line.toString();
    }

    private static void append(
            final StringBuilder line, final int codePoint, final boolean quotes) {
        if (codePoint == '\n') {
            line.append("\\n");
        } else if (codePoint == '\t') {
            line.append("\\t");
        } else if (codePoint == '\r') {
            line.append("\\r");
        } else if (quotes && (codePoint == '"' || codePoint == '\\')) {
            line.append('\\').append((char) codePoint);
        } else if (isPrintable(codePoint)) {
            line.appendCodePoint(codePoint);
        } else {
            for (final char unit : Character.toChars(codePoint)) {
                line.append(String.format("\\u%04x", (int) unit));
            }
        }
    }

    private static boolean isPrintable(final int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
            case Character.SURROGATE:
            case Character.UNASSIGNED:
            case Character.PRIVATE_USE:
                return false;
            default:
                return true;
        }
    }
}
