package io.coppice.bench.ring;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's ring of one producer and one consumer over a mapped file, a ring for each direction. */
final class AgronaEndpoint implements Endpoint {
    private static final int RING_BYTES =
            Medium.CAPACITY_BYTES + RingBufferDescriptor.TRAILER_LENGTH;
    private static final int TYPE = 1;

    private final Seat seat;
    private final RingBuffer out;
    private final RingBuffer in;
    private final Waiting room = new Waiting();
    private MessageCheck check;
    private final MessageHandler handler;

    AgronaEndpoint(final Seat seat) throws IOException {
        this.seat = seat;
        this.out = ring(seat.folder().resolve(seat.outName()));
        this.in = ring(seat.folder().resolve(seat.inName()));
        this.handler = (type, buffer, index, length) -> check.take(buffer, index, length);
    }

    /** Makes the files, with every page there. */
    static void layOut(final Path folder) throws IOException {
        Files.write(folder.resolve("there"), new byte[RING_BYTES]);
        Files.write(folder.resolve("back"), new byte[RING_BYTES]);
    }

    private static RingBuffer ring(final Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, channel.size());
            return new OneToOneRingBuffer(new UnsafeBuffer(mapped));
        }
    }

    @Override
    public void send(final long first, final int count) {
        for (int i = 0; i < count; i++) {
            int claim = out.tryClaim(TYPE, seat.messageBytes());
            while (claim < 0) {
                room.idle();
                claim = out.tryClaim(TYPE, seat.messageBytes());
            }
            room.reset();
            final AtomicBuffer buffer = out.buffer();
            for (int word = 0; word < seat.messageBytes() / Long.BYTES; word++) {
                buffer.putLong(claim + word * Long.BYTES, first + i + word);
            }
            out.commit(claim);
        }
    }

    @Override
    public int receive(final MessageCheck messages, final int limit) {
        check = messages;
        return in.read(handler, limit);
    }
}
