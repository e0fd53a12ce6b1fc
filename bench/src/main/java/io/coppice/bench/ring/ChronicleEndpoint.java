package io.coppice.bench.ring;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue in shared memory, one queue for each direction. It keeps every message, so it
 * alone needs new memory for each of them.
 */
final class ChronicleEndpoint implements Endpoint {
    private final Seat seat;
    private final ExcerptAppender out;
    private final ExcerptTailer in;

    // The queues are closed by the end of this process, not before.
    @SuppressWarnings("resource")
    ChronicleEndpoint(final Seat seat) {
        this.seat = seat;
        this.out = seat.sends() ? queue(seat, seat.outName()).createAppender() : null;
        this.in = seat.receives() ? queue(seat, seat.inName()).createTailer() : null;
    }

    private static ChronicleQueue queue(final Seat seat, final String name) {
        final Path folder = seat.folder().resolve("queue-" + name);
        return ChronicleQueue.single(folder.toString());
    }

    @Override
    public void send(final long first, final int count) {
        for (int i = 0; i < count; i++) {
            try (DocumentContext document = out.writingDocument()) {
                final Bytes<?> bytes = document.wire().bytes();
                for (int word = 0; word < seat.messageBytes() / Long.BYTES; word++) {
                    bytes.writeLong(first + i + word);
                }
            }
        }
    }

    @Override
    public int receive(final MessageCheck check, final int limit) {
        int count = 0;
        while (count < limit) {
            try (DocumentContext document = in.readingDocument()) {
                if (!document.isPresent()) {
                    return count;
                }
                final Bytes<?> bytes = document.wire().bytes();
                final long number = bytes.readLong();
                long sum = number;
                for (int word = 1; word < seat.messageBytes() / Long.BYTES; word++) {
                    sum += bytes.readLong();
                }
                check.takeSum(number, sum);
            }
            count++;
        }
        return count;
    }
}
