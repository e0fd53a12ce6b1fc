package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.RingMerge;
import io.coppice.ring.RingReader;
import io.coppice.ring.RingWriter;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Counts every id of every origin, in the transaction that reads it, and says at the end how many
 * of them did not come as often as there are rings that bring them.
 *
 * <p>Settings: {@code from}, the daemons whose ring {@code ring} is read, with commas; {@code
 * merge}, whether as one; {@code publish}, whether what is read is published in the ring {@value
 * #RING}; {@code ids}, how many of an origin at most; {@code times}, how often each comes; {@code
 * origins}, 3 where it is left out.
 */
public final class SoakReaderDaemon implements Daemon {
    /** What the ring is called. */
    static final String RING = "merged";

    /** First in the state: how many ends there were; then for each origin 1 + what they said. */
    private static final int ENDS = 0;

    private static final int SAID = Long.BYTES;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[SoakMessage.BYTES]);
    private DaemonContext context;
    private JournaledBuffer state;
    private JournaledBuffer counts;
    private RingReader[] readers;
    private RingMerge merge;
    private RingWriter ring;
    private int ids;
    private int times;
    private int origins;

    @Override
    public void open(final DaemonContext given) {
        context = given;
        ids = Integer.parseInt(context.setting("ids"));
        times = Integer.parseInt(context.setting("times"));
        origins = Integer.parseInt(context.setting("origins", "3"));
        state = context.structures().region("state", SAID + origins * Long.BYTES);
        counts = context.structures().region("counts", origins * ids);
        final String[] from = context.setting("from").split(",", -1);
        readers = new RingReader[from.length];
        for (int i = 0; i < from.length; i++) {
            readers[i] = context.ringReader(from[i], context.setting("ring"));
        }
        if (Boolean.parseBoolean(context.setting("merge"))) {
            merge = new RingMerge(readers);
        }
        if (Boolean.parseBoolean(context.setting("publish"))) {
            ring = context.ringWriter(RING, SoakMessage.RING_BYTES);
        }
    }

    @Override
    public int doWork() {
        if (state.getLong(ENDS) == (long) origins * times) {
            if (ring == null || ring.isDrained()) {
                context.summary(summary());
                context.finish();
            }
            return 0;
        }
        if (ring != null && !ring.hasRoom(SoakMessage.ROOM_BYTES)) {
            return 0;
        }
        if (merge != null) {
            return merge.poll(
                    (source, type, buffer, index, length) -> count(type, buffer, index),
                    SoakMessage.PER_COMMIT);
        }
        int work = 0;
        for (final RingReader reader : readers) {
            work +=
                    reader.poll(
                            (type, buffer, index, length) -> count(type, buffer, index),
                            SoakMessage.PER_COMMIT);
        }
        return work;
    }

    private void count(final int type, final DirectBuffer buffer, final int index) {
        final int origin = (int) buffer.getLong(index + SoakMessage.ORIGIN);
        final int number = (int) buffer.getLong(index + SoakMessage.NUMBER);
        if (type == SoakMessage.END) {
            state.putLong(SAID + origin * Long.BYTES, number + 1L);
            state.putLong(ENDS, state.getLong(ENDS) + 1);
        } else {
            final int at = origin * ids + number;
            counts.putByte(at, (byte) Math.min(Byte.MAX_VALUE, counts.getByte(at) + 1));
        }
        if (ring != null) {
            message.putBytes(0, buffer, index, SoakMessage.BYTES);
            if (!ring.offer(type, message, 0, SoakMessage.BYTES)) {
                throw new IllegalStateException("no room, which was looked for");
            }
        }
    }

    private String summary() {
        long right = 0;
        long wrong = 0;
        for (int origin = 0; origin < origins; origin++) {
            final long published = state.getLong(SAID + origin * Long.BYTES) - 1;
            for (int number = 0; number < ids; number++) {
                final int wanted = number < published ? times : 0;
                final boolean isRight = counts.getByte(origin * ids + number) == wanted;
                right += isRight && wanted > 0 ? 1 : 0;
                wrong += isRight ? 0 : 1;
            }
        }
        return context.name() + ": right " + right + ", wrong " + wrong + System.lineSeparator();
    }
}
