package io.coppice.ring;

import org.agrona.DirectBuffer;

/** Uses one message. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Called inside a transaction of the reader's journal: what is changed through it stands
     * together with the message being used, or not at all. An exception rolls both back.
     *
     * @param type as the writer gave it
     * @param buffer the ring; read-only, valid during the call
     * @param index of the first byte of the payload
     * @param length of the payload
     */
    void onMessage(int type, DirectBuffer buffer, int index, int length);
}
