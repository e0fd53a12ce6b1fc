package io.coppice.examples.catalog;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Raw path bytes for people: UTF-8 where they are, {@code %XX} for each byte that is not. */
final class PathText {
    private PathText() {}

    static String of(final byte[] path) {
        final CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        final ByteBuffer bytes = ByteBuffer.wrap(path);
        final CharBuffer chars = CharBuffer.allocate(path.length);
        final StringBuilder text = new StringBuilder(path.length);
        CoderResult result = decoder.decode(bytes, chars, true);
        while (result.isError()) {
            text.append(chars.flip());
            chars.clear();
            for (int i = 0; i < result.length(); i++) {
                RawPath.appendEscape(text, bytes.get());
            }
            decoder.reset();
            result = decoder.decode(bytes, chars, true);
        }
        return text.append(chars.flip()).toString();
    }
}
