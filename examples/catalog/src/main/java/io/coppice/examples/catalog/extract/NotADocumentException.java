package io.coppice.examples.catalog.extract;

import java.io.IOException;

/** Says that a name in a folder does not lead to a regular file, and so was never opened. */
public final class NotADocumentException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what the name leads to; it never contains a path, so it is the same everywhere
     */
    public NotADocumentException(String message) {
        super(message);
    }
}
