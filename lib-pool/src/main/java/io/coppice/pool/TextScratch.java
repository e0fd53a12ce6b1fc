package io.coppice.pool;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where text and numbers are encoded before they go into shared memory, so that what is stored is
 * one range of known length.
 *
 * <p>It grows to the largest text it has met and is kept, so that a writer in its steady state
 * allocates nothing. For one thread.
 */
final class TextScratch {
    /** Enough for every number, so that only text ever makes it grow. */
    private static final int SMALLEST_BYTES = 64;

    private static final int ONE_BYTE_END = 0x80;
    private static final int TWO_BYTES_END = 0x800;
    private static final int TAIL_BITS = 6;
    private static final int TAIL_MASK = 0x3f;
    private static final int TAIL_MARK = 0x80;
    private static final int TWO_BYTES_MARK = 0xc0;
    private static final int THREE_BYTES_MARK = 0xe0;
    private static final int FOUR_BYTES_MARK = 0xf0;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[SMALLEST_BYTES]);
    private final int capacityBytes;

    /** Makes a scratch that never grows past what its user can store. */
    TextScratch(final int capacityBytes) {
        this.capacityBytes = Math.max(SMALLEST_BYTES, capacityBytes);
    }

    /** Returns the scratch as it is, with at least the room that any number takes. */
    UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * Returns the scratch, grown if need be; the caller has checked that its own capacity allows so
     * many bytes.
     */
    UnsafeBuffer atLeast(final int bytes) {
        if (buffer.capacity() < bytes) {
            final long doubled = Math.max(2L * buffer.capacity(), bytes);
            buffer.wrap(new byte[(int) Math.min(doubled, capacityBytes)]);
        }
        return buffer;
    }

    /** Returns how many bytes of UTF-8 a text takes; a lone surrogate becomes a question mark. */
    static long utf8Bytes(final String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < ONE_BYTE_END) {
                bytes++;
            } else if (c < TWO_BYTES_END) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (isPair(text, i)) {
                bytes += 4;
                i++;
            } else {
                bytes++;
            }
        }
        return bytes;
    }

    /**
     * Encodes a text as {@link String#getBytes} would, to where there is room for {@link
     * #utf8Bytes}.
     */
    static void encodeUtf8(final String text, final UnsafeBuffer to, final int index) {
        int at = index;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < ONE_BYTE_END) {
                to.putByte(at++, (byte) c);
            } else if (c < TWO_BYTES_END) {
                to.putByte(at++, (byte) (TWO_BYTES_MARK | c >> TAIL_BITS));
                to.putByte(at++, tail(c, 0));
            } else if (!Character.isSurrogate(c)) {
                to.putByte(at++, (byte) (THREE_BYTES_MARK | c >> 2 * TAIL_BITS));
                to.putByte(at++, tail(c, 1));
                to.putByte(at++, tail(c, 0));
            } else if (isPair(text, i)) {
                final int point = Character.toCodePoint(c, text.charAt(i + 1));
                to.putByte(at++, (byte) (FOUR_BYTES_MARK | point >> 3 * TAIL_BITS));
                to.putByte(at++, tail(point, 2));
                to.putByte(at++, tail(point, 1));
                to.putByte(at++, tail(point, 0));
                i++;
            } else {
                to.putByte(at++, (byte) '?');
            }
        }
    }

    private static boolean isPair(final String text, final int index) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1));
    }

    private static byte tail(final int point, final int place) {
        return (byte) (TAIL_MARK | point >> place * TAIL_BITS & TAIL_MASK);
    }
}
