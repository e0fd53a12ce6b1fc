package io.coppice.examples.catalog;

import io.coppice.examples.catalog.extract.Extraction;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What an extraction found.
 *
 * <pre>
 *   0  bytes        of the file
 *   8  textLength   of its text, in UTF-16 units
 *  16  lengths[5]   of mediaType, title, author, language, sha256, in bytes; -1 for null
 *  36  texts        in that order, UTF-8
 * </pre>
 */
final class ExtractReply {
    /** The longest media type in bytes; what is longer is cut. */
    static final int MEDIA_TYPE_BYTES_MAX = 256;

    /** The longest title or author in bytes; what is longer is cut. */
    static final int METADATA_BYTES_MAX = 2048;

    /** The longest language code or digest in bytes; what is longer is cut. */
    static final int CODE_BYTES_MAX = 64;

    private static final int BYTES = 0;
    private static final int TEXT_LENGTH = 8;
    private static final int LENGTHS = 16;
    private static final int TEXTS = 36;
    private static final int NULL_LENGTH = -1;

    private static final int MEDIA_TYPE = 0;
    private static final int TITLE = 1;
    private static final int AUTHOR = 2;
    private static final int LANGUAGE = 3;
    private static final int SHA256 = 4;
    private static final int[] TEXT_BYTES_MAX = {
        MEDIA_TYPE_BYTES_MAX, METADATA_BYTES_MAX, METADATA_BYTES_MAX, CODE_BYTES_MAX, CODE_BYTES_MAX
    };

    /** The longest reply. */
    static final int BYTES_MAX =
            TEXTS + MEDIA_TYPE_BYTES_MAX + 2 * METADATA_BYTES_MAX + 2 * CODE_BYTES_MAX;

    private ExtractReply() {}

    /**
     * Writes a reply to the start of a buffer and returns its length.
     *
     * @throws IndexOutOfBoundsException where it does not fit
     */
    static int encode(final MutableDirectBuffer to, final Extraction found) {
        to.putLong(BYTES, found.bytes());
        to.putLong(TEXT_LENGTH, found.textLength());
        int at = TEXTS;
        at = encodeText(to, at, MEDIA_TYPE, found.mediaType());
        at = encodeText(to, at, TITLE, found.title());
        at = encodeText(to, at, AUTHOR, found.author());
        at = encodeText(to, at, LANGUAGE, found.language());
        return encodeText(to, at, SHA256, found.sha256());
    }

    /** Reads a reply that begins at an index. */
    static Extraction decode(final DirectBuffer from, final int index) {
        final String[] texts = new String[TEXT_BYTES_MAX.length];
        int at = index + TEXTS;
        for (int field = 0; field < texts.length; field++) {
            final int length = from.getInt(index + LENGTHS + field * Integer.BYTES);
            if (length != NULL_LENGTH) {
                final byte[] text = new byte[length];
                from.getBytes(at, text);
                texts[field] = new String(text, StandardCharsets.UTF_8);
                at += length;
            }
        }
        return new Extraction(
                texts[MEDIA_TYPE],
                from.getLong(index + BYTES),
                from.getLong(index + TEXT_LENGTH),
                texts[TITLE],
                texts[AUTHOR],
                texts[LANGUAGE],
                texts[SHA256]);
    }

    private static int encodeText(
            final MutableDirectBuffer to, final int at, final int field, final String text) {
        if (text == null) {
            to.putInt(LENGTHS + field * Integer.BYTES, NULL_LENGTH);
            return at;
        }
        final byte[] bytes = BoundedText.encode(text, TEXT_BYTES_MAX[field]);
        to.putInt(LENGTHS + field * Integer.BYTES, bytes.length);
        to.putBytes(at, bytes);
        return at + bytes.length;
    }
}
