package io.coppice.ring.request;

/**
 * The requests that have no outcome yet: one table in the asker's arena, for those it waits for,
 * and one in the replier's, for those it has taken and not answered.
 *
 * <pre>
 *      0  capacity      entries; stored last (release), 0 before
 *     64  given         how many tickets were ever given out (j)
 *     72  open          entries in use (j)
 *     80  counts[6]     in the order of {@link RequestCount} (j)
 *    128  entries[capacity], 64 bytes each (j)
 *           0  ticket      serial << 16 | index of the entry; 0 where it is free
 *           8  owner       {epoch, slot} of the incarnation that asked
 *          16  deadlineNs  CLOCK_MONOTONIC
 *          24  generation  of the asker's ring
 *          32  peerTicket  in the replier's table the asker's ticket; else 0
 *          40  flags       bit 0 durable
 * </pre>
 *
 * <p>Ordering. Whatever is marked (j) is written under the journal of the arena's daemon, by its
 * thread alone, and read by no other process but those that look on. So an entry, the record in the
 * ring that goes with it and what the daemon changes of its own stand together or not at all: a
 * death between any two stores before the commit has all of them undone, a death after it none. A
 * death while the table is laid out leaves an arena that is laid out anew.
 *
 * <p>Serials count from 1 and never go back, since a rollback takes back what was given out with
 * them; so a ticket names one request for as long as the table lasts.
 */
final class RequestTableLayout {
    static final int CAPACITY = 0;
    static final int GIVEN = 64;
    static final int OPEN = 72;
    static final int COUNTS = 80;
    static final int ENTRIES = 128;
    static final int ENTRY_BYTES = 64;

    static final int TICKET = 0;
    static final int OWNER = 8;
    static final int DEADLINE_NS = 16;
    static final int GENERATION = 24;
    static final int PEER_TICKET = 32;
    static final int FLAGS = 40;

    /** What of an entry is ever written. */
    static final int USED_BYTES = 48;

    static final int INDEX_BITS = 16;

    /** The most entries. */
    static final int CAPACITY_MAX = 1 << INDEX_BITS;

    /** No ticket. */
    static final long FREE = 0;

    static {
        if (OPEN + Long.BYTES != COUNTS
                || COUNTS + RequestCount.values().length * Long.BYTES > ENTRIES
                || ENTRIES % ENTRY_BYTES != 0
                || FLAGS + Long.BYTES != USED_BYTES
                || USED_BYTES > ENTRY_BYTES) {
            throw new AssertionError("the parts of a table of requests do not fit together");
        }
    }

    private RequestTableLayout() {}

    /** Returns what a table takes in an arena. */
    static long bytes(final int capacity) {
        return ENTRIES + (long) capacity * ENTRY_BYTES;
    }

    /** Returns where an entry lies in the table. */
    static long entry(final int index) {
        return ENTRIES + (long) index * ENTRY_BYTES;
    }

    /** Returns the entry that a ticket is of. */
    static int index(final long ticket) {
        return (int) (ticket & (CAPACITY_MAX - 1));
    }
}
