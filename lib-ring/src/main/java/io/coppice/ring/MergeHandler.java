package io.coppice.ring;

import org.agrona.DirectBuffer;

/** Uses one message of many rings. */
@FunctionalInterface
public interface MergeHandler {
    /**
     * Called as {@link MessageHandler#onMessage} is.
     *
     * @param source index of the reader, as it was given to the merge
     * @param type as the writer gave it
     * @param buffer read-only, valid during the call
     * @param index of the first byte of the payload
     * @param length of the payload, in bytes
     */
    void onMessage(int source, int type, DirectBuffer buffer, int index, int length);
}
