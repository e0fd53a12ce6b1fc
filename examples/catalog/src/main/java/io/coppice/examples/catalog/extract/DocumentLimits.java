package io.coppice.examples.catalog.extract;

import org.apache.tika.exception.TikaException;

/**
 * The limits of one document, and the memory of having exceeded one.
 *
 * <p>Parsers forgive exceptions that come out of embedded documents, so a limit that was only thrown could be swallowed on
 * its way out. What is remembered here decides.
 */
final class DocumentLimits {
    /** Body text of a document with all that is embedded in it, in UTF-16 units. */
    static final long TEXT_CHARS_MAX = 50_000_000;

    /** What the language is told from, in UTF-16 units. */
    static final int LANGUAGE_CHARS_MAX = 10_000;

    /** Documents embedded in one document, at whatever depth. */
    static final int EMBEDDED_COUNT_MAX = 10_000;

    /** Documents within documents: an archive in an archive in an archive has depth 2. */
    static final int EMBEDDED_DEPTH_MAX = 6;

    /** Elements within elements: more than the 512 where the HTML parser stops nesting, shallow for every stack. */
    static final int ELEMENT_DEPTH_MAX = 600;

    private Exception exceeded;

    /** Remembers the first limit exceeded and returns the exception to throw. */
    LimitExceededException exceeded(String limit) {
        LimitExceededException exception = new LimitExceededException(limit);
        remember(exception);
        return exception;
    }

    /** Remembers a refusal of Tika's own guard. */
    void remember(Exception refusal) {
        if (exceeded == null) {
            exceeded = refusal;
        }
    }

    /** Whether Tika refused to go on because the output has no proportion to the input. */
    static boolean isBomb(TikaException e) {
        return "Zip bomb detected!".equals(e.getMessage());
    }

    /** Throws what was remembered, if anything was. */
    void check() throws Exception {
        if (exceeded != null) {
            throw exceeded;
        }
    }
}
