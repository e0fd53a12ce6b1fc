package io.coppice.pool.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Reads JSON as RFC 8259 has it and nothing else: no comments, no trailing commas, no leading
 * zeroes, no lone surrogates. Gives the pieces one by one to who knows what may come next. Errors
 * are {@link IllegalArgumentException}s that name line and character, both from 1.
 */
final class JsonReader {
    private static final int QUOTED_MOST = 20;
    private static final int HEX_DIGITS = 4;
    private static final int RADIX = 16;
    private static final int CONTROL_END = 0x20;

    private final CharSequence json;
    private final StringBuilder text = new StringBuilder();
    private int at;
    private double doubleValue;
    private long longValue;

    JsonReader(final CharSequence json) {
        this.json = json;
    }

    /**
     * Returns UTF-8 as characters.
     *
     * @throws IllegalArgumentException where it is none
     */
    static CharSequence decode(final DirectBuffer from, final int index, final int length) {
        final byte[] bytes = new byte[length];
        from.getBytes(index, bytes);
        final ByteBuffer input = ByteBuffer.wrap(bytes);
        final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        try {
            final CharBuffer output = decoder.decode(input);
            return output.toString();
        } catch (final CharacterCodingException malformed) {
            throw new IllegalArgumentException(
                    "JSON: byte " + input.position() + " is not UTF-8", malformed);
        }
    }

    /** Returns the next character that is no white space, which is not passed; 0 at the end. */
    char peek() {
        while (at < json.length() && isSpace(json.charAt(at))) {
            at++;
        }
        return at < json.length() ? json.charAt(at) : 0;
    }

    /** Passes the next character, which must be this one. */
    void expect(final char wanted, final String what) {
        if (peek() != wanted || at == json.length()) {
            throw wrong(what + " comes here");
        }
        at++;
    }

    /** Passes the next character where it is this one; returns whether it was. */
    boolean accept(final char wanted) {
        final boolean there = peek() == wanted && at < json.length();
        at += there ? 1 : 0;
        return there;
    }

    void requireEnd() {
        peek();
        if (at < json.length()) {
            throw wrong("nothing comes after the value");
        }
    }

    /** Passes a word such as true. */
    void word(final String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= json.length() || json.charAt(at + i) != word.charAt(i)) {
                throw wrong("a value comes here");
            }
        }
        at += word.length();
    }

    /** Reads a string, which is good until the next one. */
    CharSequence string() {
        expect('"', "a string");
        text.setLength(0);
        while (true) {
            if (at == json.length()) {
                throw wrong("the string is not closed");
            }
            final char c = json.charAt(at);
            if (c == '"') {
                at++;
                return text;
            }
            if (c < CONTROL_END) {
                throw wrong("a control character in a string must be escaped");
            }
            if (c == '\\') {
                escape();
            } else {
                plain(c);
            }
        }
    }

    private void plain(final char c) {
        if (Character.isSurrogate(c)) {
            if (!Character.isHighSurrogate(c)
                    || at + 1 == json.length()
                    || !Character.isLowSurrogate(json.charAt(at + 1))) {
                throw wrong("half of a surrogate pair is no text");
            }
            text.append(c);
            at++;
        }
        text.append(json.charAt(at++));
    }

    private void escape() {
        final char c = at + 1 < json.length() ? json.charAt(at + 1) : 0;
        switch (c) {
            case '"', '\\', '/' -> text.append(c);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                unicode();
                return;
            }
            default -> throw wrong("no such escape");
        }
        at += 2;
    }

    private void unicode() {
        final char first = hex(at + 2);
        if (!Character.isSurrogate(first)) {
            text.append(first);
            at += 2 + HEX_DIGITS;
            return;
        }
        final int next = at + 2 + HEX_DIGITS;
        final boolean follows =
                Character.isHighSurrogate(first)
                        && next + 1 < json.length()
                        && json.charAt(next) == '\\'
                        && json.charAt(next + 1) == 'u';
        final char second = follows ? hex(next + 2) : 0;
        if (!Character.isLowSurrogate(second)) {
            throw wrong("half of a surrogate pair is no text");
        }
        text.append(first).append(second);
        at = next + 2 + HEX_DIGITS;
    }

    private char hex(final int from) {
        int value = 0;
        for (int i = from; i < from + HEX_DIGITS; i++) {
            final char c = i < json.length() ? json.charAt(i) : 0;
            final int digit = c < CONTROL_END * 4 ? Character.digit(c, RADIX) : -1;
            if (digit < 0) {
                throw wrong("four hexadecimal digits come after \\u");
            }
            value = value * RADIX + digit;
        }
        return (char) value;
    }

    /** Reads a number; returns whether it has no fraction and no exponent. */
    boolean number() {
        final int from = at;
        at += at < json.length() && json.charAt(at) == '-' ? 1 : 0;
        final int first = at;
        digits();
        if (json.charAt(first) == '0' && at > first + 1) {
            at = first;
            throw wrong("a number has no leading zeroes");
        }
        boolean integer = true;
        if (at < json.length() && json.charAt(at) == '.') {
            at++;
            digits();
            integer = false;
        }
        if (at < json.length() && (json.charAt(at) == 'e' || json.charAt(at) == 'E')) {
            at++;
            at += at < json.length() && isSign(json.charAt(at)) ? 1 : 0;
            digits();
            integer = false;
        }
        convert(json.subSequence(from, at).toString(), integer, from);
        return integer;
    }

    private void convert(final String number, final boolean integer, final int from) {
        boolean fits = true;
        if (integer) {
            try {
                longValue = Long.parseLong(number);
            } catch (final NumberFormatException tooLarge) {
                fits = false;
            }
        } else {
            doubleValue = Double.parseDouble(number);
            fits = !Double.isInfinite(doubleValue);
        }
        if (!fits) {
            at = from;
            throw wrong("the number does not fit into 64 bits");
        }
    }

    long longValue() {
        return longValue;
    }

    double doubleValue() {
        return doubleValue;
    }

    private void digits() {
        final int from = at;
        while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
            at++;
        }
        if (at == from) {
            throw wrong("a digit comes here");
        }
    }

    private static boolean isSign(final char c) {
        return c == '+' || c == '-';
    }

    private static boolean isSpace(final char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /** Returns an error at the place that was reached. */
    IllegalArgumentException wrong(final String what) {
        int line = 1;
        int lineFrom = 0;
        for (int i = 0; i < at; i++) {
            if (json.charAt(i) == '\n') {
                line++;
                lineFrom = i + 1;
            }
        }
        final StringBuilder found = new StringBuilder();
        for (int i = at; i < Math.min(json.length(), at + QUOTED_MOST); i++) {
            final char c = json.charAt(i);
            found.append(c < CONTROL_END || c > '~' ? '?' : c);
        }
        return new IllegalArgumentException(
                "JSON, line "
                        + line
                        + ", character "
                        + (at - lineFrom + 1)
                        + ": "
                        + what
                        + (found.length() == 0 ? ", not the end" : ", not " + found));
    }
}
