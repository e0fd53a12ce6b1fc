package io.coppice.pool;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory for a test, with a way in and out of it that no cut can see or stop. */
public final class TestArena implements AutoCloseable {
    private final Arena lifetime = Arena.ofShared();
    private final MemorySegment segment;
    private final Memory memory;

    public TestArena(final long bytes) {
        segment = lifetime.allocate(bytes, 64);
        memory = Memory.of(segment);
    }

    public Memory memory() {
        return memory;
    }

    public byte[] image() {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    public byte[] image(final long offset, final long length) {
        return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    public void setImage(final long offset, final byte[] image) {
        MemorySegment.copy(image, 0, segment, ValueLayout.JAVA_BYTE, offset, image.length);
    }

    public void setWord(final long offset, final long value) {
        segment.set(ValueLayout.JAVA_LONG, offset, value);
    }

    public long word(final long offset) {
        return segment.get(ValueLayout.JAVA_LONG, offset);
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
