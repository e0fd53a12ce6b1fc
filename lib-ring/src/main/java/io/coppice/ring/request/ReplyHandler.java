package io.coppice.ring.request;

import org.agrona.DirectBuffer;

/**
 * Is told the outcome of each request, exactly once, inside a transaction of the asker's journal:
 * what is changed through it stands together with having been told, or not at all. It may ask
 * again.
 */
public interface ReplyHandler {
    /**
     * The replier has answered.
     *
     * @param correlationId as {@link Requester#correlationId} gave it
     * @param type as the replier gave it
     * @param buffer the replier's ring; read-only, valid during the call
     * @param index of the first byte of the payload
     * @param length of the payload
     */
    void onReply(long correlationId, int type, DirectBuffer buffer, int index, int length);

    /** The deadline has passed; a reply that still comes is dropped. */
    void onExpired(long correlationId);

    /** The incarnation that asked is dead; a reply that still comes is dropped. */
    void onCancelled(long correlationId);
}
