package io.coppice.ring.request;

import org.agrona.DirectBuffer;

/** Takes one request. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Called inside a transaction of the replier's journal, which also takes the request. It may be
     * answered here, or by its ticket in any later transaction, of a later incarnation too. An
     * exception rolls everything back, and the request comes again.
     *
     * @param ticket for {@link Replier#tryReply}, {@link Replier#isCancelled} and the like
     * @param type as the asker gave it
     * @param buffer the asker's ring; read-only, valid during the call
     * @param index of the first byte of the payload
     * @param length of the payload
     */
    void onRequest(long ticket, int type, DirectBuffer buffer, int index, int length);
}
