package io.coppice.examples.catalog.extract;

import java.util.Objects;

/**
 * What is known of a document after it was read.
 *
 * @param mediaType the detected media type without parameters, such as {@code text/html}
 * @param bytes the length of the file in bytes, as read for the digest
 * @param textLength the length of the body text in UTF-16 units, embedded documents included
 * @param title the title, at most {@link DocumentExtractor#METADATA_CHARS_MAX} UTF-16 units, or null
 * @param author the first author, bounded like the title, or null
 * @param language the ISO 639-1 code of the text's language, or null where that is not certain
 * @param sha256 the SHA-256 of the whole file, 64 lower-case hexadecimal digits
 */
public record Extraction(
        String mediaType,
        long bytes,
        long textLength,
        String title,
        String author,
        String language,
        String sha256) {

    /** Checks that what every document has is there. */
    public Extraction {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(sha256, "sha256");
        if (bytes < 0 || textLength < 0) {
            throw new IllegalArgumentException("a length below zero");
        }
    }
}
