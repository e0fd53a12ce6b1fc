package io.coppice.bench.ring;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.MutableDirectBuffer;

/**
 * Aeron IPC; the media driver runs in the first process, on one thread. Publications are exclusive
 * and claim in place, which is the fastest that Aeron has.
 */
final class AeronEndpoint implements Endpoint {
    private static final String CHANNEL = "aeron:ipc";
    private static final int STREAM_THERE = 1;
    private static final int STREAM_BACK = 2;

    /** A publication runs ahead by half of a term at most. */
    private static final int TERM_BYTES = 2 * Medium.CAPACITY_BYTES;

    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Seat seat;
    private final ExclusivePublication out;
    private final Subscription in;
    private final BufferClaim claim = new BufferClaim();
    private final Waiting room = new Waiting();
    private MessageCheck check;
    private final FragmentHandler handler;

    // The driver and the client are closed by the end of this process, not before.
    @SuppressWarnings("resource")
    AeronEndpoint(final Seat seat) {
        this.seat = seat;
        final String folder = seat.folder().resolve("aeron").toString();
        if (seat.isFirst()) {
            MediaDriver.launchEmbedded(
                    new MediaDriver.Context()
                            .aeronDirectoryName(folder)
                            .threadingMode(ThreadingMode.SHARED)
                            .ipcTermBufferLength(TERM_BYTES)
                            .termBufferSparseFile(false)
                            .warnIfDirectoryExists(false));
        }
        final Aeron aeron =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(folder)
                                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS)));
        this.out =
                seat.sends()
                        ? aeron.addExclusivePublication(
                                CHANNEL, seat.isFirst() ? STREAM_THERE : STREAM_BACK)
                        : null;
        this.in =
                seat.receives()
                        ? aeron.addSubscription(
                                CHANNEL, seat.isFirst() ? STREAM_BACK : STREAM_THERE)
                        : null;
        this.handler = (buffer, offset, length, header) -> check.take(buffer, offset, length);
        awaitOthers();
    }

    /** Nothing is kept for those who come later. */
    private void awaitOthers() {
        final long start = System.nanoTime();
        while (out != null && !out.isConnected() || in != null && in.imageCount() == 0) {
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw new IllegalStateException("the other side did not come in 30 s");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    @Override
    public void send(final long first, final int count) {
        for (int i = 0; i < count; i++) {
            long position = out.tryClaim(seat.messageBytes(), claim);
            while (position < 0) {
                if (position != Publication.BACK_PRESSURED
                        && position != Publication.ADMIN_ACTION) {
                    throw new IllegalStateException(
                            "a claim was refused: " + Publication.errorString(position));
                }
                room.idle();
                position = out.tryClaim(seat.messageBytes(), claim);
            }
            room.reset();
            final MutableDirectBuffer buffer = claim.buffer();
            final int offset = claim.offset();
            for (int word = 0; word < seat.messageBytes() / Long.BYTES; word++) {
                buffer.putLong(offset + word * Long.BYTES, first + i + word);
            }
            claim.commit();
        }
    }

    @Override
    public int receive(final MessageCheck messages, final int limit) {
        check = messages;
        return in.poll(handler, limit);
    }
}
