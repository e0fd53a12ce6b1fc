package io.coppice.examples.catalog.extract;

import org.xml.sax.SAXException;

/** Says that a document needs more of something than this extractor grants to one document. */
public final class LimitExceededException extends SAXException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the limit by name and number
     */
    public LimitExceededException(String message) {
        super(message);
    }
}
