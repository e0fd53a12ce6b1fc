package io.coppice.ring.channel;

import io.coppice.pool.Memory;
import java.io.IOException;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The reading side of a ring of bytes. For one thread at a time. The order of its stores is that of
 * {@link SegmentLayout}; its own position is kept in this process, so that nothing another process
 * stores can move it.
 */
final class ByteRingReader {
    private final Memory memory;
    private final String name;
    private final int capacity;
    private final long tailAt;
    private final long headAt;
    private final UnsafeBuffer ring;
    private long head;

    /** As last seen: it is loaded again only where nothing is left before it. */
    private long tail;

    ByteRingReader(final Memory memory, final boolean accepting, final String name)
            throws IOException {
        this.memory = memory;
        this.name = name;
        capacity = (int) memory.getLong(SegmentLayout.CAPACITY);
        tailAt = SegmentLayout.half(!accepting) + SegmentLayout.TAIL;
        headAt = SegmentLayout.half(accepting) + SegmentLayout.HEAD;
        ring = new UnsafeBuffer(memory.reader(SegmentLayout.ring(!accepting, capacity), capacity));
        head = memory.getLongVolatile(headAt);
        tail = head;
        loadTail();
    }

    /**
     * Takes what is there, up to a length.
     *
     * @return how many bytes, 0 where the ring is empty
     * @throws IOException where the writer's position cannot be right
     */
    int read(final MutableDirectBuffer to, final int index, final int length) throws IOException {
        if (tail == head) {
            loadTail();
        }
        final int count = (int) Math.min(tail - head, length);
        if (count == 0) {
            return 0;
        }
        final int at = (int) head & capacity - 1;
        final int first = Math.min(count, capacity - at);
        ring.getBytes(at, to, index, first);
        if (count > first) {
            ring.getBytes(0, to, index + first, count - first);
        }
        head += count;
        memory.putLongVolatile(headAt, head);
        return count;
    }

    /** Returns how many bytes are there. */
    int available() throws IOException {
        loadTail();
        return (int) (tail - head);
    }

    /** Returns whether there is a byte. */
    boolean hasBytes() throws IOException {
        if (tail == head) {
            loadTail();
        }
        return tail != head;
    }

    private void loadTail() throws IOException {
        final long loaded = memory.getLongAcquire(tailAt);
        if (loaded < tail || loaded - head > capacity) {
            throw new IOException(
                    name
                            + ": offset "
                            + tailAt
                            + ": the writer's position is "
                            + loaded
                            + ", not within "
                            + tail
                            + " to "
                            + (head + capacity)
                            + "; the other end damaged it, connect again");
        }
        tail = loaded;
    }
}
