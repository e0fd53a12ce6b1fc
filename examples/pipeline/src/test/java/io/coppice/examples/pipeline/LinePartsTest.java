package io.coppice.examples.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines come in parts, and every beginning of a part is a place to go on from. */
class LinePartsTest {
    private static final int PART_BYTES = 4;

    @TempDir Path folder;

    @Test
    void splitsLinesWhereTheyAreTooLong() throws IOException {
        assertEquals(List.of("abc|", "|", "de|"), parts("abc\n\nde"));
        assertEquals(
                List.of("abcd|", "abcd", "e|", "abcd", "efgh|"), parts("abcd\nabcde\nabcdefgh\n"));
        assertEquals(List.of("abcd|"), parts("abcd"));
        assertEquals(List.of(), parts(""));
        assertEquals(List.of("|"), parts("\n"));
    }

    @Test
    void goesOnWhereverAPartBegins() throws IOException {
        final Path file = file("abcd\nabcde\n\nabcdefgh\nxyz");
        final List<String> all = parts(file, 0);
        final List<Long> positions = new ArrayList<>();
        try (LineParts lines = LineParts.open(file, 0)) {
            final UnsafeBuffer part = new UnsafeBuffer(new byte[PART_BYTES]);
            do {
                positions.add(lines.positionBytes());
            } while (lines.read(part, PART_BYTES) != LineParts.NOTHING);
        }
        assertEquals(all.size() + 1, positions.size());
        for (int i = 0; i < positions.size(); i++) {
            assertEquals(all.subList(i, all.size()), parts(file, positions.get(i)));
        }
    }

    @Test
    void bytesAbove127AreNoEnd() throws IOException {
        final Path file = folder.resolve("bytes");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0x80, '\n', (byte) 0xff});
        try (LineParts lines = LineParts.open(file, 0)) {
            final UnsafeBuffer part = new UnsafeBuffer(new byte[PART_BYTES]);
            assertEquals(2, lines.read(part, PART_BYTES));
            assertEquals(1, lines.read(part, PART_BYTES));
            assertEquals((byte) 0xff, part.getByte(0));
            assertEquals(LineParts.NOTHING, lines.read(part, PART_BYTES));
        }
    }

    private List<String> parts(final String text) throws IOException {
        return parts(file(text), 0);
    }

    /** Returns the parts; a bar stands for the end of a line. */
    private static List<String> parts(final Path file, final long positionBytes)
            throws IOException {
        final List<String> parts = new ArrayList<>();
        final UnsafeBuffer part = new UnsafeBuffer(new byte[PART_BYTES]);
        try (LineParts lines = LineParts.open(file, positionBytes)) {
            int length = lines.read(part, PART_BYTES);
            while (length != LineParts.NOTHING) {
                parts.add(
                        part.getStringWithoutLengthAscii(0, length)
                                + (lines.isLineEnded() ? "|" : ""));
                length = lines.read(part, PART_BYTES);
            }
        }
        return parts;
    }

    private Path file(final String text) throws IOException {
        return Files.writeString(folder.resolve("text"), text, StandardCharsets.US_ASCII);
    }
}
