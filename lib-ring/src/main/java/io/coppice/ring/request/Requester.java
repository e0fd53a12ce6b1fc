package io.coppice.ring.request;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
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

/**
 * The asking end: requests to one other daemon, and what becomes of each.
 *
 * <p>What is asked in a transaction is asked with its commit, together with all else that the
 * transaction changes, or never. Each request has one outcome, whoever dies: a reply, or that its
 * deadline has passed, or that the incarnation that asked is dead. {@link #poll} tells it once, in
 * a transaction. A request of {@link RequestSettings#durable} settings is not cancelled: the
 * successor is told its reply, or that it has expired.
 *
 * <p>Deadlines are of {@link System#nanoTime}, which on Linux is the machine's monotonic clock and
 * the same in every process.
 *
 * <p>For the daemon's own thread; allocates only while it opens and looks for the replier's ring.
 */
public final class Requester {
    /** Returned by {@link #tryAsk} where the ring is full: the replier has to go on first. */
    public static final long NO_SPACE = RingWriter.NO_SPACE;

    /** Returned by {@link #tryAsk} where too many requests have no outcome yet. */
    public static final long TOO_MANY = -2;

    private final String name;
    private final Memory memory;
    private final Journal journal;
    private final long owner;
    private final long flags;
    private final long longestNs;
    private final NanoClock clock;
    private final RequestTable pending;
    private final RingWriter requests;
    private final RingReader replies;
    private final ReplyEnd replyEnd = new ReplyEnd();
    private ReplyHandler handler;
    private long correlationId;
    private boolean isHeirless;
    private String problem;

    private Requester(
            final String name,
            final Arena arena,
            final RequestSettings settings,
            final RequestTable pending,
            final RingWriter requests,
            final RingReader replies) {
        this.name = name;
        this.memory = arena.memory();
        this.journal = arena.journal();
        this.owner = memory.getLong(ArenaLayout.OWNER);
        this.flags = settings.isDurable() ? RequestLayout.DURABLE : 0;
        this.longestNs = settings.longestNs();
        this.clock = settings.clock();
        this.pending = pending;
        this.requests = requests;
        this.replies = replies;
    }

    /**
     * Lays a requester out in the daemon's arena, or finds it there: a ring, a table, and a cursor
     * of the replier's ring. Only while the arena is open.
     *
     * @param asker this daemon
     * @param replier whom it asks; each must be among the readers of the other
     * @param name that both ends use
     * @throws ArenaException where the budget is used up, the name is in use, or what is there has
     *     another size
     */
    public static Requester open(
            final Arena arena,
            final DaemonPlan asker,
            final DaemonPlan replier,
            final String name,
            final RequestSettings settings,
            final Path runDirectory,
            final Bells bells) {
        final RequestTable pending =
                RequestTable.open(
                        arena,
                        RequestLayout.pendingTable(name, replier.name()),
                        settings.requests());
        final RingWriter requests =
                RingWriter.open(
                        arena,
                        asker,
                        RequestLayout.requestRing(name, replier.name()),
                        RingSettings.lossless(settings.ringBytes()),
                        List.of(replier),
                        runDirectory,
                        bells);
        final RingReader replies =
                RingReader.open(
                        arena,
                        replier,
                        RequestLayout.replyRing(name, asker.name()),
                        runDirectory,
                        bells);
        return new Requester(
                asker.name() + "/" + name, arena, settings, pending, requests, replies);
    }

    /** Returns the longest payload of a request. */
    public int payloadBytesMax() {
        return requests.payloadBytesMax() - RequestLayout.REQUEST_HEADER_BYTES;
    }

    /**
     * Asks, in the transaction under way. {@link #correlationId} is the request's from then on.
     *
     * @param type 0 or more, for the replier
     * @param payloadBytes 0 to {@link #payloadBytesMax}
     * @param deadlineNs of {@link System#nanoTime}, not farther ahead than the settings allow
     * @return offset of the payload in the arena, to be filled before the commit; {@link #NO_SPACE}
     *     or {@link #TOO_MANY} where nothing was asked
     * @throws IllegalArgumentException where payload or deadline are out of range
     */
    public long tryAsk(final int type, final int payloadBytes, final long deadlineNs) {
        if (payloadBytes < 0
                || payloadBytes > payloadBytesMax()
                || deadlineNs - clock.nanoTime() > longestNs) {
            throw refused(payloadBytes, deadlineNs);
        }
        if (pending.open() == pending.capacity()) {
            return TOO_MANY;
        }
        final long place =
                requests.tryClaim(type, RequestLayout.REQUEST_HEADER_BYTES + payloadBytes);
        if (place == NO_SPACE) {
            return NO_SPACE;
        }
        final long generation = requests.generation();
        final long ticket = pending.take(owner, deadlineNs, generation, 0, flags);
        memory.putLong(place + RequestLayout.TICKET, ticket);
        memory.putLong(place + RequestLayout.GENERATION, generation);
        memory.putLong(place + RequestLayout.OWNER, owner);
        memory.putLong(place + RequestLayout.DEADLINE_NS, deadlineNs);
        memory.putLong(place + RequestLayout.FLAGS, flags);
        correlationId = ticket;
        return place + RequestLayout.REQUEST_HEADER_BYTES;
    }

    /**
     * Asks from a buffer, as the other method does.
     *
     * @return 0 or more where it is asked, {@link #NO_SPACE} or {@link #TOO_MANY}
     */
    public long tryAsk(
            final int type,
            final DirectBuffer from,
            final int index,
            final int length,
            final long deadlineNs) {
        final long payload = tryAsk(type, length, deadlineNs);
        if (payload >= 0) {
            memory.putBytes(payload, from, index, length);
        }
        return payload;
    }

    private IllegalArgumentException refused(final int payloadBytes, final long deadlineNs) {
        return new IllegalArgumentException(
                "requests \""
                        + name
                        + "\": "
                        + payloadBytes
                        + " bytes until "
                        + deadlineNs
                        + " ns: at most "
                        + payloadBytesMax()
                        + " bytes fit, a quarter of the ring with its headers, and deadlines are"
                        + " at most "
                        + longestNs
                        + " ns ahead");
    }

    /**
     * Returns what names the request that was asked last: never 0, and unlike that of any other
     * request of this name and replier, over all incarnations, until the arena is cleared.
     */
    public long correlationId() {
        return correlationId;
    }

    /**
     * Tells outcomes: first what an earlier incarnation asked and nobody waits for any more, then
     * replies, then what has expired. A reply that is there before its request was found to have
     * expired still counts. Each of the three is a transaction of its own; to be called outside of
     * any.
     *
     * @param limit of outcomes; what they change must fit the journal
     *     <p>Where the replier's ring is damaged, what it holds is given up and {@link #problem}
     *     says so; requests whose replies were lost with it expire.
     * @return how many outcomes and late replies there were
     */
    public int poll(final ReplyHandler to, final int limit) {
        handler = to;
        try {
            int done = isHeirless ? 0 : end(RequestCount.CANCELLED, limit);
            done += done < limit ? readReplies(limit - done) : 0;
            if (done < limit && pending.mayBeDue(clock.nanoTime())) {
                done += end(RequestCount.EXPIRED, limit - done);
            }
            return done;
        } finally {
            handler = null;
        }
    }

    private int readReplies(final int limit) {
        try {
            return replies.poll(replyEnd, limit);
        } catch (final DamagedRingException damaged) {
            problem = damaged.getMessage();
            return skip();
        }
    }

    private int skip() {
        try {
            replies.skip();
            return 1;
        } catch (final DamagedRingException hopeless) {
            problem = hopeless.getMessage();
            return 0;
        }
    }

    /** Returns what is or was wrong with the replier's ring, in one line, or null. */
    public String problem() {
        return replies.problem() == null ? problem : replies.problem();
    }

    /** Returns how many requests have no outcome yet. */
    public int pending() {
        return pending.open();
    }

    /** Returns whether a request has no outcome yet. */
    public boolean isPending(final long id) {
        return pending.has(id);
    }

    /** Returns a count over all incarnations, as of the transaction under way. */
    public long count(final RequestCount what) {
        return pending.counted(what);
    }

    /**
     * Returns how long no deadline will pass, in nanoseconds: 0 where {@link #poll} has something
     * to look at.
     *
     * @param longestNs that is returned at most
     */
    public long quietNs(final long longestNs) {
        return isHeirless ? pending.quietNs(clock.nanoTime(), longestNs) : 0;
    }

    /** Ends what is to be ended, in one transaction, which is none where there is nothing. */
    private int end(final RequestCount why, final int limit) {
        final long nowNs = clock.nanoTime();
        int ended = 0;
        boolean isWhole = true;
        journal.begin();
        try {
            pending.beginLook();
            for (int i = 0; i < pending.capacity(); i++) {
                final long ticket = pending.ticketAt(i);
                if (ticket == RequestTableLayout.FREE) {
                    continue;
                }
                if (!isOver(ticket, why, nowNs)) {
                    pending.await(pending.deadlineNs(ticket));
                } else if (ended == limit) {
                    isWhole = false;
                    break;
                } else {
                    pending.end(ticket, why);
                    tell(ticket, why);
                    ended++;
                }
            }
            journal.commit();
        } finally {
            if (journal.isActive()) {
                journal.rollback();
            }
        }
        if (!isWhole) {
            pending.lookAgain();
        } else if (why == RequestCount.CANCELLED) {
            isHeirless = true;
        }
        return ended;
    }

    private boolean isOver(final long ticket, final RequestCount why, final long nowNs) {
        if (why == RequestCount.CANCELLED) {
            return pending.owner(ticket) != owner && !pending.isDurable(ticket);
        }
        final long leftNs = pending.deadlineNs(ticket) - nowNs;
        // Farther ahead than may be asked for: the clock began anew with the machine.
        return leftNs <= 0 || leftNs > longestNs;
    }

    private void tell(final long ticket, final RequestCount why) {
        if (why == RequestCount.CANCELLED) {
            handler.onCancelled(ticket);
        } else {
            handler.onExpired(ticket);
        }
    }

    /** Uses the records of the replier's ring, of which nothing is trusted. */
    private final class ReplyEnd implements MessageHandler {
        @Override
        public void onMessage(
                final int type, final DirectBuffer buffer, final int index, final int length) {
            if (length < RequestLayout.REPLY_HEADER_BYTES) {
                pending.count(RequestCount.UNSOUND);
                return;
            }
            final long ticket = buffer.getLong(index + RequestLayout.TICKET);
            final long generation = buffer.getLong(index + RequestLayout.GENERATION);
            if (generation != requests.generation() || !pending.has(ticket)) {
                pending.count(RequestCount.LATE);
                return;
            }
            pending.end(ticket, RequestCount.ANSWERED);
            handler.onReply(
                    ticket,
                    type,
                    buffer,
                    index + RequestLayout.REPLY_HEADER_BYTES,
                    length - RequestLayout.REPLY_HEADER_BYTES);
        }
    }
}
