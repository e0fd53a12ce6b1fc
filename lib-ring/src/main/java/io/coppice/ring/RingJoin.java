package io.coppice.ring;

import java.lang.invoke.VarHandle;

/** How a reader comes to a position in a ring without the writer's overwriting it meanwhile. */
final class RingJoin {
    private final String name;
    private final RingCursor cursor;
    private final MappedRing ring;

    RingJoin(final String name, final RingCursor cursor, final MappedRing ring) {
        this.name = name;
        this.cursor = cursor;
        this.ring = ring;
    }

    /** Begins where an incarnation is to begin. */
    void begin(final RingStart start) {
        switch (start.kind()) {
            case OLDEST -> at(ring.announcedGate(), RingCursor.ANY);
            case NEWEST -> at(ring.tail(), RingCursor.ANY);
            case NUMBER -> {
                at(ring.announcedGate(), RingCursor.ANY);
                seek(start.number());
            }
            case COMMITTED -> {}
        }
    }

    /**
     * Begins at a position, or, where the writer may be about to overwrite that, at the oldest
     * record that it keeps: it looks at all positions after it has announced, and this looks again
     * at what is announced after each position it has stored.
     */
    void at(final long from, final long next) {
        long begin = from;
        do {
            final long known = next == RingCursor.ANY ? numberAt(begin) : next;
            cursor.start(begin, known, ring.generation());
            VarHandle.fullFence();
            begin = ring.announcedGate();
        } while (!ring.mode().mayOvertake() && begin > cursor.position());
    }

    /**
     * Returns the number of the record at a position, so that those lost from there on are counted;
     * {@link RingCursor#ANY} where that cannot be said.
     */
    private long numberAt(final long begin) {
        if (begin == 0) {
            return 0;
        }
        if (begin >= ring.tail() || ring.type(begin) == RingLayout.PADDING_TYPE) {
            return RingCursor.ANY;
        }
        final long there = ring.number(begin);
        return ring.isKept(begin) ? there : RingCursor.ANY;
    }

    /** Goes before the message with a number; the writer waits meanwhile, or it is tried again. */
    private void seek(final long wanted) {
        if (wanted > ring.tailNumber()) {
            return;
        }
        final long newest = ring.tail();
        long walk = cursor.position();
        long seen = -1;
        boolean isFound = false;
        while (walk < newest && !isFound) {
            final int type = ring.type(walk);
            final long bytes = ring.recordBytes(type, ring.length(walk), walk, newest);
            final long there =
                    bytes == RingLayout.UNSOUND || type == RingLayout.PADDING_TYPE
                            ? seen
                            : ring.number(walk);
            if (!ring.isKept(walk)) {
                if (!ring.isSame()) {
                    throw damaged("was laid out anew while it was read");
                }
                walk = ring.gate();
                continue;
            }
            if (bytes == RingLayout.UNSOUND) {
                throw damaged("the record at position " + walk + " cannot be one");
            }
            isFound = there >= wanted;
            seen = there;
            walk += isFound ? 0 : bytes;
        }
        at(walk, isFound || seen + 1 == wanted ? wanted : RingCursor.ANY);
    }

    private DamagedRingException damaged(final String what) {
        return new DamagedRingException("ring \"" + name + "\": " + what);
    }
}
