package io.coppice.examples.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text that has to fit into so many bytes of UTF-8. */
final class BoundedText {
    private static final char REPLACEMENT = '\uFFFD';

    private BoundedText() {}

    /**
     * Returns a text in UTF-8, cut before the first character that does not fit whole. Halves of
     * surrogate pairs, which UTF-8 cannot say, become U+FFFD.
     */
    static byte[] encode(final String text, final int bytesMax) {
        final byte[] bytes = withoutLoneSurrogates(text).getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= bytesMax) {
            return bytes;
        }
        int end = bytesMax;
        while (end > 0 && isContinuation(bytes[end])) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** Returns a text with halves of surrogate pairs replaced by U+FFFD. */
    static String withoutLoneSurrogates(final String text) {
        StringBuilder mended = null;
        int at = 0;
        while (at < text.length()) {
            final int point = text.codePointAt(at);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                if (mended == null) {
                    mended = new StringBuilder(text);
                }
                mended.setCharAt(at, REPLACEMENT);
            }
            at += Character.charCount(point);
        }
        return mended == null ? text : mended.toString();
    }

    private static boolean isContinuation(final byte value) {
        return (value & 0xc0) == 0x80;
    }
}
