package io.coppice.bench;

import io.coppice.examples.catalog.extract.Extraction;
import java.nio.charset.StandardCharsets;

/** The line of one file as the catalogue has it, for names and texts that are well-formed. */
final class PlainLine {
    private static final int FIRST_PRINTABLE = 0x20;

    private PlainLine() {}

    /** Returns the line of a file that was read, in UTF-8, with its end. */
    static byte[] ok(final String path, final Extraction found) {
        final StringBuilder line = new StringBuilder(512);
        line.append('{');
        text(line, "path", path).append(',');
        text(line, "outcome", "ok").append(',');
        text(line, "mediaType", found.mediaType()).append(',');
        line.append("\"bytes\":").append(found.bytes()).append(',');
        line.append("\"textLength\":").append(found.textLength()).append(',');
        text(line, "title", found.title()).append(',');
        text(line, "author", found.author()).append(',');
        text(line, "language", found.language()).append(',');
        text(line, "sha256", found.sha256()).append(',');
        line.append("\"attempts\":1,\"detail\":null}\n");
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the line of a file that could not be read. */
    static byte[] failed(final String path, final String detail) {
        final StringBuilder line = new StringBuilder(512);
        line.append('{');
        text(line, "path", path).append(',');
        text(line, "outcome", "failed").append(',');
        line.append("\"mediaType\":null,\"bytes\":null,\"textLength\":null,\"title\":null,")
                .append("\"author\":null,\"language\":null,\"sha256\":null,\"attempts\":1,");
        text(line, "detail", detail);
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static StringBuilder text(
            final StringBuilder line, final String key, final String value) {
        line.append('"').append(key).append("\":");
        if (value == null) {
            return line.append("null");
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            final char unit = value.charAt(i);
            if (unit < FIRST_PRINTABLE) {
                line.append(String.format("\\u%04x", (int) unit));
            } else {
                line.append(unit == '"' || unit == '\\' ? "\\" : "").append(unit);
            }
        }
        return line.append('"');
    }
}
