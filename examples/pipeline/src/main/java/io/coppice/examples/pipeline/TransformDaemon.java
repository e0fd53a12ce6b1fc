package io.coppice.examples.pipeline;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.RingReader;
import io.coppice.ring.RingWriter;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Numbers the lines of a {@link SourceDaemon} and writes them in capitals, as far as the letters a
 * to z go.
 *
 * <p>A line is read, counted and published in one transaction, so that none is numbered twice and
 * none left out.
 *
 * <p>Setting: {@code source}, the daemon to read from ({@code source}).
 */
public final class TransformDaemon implements Daemon {
    /** What the ring is called. */
    static final String RING = "numbered";

    /** How many lines were begun; whether the last one goes on in the next message. */
    private static final int LINES = 0;

    private static final int IS_MIDDLE = 8;
    private static final int ENDED = 16;
    private static final int STATE_BYTES = 24;

    private final UnsafeBuffer changed =
            new UnsafeBuffer(new byte[LineMessage.PREFIX_BYTES_MAX + LineMessage.PART_BYTES_MAX]);
    private DaemonContext context;
    private JournaledBuffer state;
    private RingReader lines;
    private RingWriter numbered;

    /** Made by the runtime. */
    public TransformDaemon() {}

    @Override
    public void open(final DaemonContext given) {
        context = given;
        state = context.structures().region("state", STATE_BYTES);
        lines = context.ringReader(context.setting("source", "source"), SourceDaemon.RING);
        numbered = context.ringWriter(RING, LineMessage.RING_BYTES);
    }

    @Override
    public int doWork() {
        if (state.getLong(ENDED) != 0) {
            if (numbered.isDrained()) {
                context.finish();
            }
            return 0;
        }
        // Looked for before the transaction begins, so that each line that is read can go on.
        return numbered.hasRoom(LineMessage.ROOM_BYTES)
                ? lines.poll(this::onMessage, LineMessage.MESSAGES_PER_COMMIT)
                : 0;
    }

    @Override
    public void warmUp() {
        final UnsafeBuffer sample = new UnsafeBuffer(new byte[] {'a', '\t'});
        capitals(sample, 0, sample.capacity(), changed, number(changed, 1));
    }

    private void onMessage(
            final int type, final DirectBuffer buffer, final int index, final int length) {
        int changedBytes = 0;
        if (type == LineMessage.END) {
            state.putLong(ENDED, 1);
        } else {
            if (state.getLong(IS_MIDDLE) == 0) {
                state.putLong(LINES, state.getLong(LINES) + 1);
                changedBytes = number(changed, state.getLong(LINES));
            }
            changedBytes = capitals(buffer, index, length, changed, changedBytes);
            state.putLong(IS_MIDDLE, type == LineMessage.PART ? 1 : 0);
        }
        if (!numbered.offer(type, changed, 0, changedBytes)) {
            throw new IllegalStateException("the ring of numbered lines is full");
        }
    }

    /** Writes a number and a tab, and returns how many bytes they are. */
    static int number(final MutableDirectBuffer into, final long number) {
        final int digits = into.putLongAscii(0, number);
        into.putByte(digits, (byte) '\t');
        return digits + 1;
    }

    /** Copies bytes, letters as capitals, behind what is there, and returns where they end. */
    static int capitals(
            final DirectBuffer from,
            final int index,
            final int length,
            final MutableDirectBuffer into,
            final int start) {
        for (int i = 0; i < length; i++) {
            final byte each = from.getByte(index + i);
            // No byte of a longer UTF-8 character is in this range.
            final boolean isSmall = each >= 'a' && each <= 'z';
            into.putByte(start + i, isSmall ? (byte) (each - 'a' + 'A') : each);
        }
        return start + length;
    }
}
