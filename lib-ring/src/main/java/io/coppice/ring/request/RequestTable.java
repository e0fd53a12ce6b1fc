package io.coppice.ring.request;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.JournalListener;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;

/**
 * A table of requests without an outcome; {@link RequestTableLayout} has the ordering. What is
 * changed is part of the transaction under way. For the daemon's own thread; allocates nothing.
 */
final class RequestTable implements JournalListener {
    private final Memory memory;
    private final Journal journal;
    private final long base;
    private final int capacity;
    private int next;

    /** Nothing is due before, unless that is not known. */
    private long soonestNs;

    private boolean isAnyWaiting;
    private boolean isSoonestKnown;

    private RequestTable(final Arena arena, final long base, final int capacity) {
        this.memory = arena.memory();
        this.journal = arena.journal();
        this.base = base;
        this.capacity = capacity;
        journal.addListener(this);
    }

    /** Lays a table out, or finds it. */
    static RequestTable open(final Arena arena, final String name, final int capacity) {
        final Structure place =
                arena.structure(name, StructureKind.REQUESTS, RequestTableLayout.bytes(capacity));
        final Memory memory = arena.memory();
        final long word = place.offset() + RequestTableLayout.CAPACITY;
        if (memory.getLongAcquire(word) == 0) {
            memory.putLongRelease(word, capacity);
        }
        if (memory.getLong(word) != capacity) {
            throw new ArenaException(
                    "requests \""
                            + name
                            + "\": has "
                            + memory.getLong(word)
                            + " entries, this build wants "
                            + capacity
                            + ": use another name, or reset the daemon");
        }
        return new RequestTable(arena, place.offset(), capacity);
    }

    int capacity() {
        return capacity;
    }

    int open() {
        return (int) memory.getLong(base + RequestTableLayout.OPEN);
    }

    /** Takes an entry; {@link RequestTableLayout#FREE} where there is none. */
    long take(
            final long owner,
            final long deadlineNs,
            final long generation,
            final long peerTicket,
            final long flags) {
        if (open() == capacity) {
            return RequestTableLayout.FREE;
        }
        while (ticketAt(next) != RequestTableLayout.FREE) {
            next = next + 1 == capacity ? 0 : next + 1;
        }
        final long serial = memory.getLong(base + RequestTableLayout.GIVEN) + 1;
        final long ticket = serial << RequestTableLayout.INDEX_BITS | next;
        final long entry = base + RequestTableLayout.entry(next);
        journal.save(entry, RequestTableLayout.USED_BYTES);
        memory.putLong(entry + RequestTableLayout.TICKET, ticket);
        memory.putLong(entry + RequestTableLayout.OWNER, owner);
        memory.putLong(entry + RequestTableLayout.DEADLINE_NS, deadlineNs);
        memory.putLong(entry + RequestTableLayout.GENERATION, generation);
        memory.putLong(entry + RequestTableLayout.PEER_TICKET, peerTicket);
        memory.putLong(entry + RequestTableLayout.FLAGS, flags);
        journal.putLong(base + RequestTableLayout.GIVEN, serial);
        journal.putLong(base + RequestTableLayout.OPEN, open() + 1L);
        await(deadlineNs);
        return ticket;
    }

    /** Ends a request, which has an entry. */
    void end(final long ticket, final RequestCount why) {
        journal.putLong(entry(ticket) + RequestTableLayout.TICKET, RequestTableLayout.FREE);
        journal.putLong(base + RequestTableLayout.OPEN, open() - 1L);
        count(why);
    }

    void count(final RequestCount what) {
        journal.putLong(counter(what), memory.getLong(counter(what)) + 1);
    }

    long counted(final RequestCount what) {
        return memory.getLong(counter(what));
    }

    /** Returns whether a ticket, which may be anything, is of a request that has an entry. */
    boolean has(final long ticket) {
        return ticket != RequestTableLayout.FREE
                && RequestTableLayout.index(ticket) < capacity
                && ticketAt(RequestTableLayout.index(ticket)) == ticket;
    }

    /** Returns the ticket of an entry, or {@link RequestTableLayout#FREE}. */
    long ticketAt(final int index) {
        return memory.getLong(base + RequestTableLayout.entry(index) + RequestTableLayout.TICKET);
    }

    long owner(final long ticket) {
        return memory.getLong(entry(ticket) + RequestTableLayout.OWNER);
    }

    long deadlineNs(final long ticket) {
        return memory.getLong(entry(ticket) + RequestTableLayout.DEADLINE_NS);
    }

    long generation(final long ticket) {
        return memory.getLong(entry(ticket) + RequestTableLayout.GENERATION);
    }

    long peerTicket(final long ticket) {
        return memory.getLong(entry(ticket) + RequestTableLayout.PEER_TICKET);
    }

    boolean isDurable(final long ticket) {
        return (memory.getLong(entry(ticket) + RequestTableLayout.FLAGS) & RequestLayout.DURABLE)
                != 0;
    }

    /** Returns whether a look at all entries may find one whose deadline has passed. */
    boolean mayBeDue(final long nowNs) {
        return open() > 0 && (!isSoonestKnown || isAnyWaiting && soonestNs - nowNs <= 0);
    }

    /**
     * Returns how long nothing will be due, in nanoseconds, at most {@code longestNs}; 0 where that
     * is not known.
     */
    long quietNs(final long nowNs, final long longestNs) {
        if (open() == 0 || isSoonestKnown && !isAnyWaiting) {
            return longestNs;
        }
        return isSoonestKnown ? Math.clamp(soonestNs - nowNs, 0, longestNs) : 0;
    }

    /** A look at all entries begins: {@link #await} is told of each that stays. */
    void beginLook() {
        isSoonestKnown = true;
        isAnyWaiting = false;
    }

    /** An entry stays until its deadline. */
    void await(final long deadlineNs) {
        if (!isAnyWaiting || deadlineNs - soonestNs < 0) {
            soonestNs = deadlineNs;
        }
        isAnyWaiting = true;
    }

    /** A look at the entries has ended early. */
    void lookAgain() {
        isSoonestKnown = false;
    }

    @Override
    public void onCommit() {
        // What was taken was awaited then.
    }

    @Override
    public void onRollback() {
        lookAgain();
    }

    @Override
    public void onRollbackToSavepoint() {
        lookAgain();
    }

    private long entry(final long ticket) {
        return base + RequestTableLayout.entry(RequestTableLayout.index(ticket));
    }

    private long counter(final RequestCount what) {
        return base + RequestTableLayout.COUNTS + (long) what.ordinal() * Long.BYTES;
    }
}
