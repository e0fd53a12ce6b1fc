package io.coppice.ring;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;

/**
 * Checks what must hold of every ring between any two stores of its writer and its readers. Reads
 * only, trusts nothing, never throws for what it finds; for any process that maps the arena while
 * its writer stands still. Allocates.
 */
public final class RingInvariants {
    private RingInvariants() {}

    /**
     * Returns what is wrong with a ring, one line each; nothing where it is sound.
     *
     * @param arena of the writer
     * @param place of the ring in it
     */
    public static List<String> check(final Memory arena, final Structure place) {
        final List<String> wrong = new ArrayList<>();
        final String who = "ring \"" + place.name() + "\": ";
        if (place.kind() != StructureKind.RING
                || place.bytes() < RingLayout.bytes(RingWriter.MIN_CAPACITY_BYTES)) {
            wrong.add(who + "is " + place.kind() + " of " + place.bytes() + " bytes");
            return wrong;
        }
        final long base = place.offset();
        if (arena.getLongAcquire(ArenaLayout.PHASE) == ArenaLayout.PHASE_INIT
                || arena.getLongAcquire(base + RingLayout.GENERATION) == 0) {
            // It is being laid out or cleared; a successor of this writer clears it again.
            return wrong;
        }
        final String difference =
                RingLayout.difference(arena.getLong(base + RingLayout.LAYOUT_VERSION));
        if (difference != null) {
            wrong.add(who + difference);
            return wrong;
        }
        final long capacity = arena.getLong(base + RingLayout.CAPACITY);
        if (!BitUtil.isPowerOfTwo(capacity) || RingLayout.RECORDS + capacity > place.bytes()) {
            wrong.add(
                    who + "capacity of " + capacity + " bytes in a structure of " + place.bytes());
            return wrong;
        }
        final long tail = arena.getLongAcquire(base + RingLayout.TAIL);
        final long gate = arena.getLongAcquire(base + RingLayout.GATE);
        if (gate < 0 || gate > tail || tail - gate > capacity || tail % RingLayout.ALIGNMENT != 0) {
            wrong.add(who + "gate " + gate + ", tail " + tail + ", capacity " + capacity);
            return wrong;
        }
        final long mode = arena.getLong(base + RingLayout.MODE);
        if (RingMode.of(mode) == null) {
            wrong.add(who + "mode " + mode);
        }
        final long announced = arena.getLongAcquire(base + RingLayout.ANNOUNCED_GATE);
        if (announced < gate || announced > tail) {
            wrong.add(who + "announced gate " + announced + " outside of " + gate + " to " + tail);
        }
        checkRecords(arena, base, capacity, gate, tail, who, wrong);
        return wrong;
    }

    private static boolean isLaterPart(final Memory arena, final long record, final int type) {
        final long payload = record + RingLayout.RECORD_HEADER_BYTES;
        return type == RingLayout.CHAIN_TYPE && arena.getInt(payload + RingLayout.PART_INDEX) != 0;
    }

    /** Everything from the gate to the tail is whole, since the writer overwrites nothing there. */
    private static void checkRecords(
            final Memory arena,
            final long base,
            final long capacity,
            final long gate,
            final long tail,
            final String who,
            final List<String> wrong) {
        long at = gate;
        long number = 0;
        boolean isNumbered = false;
        while (at < tail) {
            final long record = base + RingLayout.RECORDS + (at & capacity - 1);
            final int length = arena.getInt(record + RingLayout.RECORD_LENGTH);
            final int type = arena.getInt(record + RingLayout.RECORD_TYPE);
            final long bytes = RingLayout.recordBytes(type, length, at, tail, capacity);
            if (bytes == RingLayout.UNSOUND) {
                wrong.add(
                        who
                                + "record at position "
                                + at
                                + " of type "
                                + type
                                + " claims "
                                + length
                                + " bytes");
                return;
            }
            if (type != RingLayout.PADDING_TYPE) {
                final long there = arena.getLong(record + RingLayout.RECORD_NUMBER);
                final boolean isLaterPart = isLaterPart(arena, record, type);
                final long wanted = isLaterPart ? number - 1 : number;
                if (there < 0 || isNumbered && there != wanted) {
                    wrong.add(
                            who
                                    + "record at position "
                                    + at
                                    + " is number "
                                    + there
                                    + ", not "
                                    + wanted);
                }
                number = there + 1;
                isNumbered = true;
            }
            at += bytes;
        }
        final long next = arena.getLong(base + RingLayout.TAIL_NUMBER);
        // It is stored just before the tail.
        if (next < 0 || isNumbered && next < number) {
            wrong.add(who + "the next record is number " + next + ", the last was " + (number - 1));
        }
    }

    /**
     * Returns what is wrong with the blocks that travel with a ring's messages, one line each: each
     * block that is marked flies once, and no other. For a ring that is sound, while the writer's
     * journal is idle, since a transaction changes one word after the other.
     */
    public static List<String> checkFlights(final Memory arena, final Structure place) {
        final List<String> wrong = new ArrayList<>();
        final long capacityBytes = arena.getLong(place.offset() + RingLayout.CAPACITY);
        final long bytes = place.bytes() - RingLayout.RECORDS - capacityBytes;
        if (bytes > 0) {
            final long at = place.offset() + RingLayout.RECORDS + capacityBytes;
            final long tail = arena.getLongAcquire(place.offset() + RingLayout.TAIL);
            final String who = "ring \"" + place.name() + "\": ";
            checkFlights(arena.slice(at, bytes), tail, who, wrong);
        }
        return wrong;
    }

    private static void checkFlights(
            final Memory flights, final long tail, final String who, final List<String> wrong) {
        final int capacity = (int) flights.getLong(FlightsLayout.CAPACITY);
        if (capacity <= 0 || FlightsLayout.bytes(capacity) > flights.bytes()) {
            wrong.add(who + "flights of " + capacity + " blocks in " + flights.bytes() + " bytes");
            return;
        }
        final long landed = flights.getLong(FlightsLayout.LANDED);
        final long started = flights.getLong(FlightsLayout.STARTED);
        if (landed < 0 || landed > started || started - landed > capacity) {
            wrong.add(who + landed + " flights are over of " + started + " begun");
            return;
        }
        long before = 0;
        for (long each = landed; each < started; each++) {
            final long flight = FlightsLayout.flight(each, capacity);
            final long block = flights.getLong(flight + FlightsLayout.FLIGHT_BLOCK);
            final long end = flights.getLong(flight + FlightsLayout.FLIGHT_END);
            if (block < 0
                    || block >= capacity
                    || flights.getLong(FlightsLayout.mark((int) block, capacity)) != 1
                    || end <= before
                    || end > tail) {
                wrong.add(who + "flight " + each + " of block " + block + " to position " + end);
                return;
            }
            before = end;
        }
        long marked = 0;
        for (int block = 0; block < capacity; block++) {
            marked += flights.getLong(FlightsLayout.mark(block, capacity));
        }
        if (marked != started - landed) {
            wrong.add(who + marked + " blocks are marked, " + (started - landed) + " travel");
        }
    }
}
