package io.coppice.ring.channel;

import io.coppice.pool.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A segment without a file, that a test can copy and put back. */
final class SegmentImage implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment raw;
    private final Memory memory;

    SegmentImage(final int capacity) {
        raw = arena.allocate(SegmentLayout.bytes(capacity), 64);
        memory = Memory.of(raw);
        raw.set(ValueLayout.JAVA_LONG, SegmentLayout.CAPACITY, capacity);
        raw.set(ValueLayout.JAVA_LONG, SegmentLayout.MAGIC_WORD, SegmentLayout.MAGIC);
    }

    Memory memory() {
        return memory;
    }

    byte[] image() {
        return raw.toArray(ValueLayout.JAVA_BYTE);
    }

    void restore(final byte[] image) {
        MemorySegment.copy(image, 0, raw, ValueLayout.JAVA_BYTE, 0, image.length);
    }

    void damage(final long offset, final long value) {
        raw.set(ValueLayout.JAVA_LONG, offset, value);
    }

    @Override
    public void close() {
        arena.close();
    }
}
