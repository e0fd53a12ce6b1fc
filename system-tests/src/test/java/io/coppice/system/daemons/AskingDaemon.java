package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.request.ReplyHandler;
import io.coppice.ring.request.RequestSettings;
import io.coppice.ring.request.Requester;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks an {@link AnsweringDaemon} called {@code answering} for the doubles of numbers, by requests
 * that die with who asked and by durable ones, and says at the end what became of each.
 */
public final class AskingDaemon implements Daemon {
    /** How many numbers are asked for on each line. */
    public static final int NUMBERS = 600;

    static final int AT_ONCE = 8;
    static final int RING_BYTES = 1024;
    static final String MORTAL = "mortal";
    static final String DURABLE = "durable";

    private static final int PER_CYCLE = 4;

    /** Between two requests of a line, so that there is something left to be killed. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long SOON_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long LATE_NS = TimeUnit.MINUTES.toNanos(5);

    private DaemonContext context;
    private Line mortal;
    private Line durable;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        final RequestSettings settings = RequestSettings.of(AT_ONCE, RING_BYTES);
        mortal = new Line(MORTAL, settings, SOON_NS);
        durable = new Line(DURABLE, settings.durable(), LATE_NS);
    }

    @Override
    public int doWork() {
        final int work = mortal.work() + durable.work();
        if (mortal.isDone() && durable.isDone()) {
            context.summary(mortal.summary() + durable.summary());
            context.finish();
        }
        return work;
    }

    /** One line of requests, with the number of each that waits and the outcomes of all. */
    private final class Line implements ReplyHandler {
        private static final int ASKED = 0;
        private static final int WAITING = Long.BYTES;
        private static final int OUTCOMES = WAITING + AT_ONCE * 2 * Long.BYTES;
        private static final long REPLIED = 1;
        private static final long EXPIRED = 1 << 8;
        private static final long CANCELLED = 1 << 16;

        private final String name;
        private final long patienceNs;
        private final Requester requester;
        private final JournaledBuffer state;
        private final UnsafeBuffer request = new UnsafeBuffer(new byte[Long.BYTES]);
        private long askedNs = System.nanoTime();

        Line(final String name, final RequestSettings settings, final long patienceNs) {
            this.name = name;
            this.patienceNs = patienceNs;
            requester = context.requester("answering", name, settings);
            state = context.structures().region(name, OUTCOMES + NUMBERS * Long.BYTES);
        }

        int work() {
            int work = requester.poll(this, PER_CYCLE);
            final long nowNs = System.nanoTime();
            if (state.getLong(ASKED) < NUMBERS && nowNs - askedNs > PAUSE_NS && ask()) {
                askedNs = nowNs;
                work++;
            }
            return work;
        }

        private boolean ask() {
            context.journal().begin();
            final long number = state.getLong(ASKED) + 1;
            request.putLong(0, number);
            final long deadlineNs = System.nanoTime() + patienceNs;
            if (requester.tryAsk(1, request, 0, Long.BYTES, deadlineNs) < 0) {
                context.journal().rollback();
                return false;
            }
            state.putLong(ASKED, number);
            final int place = placeOf(0);
            state.putLong(place, requester.correlationId());
            state.putLong(place + Long.BYTES, number);
            context.journal().commit();
            return true;
        }

        boolean isDone() {
            return state.getLong(ASKED) == NUMBERS && requester.pending() == 0;
        }

        @Override
        public void onReply(
                final long id,
                final int type,
                final DirectBuffer buffer,
                final int index,
                final int length) {
            final long number = tell(id, REPLIED);
            if (length != Long.BYTES || buffer.getLong(index) != 2 * number) {
                throw new IllegalStateException(
                        name + ": " + number + " has reply " + buffer.getLong(index));
            }
        }

        @Override
        public void onExpired(final long id) {
            tell(id, EXPIRED);
        }

        @Override
        public void onCancelled(final long id) {
            tell(id, CANCELLED);
        }

        private long tell(final long id, final long outcome) {
            final int place = placeOf(id);
            final long number = state.getLong(place + Long.BYTES);
            final int at = OUTCOMES + (int) (number - 1) * Long.BYTES;
            state.putLong(place, 0);
            state.putLong(at, state.getLong(at) + outcome);
            return number;
        }

        private int placeOf(final long id) {
            for (int i = 0; i < AT_ONCE; i++) {
                final int place = WAITING + i * 2 * Long.BYTES;
                if (state.getLong(place) == id) {
                    return place;
                }
            }
            throw new IllegalStateException(name + ": nobody waits for " + id);
        }

        String summary() {
            int replied = 0;
            int expired = 0;
            int cancelled = 0;
            for (int i = 0; i < NUMBERS; i++) {
                final long outcome = state.getLong(OUTCOMES + i * Long.BYTES);
                replied += outcome == REPLIED ? 1 : 0;
                expired += outcome == EXPIRED ? 1 : 0;
                cancelled += outcome == CANCELLED ? 1 : 0;
            }
            return String.format(
                    "%s: asked %d, replied %d, expired %d, cancelled %d, one outcome each %s%n",
                    name,
                    state.getLong(ASKED),
                    replied,
                    expired,
                    cancelled,
                    replied + expired + cancelled == NUMBERS);
        }
    }
}
