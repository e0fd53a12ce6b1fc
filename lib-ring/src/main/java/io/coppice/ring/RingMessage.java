package io.coppice.ring;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a reader finds at a position of a ring: a message in one record, in a chain of records, in a
 * block, or none. Nothing that the writer has stored is trusted. One is used for all messages of a
 * reader, so it allocates only where a longer message than any before has to be copied.
 */
final class RingMessage {
    private static final int COPY_BYTES_FIRST = 256;

    private final MappedRing ring;
    private final UnsafeBuffer block = new UnsafeBuffer(0, 0);
    private UnsafeBuffer copy = new UnsafeBuffer(new byte[COPY_BYTES_FIRST]);
    private DirectBuffer buffer = copy;
    private int index;
    private int type;
    private int length;
    private long number;
    private long end;

    RingMessage(final MappedRing ring) {
        this.ring = ring;
    }

    /**
     * Looks at a position. Where the writer may overtake, what is found counts only if the record
     * is still kept afterwards.
     */
    void look(final long at, final long tail) {
        type = ring.type(at);
        length = ring.length(at);
        final long bytes = ring.recordBytes(type, length, at, tail);
        end = bytes == RingLayout.UNSOUND ? RingLayout.UNSOUND : at + bytes;
        if (end == RingLayout.UNSOUND || type == RingLayout.PADDING_TYPE) {
            return;
        }
        number = ring.number(at);
        if (type >= 0) {
            buffer = ring.records();
            index = ring.payloadIndex(at);
            if (ring.mode().mayOvertake()) {
                copyRecord(at);
            }
        } else if (type == RingLayout.BLOCK_TYPE) {
            lookIntoBlock(at);
        } else if (type == RingLayout.CHAIN_TYPE && ring.partIndex(at) == 0) {
            collect(at, tail);
        }
    }

    /** Returns whether what stands there can be no record. */
    boolean isUnsound() {
        return end == RingLayout.UNSOUND;
    }

    /** Returns whether there is a message to be handed over. */
    boolean isMessage() {
        return type >= 0;
    }

    /** Returns whether it only fills the end of the ring. */
    boolean isPadding() {
        return type == RingLayout.PADDING_TYPE;
    }

    /** Returns whether it belongs to a message whose beginning is gone. */
    boolean isRest() {
        return type == RingLayout.CHAIN_TYPE;
    }

    int type() {
        return type;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int index() {
        return index;
    }

    int length() {
        return length;
    }

    /** Returns the number of what is no padding. */
    long number() {
        return number;
    }

    /** Returns the position behind it. */
    long end() {
        return end;
    }

    private void copyRecord(final long at) {
        makeRoom(length);
        ring.records().getBytes(ring.payloadIndex(at), copy, 0, length);
        buffer = copy;
        index = 0;
    }

    private void lookIntoBlock(final long at) {
        final int messageType = ring.blockMessageType(at);
        final int bytes = ring.blockMessageBytes(at);
        final long offset = ring.blockOffset(at);
        // Before anything is followed: what was overwritten may name whatever there is.
        if (isOverwritten(at) || messageType < 0 || !ring.wrap(block, offset, bytes)) {
            end = RingLayout.UNSOUND;
            return;
        }
        type = messageType;
        length = bytes;
        buffer = block;
        index = 0;
        if (ring.mode().mayOvertake()) {
            makeRoom(length);
            block.getBytes(0, copy, 0, length);
            buffer = copy;
        }
    }

    private void collect(final long at, final long tail) {
        final int messageType = ring.partType(at);
        final int bytes = ring.partMessageBytes(at);
        if (isOverwritten(at) || messageType < 0 || bytes < 0 || bytes > ring.chainBytesMax()) {
            end = RingLayout.UNSOUND;
            return;
        }
        makeRoom(bytes);
        int copied = 0;
        long next = at;
        for (int part = 0; next < tail; ) {
            final int partType = ring.type(next);
            final int partLength = ring.length(next);
            final long partBytes = ring.recordBytes(partType, partLength, next, tail);
            if (partType != RingLayout.PADDING_TYPE || partBytes == RingLayout.UNSOUND) {
                final int carried = partLength - RingLayout.PART_HEADER_BYTES;
                if (partType != RingLayout.CHAIN_TYPE
                        || partBytes == RingLayout.UNSOUND
                        || ring.partIndex(next) != part
                        || ring.number(next) != number
                        || carried > bytes - copied) {
                    break;
                }
                ring.records()
                        .getBytes(
                                ring.payloadIndex(next) + RingLayout.PART_HEADER_BYTES,
                                copy,
                                copied,
                                carried);
                copied += carried;
                part++;
            }
            next += partBytes;
            if (copied == bytes) {
                type = messageType;
                length = bytes;
                buffer = copy;
                index = 0;
                end = next;
                return;
            }
        }
        end = RingLayout.UNSOUND;
    }

    private boolean isOverwritten(final long at) {
        return ring.mode().mayOvertake() && !ring.isKept(at);
    }

    private void makeRoom(final int bytes) {
        if (bytes > copy.capacity()) {
            copy = new UnsafeBuffer(new byte[BitUtil.findNextPositivePowerOfTwo(bytes)]);
        }
    }
}
