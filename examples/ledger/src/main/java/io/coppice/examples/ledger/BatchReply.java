package io.coppice.examples.ledger;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What became of a batch.
 *
 * <pre>
 *   0  posted
 *   8  duplicates   lines whose id was posted before
 *  16  rejected     lines that are no transfer
 * </pre>
 */
final class BatchReply {
    static final int BYTES = 24;

    private static final int POSTED = 0;
    private static final int DUPLICATES = 8;
    private static final int REJECTED = 16;

    private BatchReply() {}

    static void write(
            final MutableDirectBuffer reply,
            final long posted,
            final long duplicates,
            final long rejected) {
        reply.putLong(POSTED, posted);
        reply.putLong(DUPLICATES, duplicates);
        reply.putLong(REJECTED, rejected);
    }

    static long posted(final DirectBuffer reply) {
        return reply.getLong(POSTED);
    }

    static long duplicates(final DirectBuffer reply) {
        return reply.getLong(DUPLICATES);
    }

    static long rejected(final DirectBuffer reply) {
        return reply.getLong(REJECTED);
    }
}
