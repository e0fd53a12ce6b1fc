package io.coppice.ring.channel;

import io.coppice.pool.Memory;
import java.io.IOException;
import org.agrona.DirectBuffer;

/**
 * The writing side of a ring of bytes. For one thread at a time. The order of its stores is that of
 * {@link SegmentLayout}; its own position is kept in this process, so that nothing another process
 * stores can move it.
 */
final class ByteRingWriter {
    private final Memory memory;
    private final String name;
    private final int capacity;
    private final long tailAt;
    private final long headAt;
    private final long ring;
    private long tail;

    /** As last seen: it is loaded again only where the room behind it does not do. */
    private long head;

    ByteRingWriter(final Memory memory, final boolean accepting, final String name)
            throws IOException {
        this.memory = memory;
        this.name = name;
        capacity = (int) memory.getLong(SegmentLayout.CAPACITY);
        tailAt = SegmentLayout.half(accepting) + SegmentLayout.TAIL;
        headAt = SegmentLayout.half(!accepting) + SegmentLayout.HEAD;
        ring = SegmentLayout.ring(accepting, capacity);
        tail = memory.getLongVolatile(tailAt);
        head = Math.max(0, tail - capacity);
        loadHead();
    }

    /**
     * Writes what there is room for and publishes it.
     *
     * @return how many bytes, 0 where the ring is full
     * @throws IOException where the reader's position cannot be right
     */
    int write(final DirectBuffer from, final int index, final int length) throws IOException {
        if (capacity - (tail - head) < length) {
            loadHead();
        }
        final int count = (int) Math.min(capacity - (tail - head), length);
        if (count == 0) {
            return 0;
        }
        final int at = (int) tail & capacity - 1;
        final int first = Math.min(count, capacity - at);
        memory.putBytes(ring + at, from, index, first);
        if (count > first) {
            memory.putBytes(ring, from, index + first, count - first);
        }
        tail += count;
        memory.putLongVolatile(tailAt, tail);
        return count;
    }

    /** Returns whether there is room for a byte. */
    boolean hasRoom() throws IOException {
        if (tail - head == capacity) {
            loadHead();
        }
        return tail - head < capacity;
    }

    private void loadHead() throws IOException {
        final long loaded = memory.getLongAcquire(headAt);
        if (loaded < head || loaded > tail) {
            throw new IOException(
                    name
                            + ": offset "
                            + headAt
                            + ": the reader's position is "
                            + loaded
                            + ", not within "
                            + head
                            + " to "
                            + tail
                            + "; the other end damaged it, connect again");
        }
        head = loaded;
    }
}
