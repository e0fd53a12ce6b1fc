package io.coppice.ring.request;

/**
 * What requests and replies are in their rings: a header in front of the payload of a record.
 *
 * <pre>
 *   a request, in the asker's ring        a reply, in the replier's ring
 *      0  ticket       of the asker          0  ticket      as in the request
 *      8  generation   of that ring          8  generation  as in the request
 *     16  owner        who asks             16  payload
 *     24  deadlineNs   CLOCK_MONOTONIC
 *     32  flags        bit 0 durable
 *     40  payload
 * </pre>
 *
 * The ticket is the correlation id: unlike any other of the asker's table, over all incarnations.
 * The generation keeps apart what was asked before the asker's arena was cleared, when tickets
 * began anew. The owner, {slot, epoch}, is the incarnation that a death certificate is about.
 */
final class RequestLayout {
    static final int TICKET = 0;
    static final int GENERATION = 8;
    static final int OWNER = 16;
    static final int DEADLINE_NS = 24;
    static final int FLAGS = 32;
    static final int REQUEST_HEADER_BYTES = 40;
    static final int REPLY_HEADER_BYTES = 16;

    /** The successor of who asked goes on waiting. */
    static final long DURABLE = 1;

    static {
        if (FLAGS + Long.BYTES != REQUEST_HEADER_BYTES
                || GENERATION + Long.BYTES != REPLY_HEADER_BYTES) {
            throw new AssertionError("the parts of a request do not fit together");
        }
    }

    private RequestLayout() {}

    /** Returns the ring in the asker's arena. */
    static String requestRing(final String name, final String replier) {
        return name + ".requests." + replier;
    }

    /** Returns the ring in the replier's arena. */
    static String replyRing(final String name, final String asker) {
        return name + ".replies." + asker;
    }

    /** Returns the table in the asker's arena. */
    static String pendingTable(final String name, final String replier) {
        return name + ".pending." + replier;
    }

    /** Returns the table in the replier's arena. */
    static String openTable(final String name) {
        return name + ".open";
    }
}
