package io.coppice.pool.document;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * UTF-8 as Unicode defines it (chapter 3, table 3-7): no lone surrogates, no overlong forms. Grows
 * to the longest text it has met and then allocates nothing. For one thread.
 */
final class Utf8 {
    private static final int SMALLEST_BYTES = 256;
    private static final int ONE_BYTE_END = 0x80;
    private static final int TWO_BYTES_END = 0x800;
    private static final int THREE_BYTES_END = 0x10000;
    private static final int TAIL_BITS = 6;
    private static final int TAIL_MASK = 0x3f;
    private static final int TAIL_MARK = 0x80;
    private static final int TAIL_TEST = 0xc0;
    private static final int TWO_BYTES_MARK = 0xc0;
    private static final int THREE_BYTES_MARK = 0xe0;
    private static final int FOUR_BYTES_MARK = 0xf0;
    private static final int BYTES_PER_CHAR_MOST = 3;
    private static final int BYTE_MASK = 0xff;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[SMALLEST_BYTES]);

    /** Returns what was encoded last. */
    UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * Encodes a text into {@link #buffer} from 0 on and returns its length in bytes.
     *
     * @throws IllegalArgumentException where half of a surrogate pair stands alone
     */
    int encode(final CharSequence text) {
        final long most = (long) text.length() * BYTES_PER_CHAR_MOST;
        if (most > DocumentLayout.BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a text of " + text.length() + " characters is longer than any document");
        }
        if (buffer.capacity() < most) {
            buffer.wrap(new byte[(int) Math.max(most, 2L * buffer.capacity())]);
        }
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int point = text.charAt(i);
            if (Character.isSurrogate((char) point)) {
                point = pair(text, i);
                i++;
            }
            at = put(point, at);
        }
        return at;
    }

    private static int pair(final CharSequence text, final int index) {
        final char high = text.charAt(index);
        if (!Character.isHighSurrogate(high)
                || index + 1 == text.length()
                || !Character.isLowSurrogate(text.charAt(index + 1))) {
            throw new IllegalArgumentException(
                    "character "
                            + index
                            + " is half of a surrogate pair, \\u"
                            + Integer.toHexString(high)
                            + ": not text");
        }
        return Character.toCodePoint(high, text.charAt(index + 1));
    }

    private int put(final int point, final int index) {
        int at = index;
        if (point < ONE_BYTE_END) {
            buffer.putByte(at++, (byte) point);
        } else if (point < TWO_BYTES_END) {
            buffer.putByte(at++, (byte) (TWO_BYTES_MARK | point >> TAIL_BITS));
            buffer.putByte(at++, tail(point, 0));
        } else if (point < THREE_BYTES_END) {
            buffer.putByte(at++, (byte) (THREE_BYTES_MARK | point >> 2 * TAIL_BITS));
            buffer.putByte(at++, tail(point, 1));
            buffer.putByte(at++, tail(point, 0));
        } else {
            buffer.putByte(at++, (byte) (FOUR_BYTES_MARK | point >> 3 * TAIL_BITS));
            buffer.putByte(at++, tail(point, 2));
            buffer.putByte(at++, tail(point, 1));
            buffer.putByte(at++, tail(point, 0));
        }
        return at;
    }

    private static byte tail(final int point, final int place) {
        return (byte) (TAIL_MARK | point >> place * TAIL_BITS & TAIL_MASK);
    }

    /** Returns the index of the first byte that is not UTF-8, from 0, or -1 where all are. */
    static int firstWrong(final DirectBuffer text, final int index, final int length) {
        final int end = index + length;
        int at = index;
        while (at < end) {
            final int first = text.getByte(at) & BYTE_MASK;
            final int tails = tails(first);
            if (tails < 0 || tails > end - at - 1) {
                return at - index;
            }
            int point = tails == 0 ? first : first & TAIL_MASK >> tails;
            for (int i = 1; i <= tails; i++) {
                final int next = text.getByte(at + i) & BYTE_MASK;
                if ((next & TAIL_TEST) != TAIL_MARK) {
                    return at - index;
                }
                point = point << TAIL_BITS | next & TAIL_MASK;
            }
            if (!isShortest(point, tails)) {
                return at - index;
            }
            at += 1 + tails;
        }
        return -1;
    }

    private static int tails(final int first) {
        if (first < ONE_BYTE_END) {
            return 0;
        }
        if (first < TWO_BYTES_MARK) {
            return -1;
        }
        if (first < THREE_BYTES_MARK) {
            return 1;
        }
        if (first < FOUR_BYTES_MARK) {
            return 2;
        }
        return first < FOUR_BYTES_MARK + Byte.SIZE ? 3 : -1;
    }

    private static boolean isShortest(final int point, final int tails) {
        return switch (tails) {
            case 0 -> true;
            case 1 -> point >= ONE_BYTE_END;
            case 2 ->
                    point >= TWO_BYTES_END
                            && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
            default -> point >= THREE_BYTES_END && point <= Character.MAX_CODE_POINT;
        };
    }
}
