package io.coppice.ring.channel;

import io.coppice.pool.Memory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The mapped memory of one connection. Unlike an arena it is unmapped, so {@link Endpoint} keeps
 * everyone out before it calls {@link #unmap}.
 */
final class Segment {
    private static final System.Logger LOG = System.getLogger(Segment.class.getName());

    private final Arena arena = Arena.ofShared();
    private final Memory memory;
    private final String name;

    private Segment(final FileChannel file, final String name) throws IOException {
        this.name = "segment " + name;
        try {
            final MemorySegment mapped = file.map(MapMode.READ_WRITE, 0, file.size(), arena);
            memory = Memory.of(mapped);
        } catch (final IOException | RuntimeException refused) {
            arena.close();
            throw refused;
        }
    }

    /** Lays a segment out in a file that has all its bytes, all 0. */
    static Segment layOut(
            final FileChannel file, final Path name, final int capacity, final long nonce)
            throws IOException {
        final Segment segment = new Segment(file, name.getFileName().toString());
        segment.memory.putLong(SegmentLayout.CAPACITY, capacity);
        segment.memory.putLong(SegmentLayout.NONCE, nonce);
        segment.memory.putLongRelease(SegmentLayout.MAGIC_WORD, SegmentLayout.MAGIC);
        return segment;
    }

    /**
     * Maps the segment that the other end has laid out; stores nothing.
     *
     * @throws IOException where the file is not that segment
     */
    static Segment open(final Path file, final long nonce) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < SegmentLayout.bytes(SegmentLayout.CAPACITY_LEAST)) {
                throw new IOException(file + ": has " + channel.size() + " bytes, is no segment");
            }
            final Segment segment = new Segment(channel, file.getFileName().toString());
            final long capacity = segment.memory.getLong(SegmentLayout.CAPACITY);
            if (segment.memory.getLongAcquire(SegmentLayout.MAGIC_WORD) != SegmentLayout.MAGIC
                    || segment.memory.getLong(SegmentLayout.NONCE) != nonce
                    || !SegmentLayout.isCapacity(capacity)
                    || SegmentLayout.bytes((int) capacity) != segment.memory.bytes()) {
                segment.unmap();
                throw new IOException(
                        file + ": is not the segment of this connection; connect again");
            }
            return segment;
        }
    }

    /** Holds the answer once somebody asks. */
    private static final class Access {
        static final boolean GRANTED = isGranted();

        private static boolean isGranted() {
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment word = arena.allocate(Long.BYTES, Long.BYTES);
                return Memory.of(word).getLong(0) == 0;
            } catch (final LinkageError refused) {
                LOG.log(
                        Level.WARNING,
                        "channels go over sockets: shared memory needs the JVM argument --add-opens"
                                + " java.base/jdk.internal.misc=ALL-UNNAMED");
                return false;
            }
        }
    }

    /**
     * Returns whether this JVM was started so that it lets us at shared memory; else warns once.
     */
    static boolean isSupported() {
        return Access.GRANTED;
    }

    Memory memory() {
        return memory;
    }

    /** Returns what errors call it. */
    String name() {
        return name;
    }

    /** Nobody may touch the memory any more. */
    void unmap() {
        arena.close();
    }
}
