package io.coppice.examples.catalog;

import io.coppice.examples.catalog.extract.Extraction;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages for tests. */
final class Documents {
    static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private Documents() {}

    /** A message as the ring holds it. */
    record Message(int type, UnsafeBuffer payload) {}

    static Message begin(final long runId) {
        return run(CatalogMessage.BEGIN, runId);
    }

    static Message end(final long runId) {
        return run(CatalogMessage.END, runId);
    }

    static Message ok(final String path, final Extraction found) {
        final UnsafeBuffer reply = new UnsafeBuffer(new byte[ExtractReply.BYTES_MAX]);
        final int length = ExtractReply.encode(reply, found);
        return document(
                DocumentOutcome.OK, 1, 0, path, new UnsafeBuffer(reply, 0, length), NOTHING);
    }

    static Message ok(final String path, final String mediaType, final long bytes) {
        return ok(path, new Extraction(mediaType, bytes, 5, "title", null, "en", SHA256));
    }

    static Message failed(final String path, final String detail) {
        final UnsafeBuffer text = new UnsafeBuffer(detail.getBytes(StandardCharsets.UTF_8));
        return document(DocumentOutcome.FAILED, 1, 0, path, NOTHING, text);
    }

    static Message died(final String path, final DocumentOutcome outcome, final int exitStatus) {
        return document(outcome, 2, exitStatus, path, NOTHING, NOTHING);
    }

    /** Reads a message back. */
    static DocumentResult result(final Message message) {
        return CatalogMessage.decodeDocument(message.payload(), 0);
    }

    private static Message run(final int type, final long runId) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES]);
        CatalogMessage.encodeRun(payload, runId);
        return new Message(type, payload);
    }

    private static Message document(
            final DocumentOutcome outcome,
            final int attempts,
            final int exitStatus,
            final String path,
            final UnsafeBuffer reply,
            final UnsafeBuffer detail) {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[CatalogMessage.BYTES_MAX]);
        final int length =
                CatalogMessage.encodeDocument(
                        message,
                        outcome,
                        attempts,
                        exitStatus,
                        path.getBytes(StandardCharsets.UTF_8),
                        reply,
                        detail);
        return new Message(CatalogMessage.DOCUMENT, new UnsafeBuffer(message, 0, length));
    }
}
