package io.coppice.examples.catalog.extract;

/** Cuts text without cutting a character in two. */
final class Text {
    private Text() {}

    /** Returns at most {@code charsMax} UTF-16 units of the text, ending on a code point boundary. */
    static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        boolean split =
                Character.isHighSurrogate(text.charAt(charsMax - 1))
                        && Character.isLowSurrogate(text.charAt(charsMax));
        return text.substring(0, split ? charsMax - 1 : charsMax);
    }
}
