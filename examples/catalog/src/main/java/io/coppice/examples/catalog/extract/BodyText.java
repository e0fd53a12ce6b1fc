package io.coppice.examples.catalog.extract;

import org.xml.sax.helpers.DefaultHandler;

/**
 * Counts the body text of one document and keeps its beginning.
 *
 * <p>Tika would rather hand over all the text as one string; a catalogue needs its length and enough to tell the language.
 */
final class BodyText extends DefaultHandler {
    private final StringBuilder prefix = new StringBuilder();
    private final DocumentLimits limits;
    private long length;

    BodyText(DocumentLimits limits) {
        this.limits = limits;
    }

    /** The number of UTF-16 units seen. */
    long length() {
        return length;
    }

    /** The first {@link DocumentLimits#LANGUAGE_CHARS_MAX} UTF-16 units, or fewer. */
    String prefix() {
        return prefix.toString();
    }

    @Override
    public void characters(char[] text, int start, int count) throws LimitExceededException {
        length += count;
        if (length > DocumentLimits.TEXT_CHARS_MAX) {
            throw limits.exceeded(
                    "more than " + DocumentLimits.TEXT_CHARS_MAX + " characters of text");
        }
        int room = DocumentLimits.LANGUAGE_CHARS_MAX - prefix.length();
        prefix.append(text, start, Math.min(room, count));
    }

    /** What parsers put between paragraphs is not the document's text, but it parts words. */
    @Override
    public void ignorableWhitespace(char[] text, int start, int count) {
        if (prefix.length() < DocumentLimits.LANGUAGE_CHARS_MAX) {
            prefix.append(' ');
        }
    }
}
