package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.ReaderPolicy;
import io.coppice.ring.RingSettings;
import io.coppice.ring.RingWriter;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Publishes ids at an even pace from one moment to another, for readers of which one is dropped
 * where it is slow.
 *
 * <p>Settings: {@code origin}, its index; {@code ids}, how many at most; {@code beginMs} and {@code
 * endMs}, moments of the wall clock; {@code dropped}, the reader that is not waited for, where
 * there is one.
 */
public final class SoakSourceDaemon implements Daemon {
    /** What the ring is called. */
    static final String RING = "ids";

    private static final int NEXT = 0;
    private static final int ENDED = 8;
    private static final int STATE_BYTES = 16;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[SoakMessage.BYTES]);
    private DaemonContext context;
    private JournaledBuffer state;
    private RingWriter ring;
    private long ids;
    private long beginMs;
    private long endMs;

    @Override
    public void open(final DaemonContext given) {
        context = given;
        ids = Long.parseLong(context.setting("ids"));
        beginMs = Long.parseLong(context.setting("beginMs"));
        endMs = Long.parseLong(context.setting("endMs"));
        message.putLong(SoakMessage.ORIGIN, Long.parseLong(context.setting("origin")));
        state = context.structures().region("state", STATE_BYTES);
        final RingSettings lossless = RingSettings.lossless(SoakMessage.RING_BYTES);
        final String dropped = context.setting("dropped", "");
        ring =
                context.ringWriter(
                        RING,
                        dropped.isEmpty()
                                ? lossless
                                : lossless.reader(dropped, ReaderPolicy.droppingAtOnce()));
    }

    @Override
    public int doWork() {
        if (state.getLong(ENDED) != 0) {
            if (ring.isDrained()) {
                context.finish();
            }
            return 0;
        }
        final long nowMs = System.currentTimeMillis();
        final long due = ids * Math.clamp(nowMs - beginMs, 0, endMs - beginMs) / (endMs - beginMs);
        final boolean isOver = nowMs >= endMs;
        int published = 0;
        context.journal().begin();
        // Not hasRoom() first: that says whether there is room without a reader's being overtaken.
        if (isOver && publish(SoakMessage.END, state.getLong(NEXT))) {
            state.putLong(ENDED, 1);
            published++;
            context.summary(
                    context.name() + ": published " + state.getLong(NEXT) + System.lineSeparator());
        }
        while (!isOver
                && published < SoakMessage.PER_COMMIT
                && state.getLong(NEXT) < due
                && publish(SoakMessage.ID, state.getLong(NEXT))) {
            state.putLong(NEXT, state.getLong(NEXT) + 1);
            published++;
        }
        context.journal().commit();
        return published;
    }

    private boolean publish(final int type, final long number) {
        message.putLong(SoakMessage.NUMBER, number);
        return ring.offer(type, message, 0, SoakMessage.BYTES);
    }
}
