package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.RingReader;
import org.agrona.DirectBuffer;

/**
 * Reads the rings of sources that do not wait for it, too few at a time to keep up: each id comes
 * once and in its place, or is among those it is told it has lost.
 *
 * <p>Setting: {@code from}, the sources, with commas.
 */
public final class SoakLateDaemon implements Daemon {
    private static final int SOURCES = 3;

    /** Messages of each source in a duty cycle. */
    private static final int FEW = 8;

    /** Of each source: 1 + the id that comes next; 1 once there are no more. */
    private static final int ENDED = SOURCES * Long.BYTES;

    private static final int SEEN = 2 * ENDED;
    private static final int LOST = SEEN + Long.BYTES;
    private static final int WRONG = LOST + Long.BYTES;
    private static final int STATE_BYTES = WRONG + Long.BYTES;

    private DaemonContext context;
    private JournaledBuffer state;
    private RingReader[] readers;

    @Override
    public void open(final DaemonContext given) {
        context = given;
        state = context.structures().region("state", STATE_BYTES);
        final String[] from = context.setting("from").split(",", -1);
        readers = new RingReader[SOURCES];
        for (int i = 0; i < SOURCES; i++) {
            final int next = i * Long.BYTES;
            readers[i] = context.ringReader(from[i], SoakSourceDaemon.RING);
            readers[i].onLoss(lost -> lose(next, lost));
        }
    }

    @Override
    public int doWork() {
        long ended = 0;
        for (int i = 0; i < SOURCES; i++) {
            final int next = i * Long.BYTES;
            readers[i].poll((type, buffer, index, length) -> see(next, type, buffer, index), FEW);
            ended += state.getLong(ENDED + next);
        }
        if (ended == SOURCES) {
            context.summary(
                    context.name()
                            + ": seen "
                            + state.getLong(SEEN)
                            + ", lost "
                            + state.getLong(LOST)
                            + ", wrong "
                            + state.getLong(WRONG)
                            + System.lineSeparator());
            context.finish();
        }
        // It has never anything more to do now, so it sleeps, and falls behind.
        return 0;
    }

    private void lose(final int next, final long lost) {
        state.putLong(LOST, state.getLong(LOST) + lost);
        if (state.getLong(next) != 0) {
            state.putLong(next, state.getLong(next) + lost);
        }
    }

    private void see(final int next, final int type, final DirectBuffer buffer, final int index) {
        final long id = buffer.getLong(index + SoakMessage.NUMBER);
        final long expected = state.getLong(next);
        // Where it begins is where the ring was when it came; before that it has lost nothing.
        if (expected != 0 && expected != id + 1) {
            state.putLong(WRONG, state.getLong(WRONG) + 1);
        }
        state.putLong(next, id + 2);
        if (type == SoakMessage.END) {
            state.putLong(ENDED + next, 1);
        } else {
            state.putLong(SEEN, state.getLong(SEEN) + 1);
        }
    }
}
