package io.coppice.ring.request;

/**
 * What a {@link Requester} and a {@link Replier} count, over all incarnations, in the transaction
 * in which it happens. The order is part of the file format.
 */
public enum RequestCount {
    /** Requests whose reply was used, or was given. */
    ANSWERED,

    /** Requests whose deadline came first; the replier skipped them. */
    EXPIRED,

    /** Requests whose asker died; the replier skipped them. */
    CANCELLED,

    /** Replies, at the asker, to requests that had their outcome already. */
    LATE,

    /** Records that were no request, or no reply, and were skipped. */
    UNSOUND,

    /** Requests that the replier gave up. */
    DROPPED
}
