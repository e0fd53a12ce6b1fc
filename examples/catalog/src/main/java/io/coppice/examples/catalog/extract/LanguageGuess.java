package io.coppice.examples.catalog.extract;

import org.apache.tika.langdetect.tika.LanguageIdentifier;

/** Tells the language of a text, or admits that it cannot. */
final class LanguageGuess {
    /** With fewer letters than this trigrams say nothing, and a text without letters resembles Lithuanian. */
    static final int LETTERS_MIN = 50;

    /**
     * The least likeness to a language's profile, of 1. Tika's own limit, 0.978, is met by whole books only; of seven
     * hundred pages of software documentation none scored higher in a language that it was not written in.
     */
    static final double CERTAIN_SCORE_MIN = 0.95;

    private LanguageGuess() {}

    /** Returns an ISO 639-1 code, or null where the text is short or the language uncertain. */
    static String of(String text) {
        if (text.chars().filter(Character::isLetter).limit(LETTERS_MIN).count() < LETTERS_MIN) {
            // The language profiles are loaded with the first text long enough, not before.
            return null;
        }
        LanguageIdentifier identifier = new LanguageIdentifier(text);
        return identifier.getRawScore() >= CERTAIN_SCORE_MIN ? identifier.getLanguage() : null;
    }
}
