package io.coppice.examples.catalog.extract;

import org.apache.tika.langdetect.tika.LanguageIdentifier;

/** Tells the language of a text, or admits that it cannot. */
final class LanguageGuess {
    /** Below this many UTF-16 units trigrams say nothing. */
    static final int TEXT_CHARS_MIN = 50;

    private LanguageGuess() {}

    /** Returns an ISO 639-1 code, or null where the text is short or the language uncertain. */
    static String of(String text) {
        if (text.length() < TEXT_CHARS_MIN) {
            // The language profiles are loaded with the first text long enough, not before.
            return null;
        }
        LanguageIdentifier identifier = new LanguageIdentifier(text);
        return identifier.isReasonablyCertain() ? identifier.getLanguage() : null;
    }
}
