package io.coppice.examples.catalog.extract;

/** placeholder. */
final class WarmUp {
    private WarmUp() {}

    static void run(DocumentExtractor extractor) throws Exception {}
}
