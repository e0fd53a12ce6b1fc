package io.coppice.examples.pipeline;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Counts of lines and words, of lines that come in parts too. All stores belong to the caller's
 * transaction.
 *
 * <pre>
 *   0  lines
 *   8  words         of anything but spaces, tabs and carriage returns
 *  16  longestBytes  of a line, without its end
 *  24  lineBytes     of the line that is not ended yet
 *  32  isInWord      1 where its last byte was one of a word
 *  40  ended         1 once there is no more
 * </pre>
 */
final class TextCounts {
    static final int BYTES = 48;

    private static final int LINES = 0;
    private static final int WORDS = 8;
    private static final int LONGEST_BYTES = 16;
    private static final int LINE_BYTES = 24;
    private static final int IS_IN_WORD = 32;
    private static final int ENDED = 40;

    private final MutableDirectBuffer region;

    TextCounts(final MutableDirectBuffer region) {
        this.region = region;
    }

    void count(final DirectBuffer buffer, final int index, final int length, final boolean isLast) {
        boolean isInWord = region.getLong(IS_IN_WORD) != 0;
        long words = 0;
        for (int i = 0; i < length; i++) {
            final byte each = buffer.getByte(index + i);
            final boolean isOfWord = each != ' ' && each != '\t' && each != '\r';
            words += isOfWord && !isInWord ? 1 : 0;
            isInWord = isOfWord;
        }
        final long lineBytes = region.getLong(LINE_BYTES) + length;
        region.putLong(WORDS, words() + words);
        region.putLong(LONGEST_BYTES, Math.max(longestBytes(), lineBytes));
        region.putLong(LINES, lines() + (isLast ? 1 : 0));
        region.putLong(LINE_BYTES, isLast ? 0 : lineBytes);
        region.putLong(IS_IN_WORD, isInWord && !isLast ? 1 : 0);
    }

    long lines() {
        return region.getLong(LINES);
    }

    long words() {
        return region.getLong(WORDS);
    }

    long longestBytes() {
        return region.getLong(LONGEST_BYTES);
    }

    boolean isEnded() {
        return region.getLong(ENDED) != 0;
    }

    void end() {
        region.putLong(ENDED, 1);
    }
}
