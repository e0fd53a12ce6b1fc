package io.coppice.examples.catalog;

import io.coppice.examples.catalog.extract.DocumentExtractor;
import io.coppice.examples.catalog.extract.Extraction;
import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;
import io.coppice.txn.TransactionFailedException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one file. Whatever a parser does to its process, the file is the only one it happens to.
 */
public final class ExtractTransaction implements Transaction {
    private DocumentExtractor extractor;

    /** Made by the runtime. */
    public ExtractTransaction() {}

    @Override
    public void run(final TransactionContext context) throws TransactionFailedException {
        if (context.reply().capacity() < ExtractReply.BYTES_MAX) {
            throw new IllegalArgumentException(
                    "\"reply\" in the manifest is below " + ExtractReply.BYTES_MAX + " bytes");
        }
        final Extraction found;
        try {
            found =
                    extractor()
                            .extract(
                                    RawPath.toPath(
                                            RawPath.join(
                                                    ExtractRequest.folder(context.request()),
                                                    ExtractRequest.path(context.request()))));
        } catch (final OutOfMemoryError exhausted) {
            // The process is not to be trusted any more; its end is the outcome.
            throw exhausted;
        } catch (final Exception | Error failure) {
            // An overflown stack is a failure like any other.
            throw new TransactionFailedException(describe(failure), failure);
        }
        context.replyLength(ExtractReply.encode(context.reply(), found));
    }

    @Override
    public void warmUp() throws Exception {
        extractor().warmUp();
    }

    /** Cut here, since the runtime would cut within a character. */
    static String describe(final Throwable failure) {
        return new String(
                BoundedText.encode(
                        DocumentExtractor.describe(failure), CatalogMessage.DETAIL_BYTES_MAX),
                StandardCharsets.UTF_8);
    }

    /** Made with the first file and not with the process, so that a spare worker costs little. */
    private DocumentExtractor extractor() {
        if (extractor == null) {
            extractor = new DocumentExtractor();
        }
        return extractor;
    }
}
