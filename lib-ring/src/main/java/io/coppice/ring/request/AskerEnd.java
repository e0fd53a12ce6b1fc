package io.coppice.ring.request;

import io.coppice.pool.Arena;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.ring.DamagedRingException;
import io.coppice.ring.MessageHandler;
import io.coppice.ring.RingReader;
import io.coppice.ring.RingSettings;
import io.coppice.ring.RingWriter;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/** One asker as its replier sees it. Nothing in its ring is trusted. */
final class AskerEnd implements MessageHandler {
    private final int slot;
    private final LivingEpochs living;
    private final NanoClock clock;
    private final RequestTable open;
    private final RingReader requests;
    private final RingWriter replies;
    private RequestHandler handler;
    private long seenEpoch;
    private String problem;

    private AskerEnd(
            final int slot,
            final LivingEpochs living,
            final NanoClock clock,
            final RequestTable open,
            final RingReader requests,
            final RingWriter replies) {
        this.slot = slot;
        this.living = living;
        this.clock = clock;
        this.open = open;
        this.requests = requests;
        this.replies = replies;
    }

    static AskerEnd open(
            final Arena arena,
            final DaemonPlan replier,
            final DaemonPlan asker,
            final String name,
            final RequestSettings settings,
            final LivingEpochs living,
            final RequestTable open,
            final Path runDirectory,
            final Bells bells) {
        final RingReader requests =
                RingReader.open(
                        arena,
                        asker,
                        RequestLayout.requestRing(name, replier.name()),
                        runDirectory,
                        bells);
        final RingWriter replies =
                RingWriter.open(
                        arena,
                        replier,
                        RequestLayout.replyRing(name, asker.name()),
                        RingSettings.lossless(settings.ringBytes()),
                        List.of(asker),
                        runDirectory,
                        bells);
        return new AskerEnd(asker.slot(), living, settings.clock(), open, requests, replies);
    }

    int slot() {
        return slot;
    }

    RingWriter replies() {
        return replies;
    }

    /** Returns whether an incarnation has died since this was asked last. */
    boolean hasDied() {
        final long before = seenEpoch;
        seenEpoch = living.of(slot);
        return seenEpoch != before;
    }

    int poll(final RequestHandler to, final int limit) {
        handler = to;
        try {
            return requests.poll(this, limit);
        } catch (final DamagedRingException damaged) {
            // One asker gone mad is no reason to leave the others without their replies.
            problem = damaged.getMessage();
            return skip();
        } finally {
            handler = null;
        }
    }

    private int skip() {
        try {
            requests.skip();
            return 1;
        } catch (final DamagedRingException hopeless) {
            problem = hopeless.getMessage();
            return 0;
        }
    }

    /** Returns what is or was wrong with the asker's ring, or null. */
    String problem() {
        return requests.problem() == null ? problem : requests.problem();
    }

    @Override
    public void onMessage(
            final int type, final DirectBuffer buffer, final int index, final int length) {
        if (length < RequestLayout.REQUEST_HEADER_BYTES) {
            open.count(RequestCount.UNSOUND);
            return;
        }
        final long owner = buffer.getLong(index + RequestLayout.OWNER);
        final long flags = buffer.getLong(index + RequestLayout.FLAGS);
        final long deadlineNs = buffer.getLong(index + RequestLayout.DEADLINE_NS);
        if (OwnerWord.slot(owner) != slot) {
            open.count(RequestCount.UNSOUND);
        } else if ((flags & RequestLayout.DURABLE) == 0 && living.isDead(owner)) {
            open.count(RequestCount.CANCELLED);
        } else if (deadlineNs - clock.nanoTime() <= 0) {
            open.count(RequestCount.EXPIRED);
        } else {
            final long ticket =
                    open.take(
                            owner,
                            deadlineNs,
                            buffer.getLong(index + RequestLayout.GENERATION),
                            buffer.getLong(index + RequestLayout.TICKET),
                            flags);
            handler.onRequest(
                    ticket,
                    type,
                    buffer,
                    index + RequestLayout.REQUEST_HEADER_BYTES,
                    length - RequestLayout.REQUEST_HEADER_BYTES);
        }
    }
}
