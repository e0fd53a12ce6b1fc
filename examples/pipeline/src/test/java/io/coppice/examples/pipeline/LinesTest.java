package io.coppice.examples.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What is done with a line, in however many parts it comes. */
class LinesTest {
    private final TextCounts counts = new TextCounts(new UnsafeBuffer(new byte[TextCounts.BYTES]));

    @Test
    void numbersAndCapitals() {
        final UnsafeBuffer into = new UnsafeBuffer(new byte[64]);
        final UnsafeBuffer line = text("Häuser, z{`");
        final int prefix = TransformDaemon.number(into, Long.MAX_VALUE);
        assertEquals(LineMessage.PREFIX_BYTES_MAX, prefix);
        final int end = TransformDaemon.capitals(line, 0, line.capacity(), into, prefix);
        assertEquals("9223372036854775807\tHäUSER, Z{`", into.getStringWithoutLengthUtf8(0, end));
    }

    @Test
    void aWordInTwoPartsIsOne() {
        part("one tw", false);
        part("o three", true);
        part("", true);
        part(" \tfour\r", true);
        assertEquals(3, counts.lines());
        assertEquals(4, counts.words());
        assertEquals(13, counts.longestBytes());
    }

    @Test
    void aWordEndsWithItsLine() {
        part("one", true);
        part("two", true);
        assertEquals(2, counts.words());
        assertEquals(3, counts.longestBytes());
    }

    private void part(final String text, final boolean isLast) {
        counts.count(text(text), 0, text(text).capacity(), isLast);
    }

    private static UnsafeBuffer text(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
