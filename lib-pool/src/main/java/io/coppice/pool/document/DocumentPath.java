package io.coppice.pool.document;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where a value lies in a document: {@code customer.address.city}, {@code lines[3].amount}, {@code
 * "a.b"[0]}. Keys with a dot, a bracket, a quote or a backslash, and the empty key, stand in double
 * quotes, where a backslash takes the next character as it is. {@code []} is the place behind the
 * last value of an array: a put there appends. The empty path is the whole document.
 *
 * <p>Made once, used often: looking up by a path allocates nothing. Immutable; for any thread.
 */
public final class DocumentPath {
    /** The whole document. */
    public static final DocumentPath ROOT =
            new DocumentPath("", new byte[0][], new int[0], new long[0], false);

    /** The place behind the last value of an array. */
    static final int APPEND = -1;

    /** The key that says in JSON that bytes follow. */
    static final String BYTES_KEY = "$bytes";

    private static final int KEY = -2;
    private static final int FNV_BASIS = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;
    private static final int BYTE_MASK = 0xff;
    private static final int HASH_SHIFT = 15;
    private static final int DECIMAL = 10;

    private final String text;
    private final byte[][] keys;
    private final UnsafeBuffer[] buffers;
    private final int[] places;
    private final long[] words;
    private final boolean reserved;

    private DocumentPath(
            final String text,
            final byte[][] keys,
            final int[] places,
            final long[] words,
            final boolean reserved) {
        this.text = text;
        this.keys = keys;
        this.places = places;
        this.words = words;
        this.reserved = reserved;
        this.buffers = new UnsafeBuffer[keys.length];
        for (int i = 0; i < keys.length; i++) {
            buffers[i] = keys[i] == null ? null : new UnsafeBuffer(keys[i]);
        }
    }

    /**
     * Reads a path.
     *
     * @throws IllegalArgumentException where it is none; the message says where
     */
    public static DocumentPath of(final CharSequence path) {
        DocumentPath result = ROOT;
        int at = 0;
        while (at < path.length()) {
            if (path.charAt(at) == '[') {
                final int close = indexOf(path, ']', at);
                if (close < 0) {
                    throw wrong(path, at, "a bracket that is not closed");
                }
                result = close == at + 1 ? result.append() : result.index(number(path, at, close));
                at = close + 1;
                continue;
            }
            if (at > 0 && path.charAt(at) != '.') {
                throw wrong(path, at, "a dot or a bracket comes here");
            }
            at += at > 0 ? 1 : 0;
            final StringBuilder key = new StringBuilder();
            at = readKey(path, at, key);
            result = result.key(key);
        }
        return result;
    }

    /**
     * Returns the path of a value of the table here.
     *
     * @throws IllegalArgumentException where the key is longer than {@link
     *     DocumentLayout#KEY_BYTES_MAX} bytes or no text, or the path too deep
     */
    public DocumentPath key(final CharSequence key) {
        final Utf8 utf8 = new Utf8();
        final int length = utf8.encode(key);
        requireKeyLength(length);
        final byte[] bytes = new byte[length];
        utf8.buffer().getBytes(0, bytes);
        final String quoted = isBare(key) ? key.toString() : quote(key);
        return with(text.isEmpty() ? quoted : text + "." + quoted, bytes, KEY, word(bytes, length));
    }

    /** Returns the path of a value of the array here, from 0. */
    public DocumentPath index(final int index) {
        if (index < 0) {
            throw new IllegalArgumentException("an array has no place " + index);
        }
        return with(text + "[" + index + "]", null, index, 0);
    }

    /** Returns the path of the place behind the last value of the array here. */
    public DocumentPath append() {
        return with(text + "[]", null, APPEND, 0);
    }

    /** Returns how many steps there are, 0 to {@link DocumentLayout#DEPTH_MAX}. */
    public int steps() {
        return places.length;
    }

    /** Returns the path as {@link #of} reads it. */
    @Override
    public String toString() {
        return text;
    }

    /** Returns whether a key on the way has another use in JSON. */
    boolean isReserved() {
        return reserved;
    }

    boolean isKey(final int step) {
        return places[step] == KEY;
    }

    /** Returns the place in an array, or {@link #APPEND}. */
    int place(final int step) {
        return places[step];
    }

    UnsafeBuffer key(final int step) {
        return buffers[step];
    }

    /** Returns the length and the hash of a key, as they lie in an entry. */
    long word(final int step) {
        return words[step];
    }

    static long word(final byte[] key, final int length) {
        int hash = FNV_BASIS;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ key[i] & BYTE_MASK) * FNV_PRIME;
        }
        // The low bits choose the slot, and the last byte of a key alone would decide them.
        hash ^= hash >>> HASH_SHIFT;
        return (long) hash << Integer.SIZE | length;
    }

    static void requireKeyLength(final int bytes) {
        if (bytes > DocumentLayout.KEY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a key of "
                            + bytes
                            + " bytes, a document's have at most "
                            + DocumentLayout.KEY_BYTES_MAX);
        }
    }

    private DocumentPath with(
            final String newText, final byte[] key, final int place, final long word) {
        final int count = places.length;
        if (count == DocumentLayout.DEPTH_MAX) {
            throw new IllegalArgumentException(
                    "path " + newText + ": deeper than " + DocumentLayout.DEPTH_MAX);
        }
        final byte[][] newKeys = java.util.Arrays.copyOf(keys, count + 1);
        final int[] newPlaces = java.util.Arrays.copyOf(places, count + 1);
        final long[] newWords = java.util.Arrays.copyOf(words, count + 1);
        newKeys[count] = key;
        newPlaces[count] = place;
        newWords[count] = word;
        final boolean isReserved =
                key != null && BYTES_KEY.equals(new String(key, StandardCharsets.UTF_8));
        return new DocumentPath(newText, newKeys, newPlaces, newWords, reserved || isReserved);
    }

    private static int readKey(final CharSequence path, final int from, final StringBuilder key) {
        if (from < path.length() && path.charAt(from) == '"') {
            return readQuoted(path, from, key);
        }
        int at = from;
        while (at < path.length() && isBare(path.charAt(at))) {
            key.append(path.charAt(at++));
        }
        if (at == from) {
            throw wrong(path, from, "a key is missing");
        }
        return at;
    }

    private static int readQuoted(
            final CharSequence path, final int from, final StringBuilder key) {
        for (int at = from + 1; at < path.length(); at++) {
            char c = path.charAt(at);
            if (c == '"') {
                return at + 1;
            }
            if (c == '\\' && ++at < path.length()) {
                c = path.charAt(at);
            }
            key.append(c);
        }
        throw wrong(path, from, "a quote that is not closed");
    }

    private static int number(final CharSequence path, final int open, final int close) {
        long number = 0;
        for (int i = open + 1; i < close; i++) {
            final char c = path.charAt(i);
            if (c < '0' || c > '9' || number > DocumentLayout.ENTRIES_MAX) {
                throw wrong(
                        path, i, "an index below " + DocumentLayout.ENTRIES_MAX + " comes here");
            }
            number = number * DECIMAL + c - '0';
        }
        return (int) number;
    }

    private static int indexOf(final CharSequence text, final char wanted, final int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isBare(final char c) {
        return c != '.' && c != '[' && c != ']' && c != '"' && c != '\\';
    }

    private static boolean isBare(final CharSequence key) {
        for (int i = 0; i < key.length(); i++) {
            if (!isBare(key.charAt(i))) {
                return false;
            }
        }
        return key.length() > 0;
    }

    private static String quote(final CharSequence key) {
        final StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < key.length(); i++) {
            final char c = key.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }

    private static IllegalArgumentException wrong(
            final CharSequence path, final int at, final String what) {
        return new IllegalArgumentException("path " + path + ", character " + at + ": " + what);
    }
}
