package io.coppice.examples.catalog;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Paths as the kernel knows them: bytes, whatever the locale. The JDK turns text into bytes, and
 * back, by the locale's encoding, in which not every name can be said; only its URIs carry the
 * bytes unchanged.
 */
final class RawPath {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final String UNESCAPED = "-._~/";
    private static final int HEX_RADIX = 16;
    private static final int ESCAPE_CHARS = 3;

    private RawPath() {}

    /**
     * Returns the path of absolute path bytes; none mean the root folder.
     *
     * @throws IllegalArgumentException where they hold a zero byte, which no path can
     */
    static Path toPath(final byte[] absolute) {
        final StringBuilder uri = new StringBuilder("file://");
        for (final byte each : absolute) {
            final char unit = (char) (each & 0xff);
            if (unit < 0x80 && (isAsciiLetterOrDigit(unit) || UNESCAPED.indexOf(unit) >= 0)) {
                uri.append(unit);
            } else {
                appendEscape(uri, each);
            }
        }
        return Path.of(
                URI.create(absolute.length == 0 ? uri.append('/').toString() : uri.toString()));
    }

    /** Appends {@code %XX}. */
    static void appendEscape(final StringBuilder text, final byte value) {
        text.append('%').append(HEX[value >> 4 & 0xf]).append(HEX[value & 0xf]);
    }

    /** Returns the bytes of a path, absolute and without a slash at the end: none for the root. */
    static byte[] absoluteBytes(final Path path) {
        final byte[] bytes = unescape(path.toUri().getRawPath());
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == '/') {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Returns the bytes of the last name of a path. */
    static byte[] nameBytes(final Path path) {
        final byte[] bytes = absoluteBytes(path);
        int start = bytes.length;
        while (start > 0 && bytes[start - 1] != '/') {
            start--;
        }
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    /**
     * Returns the path that a text means, relative to the current folder; text is UTF-8 here,
     * whatever the locale.
     *
     * @throws IllegalArgumentException where it holds a zero character
     */
    static Path ofText(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final boolean absolute = bytes.length > 0 && bytes[0] == '/';
        return toPath(absolute ? bytes : join(absoluteBytes(Path.of("")), bytes));
    }

    /** Returns a folder's bytes, a slash, and what lies below the folder. */
    static byte[] join(final byte[] folder, final byte[] below) {
        final byte[] joined = Arrays.copyOf(folder, folder.length + 1 + below.length);
        joined[folder.length] = '/';
        System.arraycopy(below, 0, joined, folder.length + 1, below.length);
        return joined;
    }

    private static byte[] unescape(final String escaped) {
        final byte[] bytes = new byte[escaped.length()];
        int length = 0;
        int at = 0;
        while (at < escaped.length()) {
            if (escaped.charAt(at) == '%') {
                bytes[length++] =
                        (byte) Integer.parseInt(escaped, at + 1, at + ESCAPE_CHARS, HEX_RADIX);
                at += ESCAPE_CHARS;
            } else {
                bytes[length++] = (byte) escaped.charAt(at++);
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static boolean isAsciiLetterOrDigit(final char unit) {
        return unit >= 'a' && unit <= 'z'
                || unit >= 'A' && unit <= 'Z'
                || unit >= '0' && unit <= '9';
    }
}
