package io.coppice.ring.request;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what must hold of a table of requests whenever no transaction of its daemon is under way
 * and what a dead one left is undone. Reads only, trusts nothing, never throws for what it finds;
 * for any process that maps the arena. Allocates.
 */
public final class RequestInvariants {
    private RequestInvariants() {}

    /** Returns what is wrong with a table, one line each; nothing where it is sound. */
    public static List<String> check(final Memory arena, final Structure place) {
        final List<String> wrong = new ArrayList<>();
        final String who = "requests \"" + place.name() + "\": ";
        if (place.kind() != StructureKind.REQUESTS
                || place.bytes() < RequestTableLayout.bytes(1)
                || place.offset() < 0
                || place.offset() > arena.bytes() - place.bytes()) {
            wrong.add(who + "is " + place.kind() + " of " + place.bytes() + " bytes");
            return wrong;
        }
        final long base = place.offset();
        final long capacity = arena.getLongAcquire(base + RequestTableLayout.CAPACITY);
        if (arena.getLongAcquire(ArenaLayout.PHASE) != ArenaLayout.PHASE_STATIC) {
            return wrong;
        }
        if (capacity < 1
                || capacity > RequestTableLayout.CAPACITY_MAX
                || RequestTableLayout.bytes((int) capacity) != place.bytes()) {
            wrong.add(who + capacity + " entries in a structure of " + place.bytes() + " bytes");
            return wrong;
        }
        final long given = arena.getLong(base + RequestTableLayout.GIVEN);
        int used = 0;
        for (int i = 0; i < capacity; i++) {
            final long entry = base + RequestTableLayout.entry(i);
            final long ticket = arena.getLong(entry + RequestTableLayout.TICKET);
            if (ticket == RequestTableLayout.FREE) {
                continue;
            }
            used++;
            final long serial = ticket >>> RequestTableLayout.INDEX_BITS;
            if (RequestTableLayout.index(ticket) != i || serial < 1 || serial > given) {
                wrong.add(who + "entry " + i + " has ticket " + ticket + " of " + given + " given");
            }
            if (arena.getLong(entry + RequestTableLayout.OWNER) == 0) {
                wrong.add(who + "entry " + i + " is of nobody");
            }
        }
        final long open = arena.getLong(base + RequestTableLayout.OPEN);
        if (open != used) {
            wrong.add(who + open + " entries in use, there are " + used);
        }
        // Each ticket ends once, as one of these; the others count what had no ticket, or more.
        final long ended = arena.getLong(base + RequestTableLayout.COUNTS) + open;
        if (ended > given) {
            wrong.add(who + ended + " requests answered or open of " + given + " given");
        }
        return wrong;
    }
}
