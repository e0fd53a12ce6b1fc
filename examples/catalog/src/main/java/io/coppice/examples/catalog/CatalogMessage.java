package io.coppice.examples.catalog;

import io.coppice.examples.catalog.extract.Extraction;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the scan tells the catalogue: BEGIN, then one DOCUMENT per file in any order, then END.
 *
 * <pre>
 *  BEGIN     0  runId         never 0
 *
 *  DOCUMENT  0  outcome       ordinal of DocumentOutcome
 *            4  attempts
 *            8  exitStatus    of the last attempt's process
 *           12  pathBytes
 *           16  replyBytes    0 unless the outcome is OK
 *           20  detailBytes   0 unless the outcome is FAILED
 *           24  path, reply, detail
 *
 *  END       0  runId
 * </pre>
 */
final class CatalogMessage {
    /** A run begins: what the catalogue holds is of an earlier one. */
    static final int BEGIN = 1;

    /** What became of a file. */
    static final int DOCUMENT = 2;

    /** Every file of the run has been told. */
    static final int END = 3;

    /**
     * Longest relative path in bytes: a folder that can be listed has less than 4096, and a name in
     * it at most 255.
     */
    static final int PATH_BYTES_MAX = 8192;

    /** Longest description of a failure in bytes. */
    static final int DETAIL_BYTES_MAX = 1024;

    private static final int RUN_ID = 0;
    private static final int OUTCOME = 0;
    private static final int ATTEMPTS = 4;
    private static final int EXIT_STATUS = 8;
    private static final int PATH_BYTES = 12;
    private static final int REPLY_BYTES = 16;
    private static final int DETAIL_BYTES = 20;
    private static final int CONTENT = 24;

    /** The longest message. */
    static final int BYTES_MAX =
            CONTENT + PATH_BYTES_MAX + ExtractReply.BYTES_MAX + DETAIL_BYTES_MAX;

    private CatalogMessage() {}

    /** Writes a BEGIN or an END to the start of a buffer and returns its length. */
    static int encodeRun(final MutableDirectBuffer to, final long runId) {
        to.putLong(RUN_ID, runId);
        return Long.BYTES;
    }

    static long runId(final DirectBuffer from, final int index) {
        return from.getLong(index + RUN_ID);
    }

    /** Writes a DOCUMENT to the start of a buffer and returns its length. */
    static int encodeDocument(
            final MutableDirectBuffer to,
            final DocumentOutcome outcome,
            final int attempts,
            final int exitStatus,
            final byte[] path,
            final DirectBuffer reply,
            final DirectBuffer detail) {
        final int replyBytes = outcome == DocumentOutcome.OK ? reply.capacity() : 0;
        final int detailBytes =
                outcome == DocumentOutcome.FAILED
                        ? Math.min(detail.capacity(), DETAIL_BYTES_MAX)
                        : 0;
        to.putInt(OUTCOME, outcome.ordinal());
        to.putInt(ATTEMPTS, attempts);
        to.putInt(EXIT_STATUS, exitStatus);
        to.putInt(PATH_BYTES, path.length);
        to.putInt(REPLY_BYTES, replyBytes);
        to.putInt(DETAIL_BYTES, detailBytes);
        int at = CONTENT;
        to.putBytes(at, path);
        at += path.length;
        to.putBytes(at, reply, 0, replyBytes);
        at += replyBytes;
        to.putBytes(at, detail, 0, detailBytes);
        return at + detailBytes;
    }

    /** Reads a DOCUMENT. */
    static DocumentResult decodeDocument(final DirectBuffer from, final int index) {
        final byte[] path = new byte[from.getInt(index + PATH_BYTES)];
        int at = index + CONTENT;
        from.getBytes(at, path);
        at += path.length;
        final int replyBytes = from.getInt(index + REPLY_BYTES);
        final Extraction extraction = replyBytes == 0 ? null : ExtractReply.decode(from, at);
        at += replyBytes;
        final byte[] detail = new byte[from.getInt(index + DETAIL_BYTES)];
        from.getBytes(at, detail);
        return new DocumentResult(
                path,
                DocumentOutcome.ALL.get(from.getInt(index + OUTCOME)),
                from.getInt(index + ATTEMPTS),
                from.getInt(index + EXIT_STATUS),
                extraction,
                new String(detail, StandardCharsets.UTF_8));
    }
}
