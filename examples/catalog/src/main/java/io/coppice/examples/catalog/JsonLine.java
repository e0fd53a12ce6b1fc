package io.coppice.examples.catalog;

import io.coppice.examples.catalog.extract.Extraction;
import java.nio.charset.StandardCharsets;

/** The catalogue's line of one file: a JSON object with always the same keys. */
final class JsonLine {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int FIRST_PRINTABLE = 0x20;

    private JsonLine() {}

    /** Returns the line in UTF-8, with its end. */
    static byte[] of(final DocumentResult result) {
        final Extraction found = result.extraction();
        final StringBuilder line = new StringBuilder(512);
        line.append('{');
        text(line, "path", PathText.of(result.path()));
        text(line.append(','), "outcome", result.outcome().label());
        text(line.append(','), "mediaType", found == null ? null : found.mediaType());
        number(line.append(','), "bytes", found == null ? null : found.bytes());
        number(line.append(','), "textLength", found == null ? null : found.textLength());
        text(line.append(','), "title", found == null ? null : found.title());
        text(line.append(','), "author", found == null ? null : found.author());
        text(line.append(','), "language", found == null ? null : found.language());
        text(line.append(','), "sha256", found == null ? null : found.sha256());
        number(line.append(','), "attempts", (long) result.attempts());
        text(line.append(','), "detail", result.detail());
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void number(final StringBuilder line, final String key, final Long value) {
        line.append('"').append(key).append("\":").append(value);
    }

    private static void text(final StringBuilder line, final String key, final String value) {
        line.append('"').append(key).append("\":");
        if (value == null) {
            line.append("null");
            return;
        }
        line.append('"');
        final String whole = BoundedText.withoutLoneSurrogates(value);
        for (int i = 0; i < whole.length(); i++) {
            escape(line, whole.charAt(i));
        }
        line.append('"');
    }

    private static void escape(final StringBuilder line, final char unit) {
        if (unit < FIRST_PRINTABLE) {
            line.append("\\u00").append(HEX[unit >> 4]).append(HEX[unit & 0xf]);
        } else {
            if (unit == '"' || unit == '\\') {
                line.append('\\');
            }
            line.append(unit);
        }
    }
}
