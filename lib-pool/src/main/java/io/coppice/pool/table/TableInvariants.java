package io.coppice.pool.table;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Checks what must hold of every {@link Table} while no transaction is under way and none is left
 * to recover, for {@code coppice state verify} and for tests.
 *
 * <p>Reads only, trusts nothing, never throws for what it finds; for any process that maps the
 * arena. While a writer is in a transaction it may complain of what is half done. Allocates.
 */
public final class TableInvariants {
    /** A table full of rubbish is not worth a line for every word of it. */
    private static final int LINES_MAX = 100;

    private final Memory arena;
    private final TableGeometry geometry;
    private final List<String> wrong = new ArrayList<>();
    private final long size;
    private final long fresh;

    private TableInvariants(final Memory arena, final TableGeometry geometry) {
        this.arena = arena;
        this.geometry = geometry;
        this.size = word(TableLayout.SIZE);
        this.fresh = word(TableLayout.FRESH);
    }

    /**
     * Returns what is wrong, one line each with its offset in the arena; nothing where the table is
     * sound.
     */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        try {
            return new TableInvariants(arena, TableGeometry.read("table", arena, offset, bytes))
                    .check();
        } catch (final ArenaException noTable) {
            return List.of(noTable.getMessage());
        }
    }

    private List<String> check() {
        checkCounts();
        if (wrong.isEmpty()) {
            checkRecords();
            checkFreeList();
            checkIndex();
        }
        return wrong;
    }

    private void checkCounts() {
        requireWithin("fresh", TableLayout.FRESH, 0, geometry.capacity);
        requireWithin("size", TableLayout.SIZE, 0, fresh);
        requireWithin("highWater", TableLayout.HIGH_WATER, size, geometry.capacity);
        requireWithin("free", TableLayout.FREE, 0, fresh);
        final long shifts = word(TableLayout.SHIFTS);
        require(
                shifts >= 0 && shifts % 2 == 0,
                geometry.offset + TableLayout.SHIFTS,
                "shifts is " + shifts + ": a transaction that removes is under way");
    }

    private void requireWithin(
            final String what, final int offset, final long least, final long most) {
        final long value = word(offset);
        require(
                value >= least && value <= most,
                geometry.offset + offset,
                what + " is " + value + ", not in " + least + " to " + most);
    }

    private void checkRecords() {
        long used = 0;
        for (long number = 0; number < geometry.capacity && hasRoom(); number++) {
            final long record = geometry.record(number);
            final long head = arena.getLong(record + TableLayout.HEAD);
            final long link = arena.getLong(geometry.link(number));
            final String who = "record " + number;
            require(head >= 0, record, who + " has the head " + head);
            final boolean inUse = number < fresh && link <= 0;
            require(
                    inUse == TableLayout.isLive(head),
                    record,
                    who + (inUse ? " is in use and not live" : " is live and not in use"));
            require(
                    !inUse || !TableLayout.isAwaited(head, link),
                    geometry.link(number),
                    who + " waits for the head " + ~link + " and has " + head);
            require(
                    number < fresh || link == 0,
                    geometry.link(number),
                    who + " was never used and has the link " + link);
            if (inUse) {
                used++;
                checkKeyLength(number, key(record, head));
            }
        }
        require(
                used == size || !hasRoom(),
                geometry.offset + TableLayout.SIZE,
                "size is " + size + ", records in use are " + used);
    }

    private void checkKeyLength(final long number, final long key) {
        final long length = arena.getLong(key);
        require(
                geometry.hasLongKeys() || length >= 0 && length <= geometry.keyBytesMax,
                key,
                "record " + number + " has a key of " + length + " bytes");
    }

    /** Ends where a record comes twice, so also where the list is a circle. */
    private void checkFreeList() {
        final BitSet met = new BitSet();
        long at = geometry.offset + TableLayout.FREE;
        long free = word(TableLayout.FREE);
        while (free != 0) {
            if (free < 0 || free > fresh) {
                wrong(at, "the free list leads to record " + (free - 1) + " of " + fresh);
                return;
            }
            if (met.get((int) (free - 1))) {
                wrong(at, "record " + (free - 1) + " is twice in the free list");
                return;
            }
            met.set((int) (free - 1));
            at = geometry.link(free - 1);
            final long link = arena.getLong(at);
            if (link <= 0) {
                wrong(at, "record " + (free - 1) + " is in the free list and in use");
                return;
            }
            free = TableLayout.nextFree(link);
        }
        require(
                met.cardinality() == fresh - size,
                geometry.offset + TableLayout.FREE,
                "the free list has "
                        + met.cardinality()
                        + " records, not in use are "
                        + (fresh - size));
    }

    private void checkIndex() {
        final BitSet met = new BitSet();
        boolean anyEmpty = false;
        for (long slot = 0; slot < geometry.slots && hasRoom(); slot++) {
            final long word = arena.getLong(geometry.slot(slot));
            if (word == 0) {
                anyEmpty = true;
            } else {
                checkWord(slot, word, met);
            }
        }
        if (hasRoom()) {
            require(anyEmpty, geometry.index, "the index has no empty word");
            require(
                    met.cardinality() == size,
                    geometry.index,
                    "the index names " + met.cardinality() + " records of " + size);
        }
        if (wrong.isEmpty()) {
            checkProbes();
        }
    }

    private void checkWord(final long slot, final long word, final BitSet met) {
        final long at = geometry.slot(slot);
        final long number = TableLayout.number(word);
        if (number < 0 || number >= fresh) {
            wrong(at, "the index names record " + number + " of " + fresh);
            return;
        }
        require(!met.get((int) number), at, "the index names record " + number + " twice");
        met.set((int) number);
        final long record = geometry.record(number);
        final long head = arena.getLong(record + TableLayout.HEAD);
        if (!TableLayout.isLive(head)) {
            wrong(at, "the index names record " + number + ", which is not live");
            return;
        }
        final long key = key(record, head);
        require(
                tagMatches(key, TableLayout.tag(word)),
                at,
                "the index names record " + number + " by the tag of another key");
    }

    private boolean tagMatches(final long key, final int tag) {
        final long length = arena.getLong(key);
        if (geometry.hasLongKeys()) {
            return KeyHash.tag(length) == tag;
        }
        return length >= 0
                && length <= geometry.keyBytesMax
                && KeyHash.tag(arena.reader(key + Long.BYTES, (int) length), 0, (int) length)
                        == tag;
    }

    /**
     * No word may have an empty slot between its home and itself: then its key would be missed. The
     * walk is one round after an empty slot, so that the words before it count, too.
     */
    private void checkProbes() {
        long start = 0;
        while (arena.getLong(geometry.slot(start)) != 0) {
            start = geometry.after(start);
        }
        long run = 0;
        for (long i = 1; i < geometry.slots && hasRoom(); i++) {
            final long slot = start + i & geometry.slots - 1;
            final long word = arena.getLong(geometry.slot(slot));
            run = word == 0 ? 0 : run + 1;
            final long displaced = slot - geometry.home(TableLayout.tag(word)) & geometry.slots - 1;
            require(
                    word == 0 || displaced < run,
                    geometry.slot(slot),
                    "a search for record " + TableLayout.number(word) + " ends before it");
        }
    }

    private long key(final long record, final long head) {
        return geometry.copy(record, TableLayout.copy(head));
    }

    private long word(final int offset) {
        return arena.getLong(geometry.offset + offset);
    }

    private boolean hasRoom() {
        return wrong.size() < LINES_MAX;
    }

    private void require(final boolean holds, final long offset, final String message) {
        if (!holds) {
            wrong(offset, message);
        }
    }

    private void wrong(final long offset, final String message) {
        if (hasRoom()) {
            wrong.add("table, offset " + offset + ": " + message);
        }
    }
}
