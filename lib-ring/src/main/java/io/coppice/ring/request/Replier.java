package io.coppice.ring.request;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.ring.RingWriter;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The answering end: requests of other daemons, in turn, and their replies, each asker's in a ring
 * of its own, so that one who does not read holds up nobody else.
 *
 * <p>A request is taken in the transaction of its handler, and is kept until it is answered, given
 * up, or nobody waits for it any more. Its reply is part of the transaction in which it is given.
 * So whoever dies, each request is answered at most once, and once where it is neither expired nor
 * its asker dead.
 *
 * <p>For the daemon's own thread; allocates only while it opens and looks for the askers' rings.
 */
public final class Replier {
    /** Returned by {@link #tryReply} where the asker has to go on first. */
    public static final long NO_SPACE = RingWriter.NO_SPACE;

    /** Returned by {@link #tryReply} where nobody waits for a reply any more. */
    public static final long OVER = -2;

    private final Memory memory;
    private final Journal journal;
    private final LivingEpochs living;
    private final NanoClock clock;
    private final RequestTable open;
    private final AskerEnd[] askers;
    private int first;

    private Replier(
            final Arena arena,
            final LivingEpochs living,
            final NanoClock clock,
            final RequestTable open,
            final AskerEnd[] askers) {
        this.memory = arena.memory();
        this.journal = arena.journal();
        this.living = living;
        this.clock = clock;
        this.open = open;
        this.askers = askers;
    }

    /**
     * Lays a replier out in the daemon's arena, or finds it there: a table, and for each asker a
     * ring and a cursor of the asker's ring. Only while the arena is open.
     *
     * @param replier this daemon
     * @param askers whom it answers; each must be among the readers of the other
     * @param name that both ends use
     * @param living who is dead for certain
     * @throws ArenaException where the budget is used up, the name is in use, or what is there has
     *     another size
     */
    public static Replier open(
            final Arena arena,
            final DaemonPlan replier,
            final List<DaemonPlan> askers,
            final String name,
            final RequestSettings settings,
            final LivingEpochs living,
            final Path runDirectory,
            final Bells bells) {
        if (settings.isDurable()) {
            throw new IllegalArgumentException(
                    "replies \"" + name + "\": whether a request is durable, its asker says");
        }
        final RequestTable open =
                RequestTable.open(arena, RequestLayout.openTable(name), settings.requests());
        final AskerEnd[] ends = new AskerEnd[askers.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] =
                    AskerEnd.open(
                            arena,
                            replier,
                            askers.get(i),
                            name,
                            settings,
                            living,
                            open,
                            runDirectory,
                            bells);
        }
        return new Replier(arena, living, settings.clock(), open, ends);
    }

    /**
     * Takes requests, of each asker in turn, those of one in one transaction. Requests that have
     * expired or whose asker is dead are skipped and counted; those taken before and not answered
     * yet too. While as many are open as the settings allow, no more are taken. To be called
     * outside of any transaction.
     *
     * @param limit of requests; what they change must fit the journal
     *     <p>Where an asker's ring is damaged, what it holds is given up and {@link #problem} says
     *     so; the others are served.
     * @return how many were taken or skipped
     */
    public int poll(final RequestHandler handler, final int limit) {
        int done = isLookDue() ? endThoseOver(limit) : 0;
        for (int i = 0; i < askers.length && done < limit; i++) {
            final int room = Math.min(limit - done, open.capacity() - open.open());
            if (room == 0) {
                break;
            }
            done += askers[(first + i) % askers.length].poll(handler, room);
        }
        first = askers.length == 0 ? 0 : (first + 1) % askers.length;
        return done;
    }

    /**
     * Answers a request, in the transaction under way.
     *
     * @param ticket of the request
     * @param type 0 or more, for the asker
     * @param payloadBytes 0 to {@link #payloadBytesMax}
     * @return offset of the payload in the arena, to be filled before the commit; {@link #NO_SPACE}
     *     where the request stays open, to be answered later; {@link #OVER} where it was answered
     *     or given up, has expired, or its asker is dead
     */
    public long tryReply(final long ticket, final int type, final int payloadBytes) {
        if (!open.has(ticket)) {
            return OVER;
        }
        final AskerEnd asker = askerOf(ticket);
        final RequestCount over = over(ticket, asker, clock.nanoTime());
        if (over != null) {
            open.end(ticket, over);
            return OVER;
        }
        final long place =
                asker.replies().tryClaim(type, RequestLayout.REPLY_HEADER_BYTES + payloadBytes);
        if (place == NO_SPACE) {
            return NO_SPACE;
        }
        memory.putLong(place + RequestLayout.TICKET, open.peerTicket(ticket));
        memory.putLong(place + RequestLayout.GENERATION, open.generation(ticket));
        open.end(ticket, RequestCount.ANSWERED);
        return place + RequestLayout.REPLY_HEADER_BYTES;
    }

    /**
     * Answers a request from a buffer, as the other method does.
     *
     * @return 0 or more where it is answered, {@link #NO_SPACE} or {@link #OVER}
     */
    public long tryReply(
            final long ticket,
            final int type,
            final DirectBuffer from,
            final int index,
            final int length) {
        final long payload = tryReply(ticket, type, length);
        if (payload >= 0) {
            memory.putBytes(payload, from, index, length);
        }
        return payload;
    }

    /** Gives a request up, in the transaction under way; its asker waits until the deadline. */
    public void drop(final long ticket) {
        if (open.has(ticket)) {
            open.end(ticket, RequestCount.DROPPED);
        }
    }

    /** Returns the longest payload of a reply. */
    public int payloadBytesMax() {
        return askers.length == 0
                ? 0
                : askers[0].replies().payloadBytesMax() - RequestLayout.REPLY_HEADER_BYTES;
    }

    /** Returns whether a request was taken and has not ended. */
    public boolean isOpen(final long ticket) {
        return open.has(ticket);
    }

    /** Returns whether a request is open and its asker certified dead, so that nobody waits. */
    public boolean isCancelled(final long ticket) {
        return open.has(ticket)
                && !open.isDurable(ticket)
                && (askerOf(ticket) == null || living.isDead(open.owner(ticket)));
    }

    /** Returns whether a request is open and its deadline has passed. */
    public boolean isExpired(final long ticket) {
        return open.has(ticket) && open.deadlineNs(ticket) - clock.nanoTime() <= 0;
    }

    /** Returns the deadline of an open request, of {@link System#nanoTime}. */
    public long deadlineNs(final long ticket) {
        if (!open.has(ticket)) {
            throw new IllegalArgumentException("request " + ticket + ": is not open");
        }
        return open.deadlineNs(ticket);
    }

    /** Returns how many requests were taken and have not ended. */
    public int open() {
        return open.open();
    }

    /**
     * Returns an open request: a successor finds what was left to it with this.
     *
     * @param after 0 for the first, else the ticket that was returned before
     * @return its ticket, or 0 where there is no more
     */
    public long next(final long after) {
        final int from = after == 0 ? 0 : RequestTableLayout.index(after) + 1;
        for (int i = from; i < open.capacity(); i++) {
            if (open.ticketAt(i) != RequestTableLayout.FREE) {
                return open.ticketAt(i);
            }
        }
        return 0;
    }

    /** Returns a count over all incarnations, as of the transaction under way. */
    public long count(final RequestCount what) {
        return open.counted(what);
    }

    /** Returns what is or was wrong with the ring of an asker, in one line, or null. */
    public String problem() {
        for (final AskerEnd asker : askers) {
            if (asker.problem() != null) {
                return asker.problem();
            }
        }
        return null;
    }

    private boolean isLookDue() {
        boolean isDue = open.mayBeDue(clock.nanoTime());
        for (final AskerEnd asker : askers) {
            isDue |= asker.hasDied() && open.open() > 0;
        }
        return isDue;
    }

    /** Ends what nobody waits for any more, in one transaction, which must fit the journal. */
    private int endThoseOver(final int limit) {
        final long nowNs = clock.nanoTime();
        int ended = 0;
        boolean isWhole = true;
        journal.begin();
        try {
            open.beginLook();
            for (int i = 0; i < open.capacity(); i++) {
                final long ticket = open.ticketAt(i);
                if (ticket == RequestTableLayout.FREE) {
                    continue;
                }
                final RequestCount over = over(ticket, askerOf(ticket), nowNs);
                if (over == null) {
                    open.await(open.deadlineNs(ticket));
                } else if (ended == limit) {
                    isWhole = false;
                    break;
                } else {
                    open.end(ticket, over);
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
            open.lookAgain();
        }
        return ended;
    }

    /** Returns why nobody waits for a reply any more, or null. */
    private RequestCount over(final long ticket, final AskerEnd asker, final long nowNs) {
        if (asker == null || !open.isDurable(ticket) && living.isDead(open.owner(ticket))) {
            return RequestCount.CANCELLED;
        }
        return open.deadlineNs(ticket) - nowNs <= 0 ? RequestCount.EXPIRED : null;
    }

    private AskerEnd askerOf(final long ticket) {
        final int slot = OwnerWord.slot(open.owner(ticket));
        for (final AskerEnd asker : askers) {
            if (asker.slot() == slot) {
                return asker;
            }
        }
        return null;
    }
}
