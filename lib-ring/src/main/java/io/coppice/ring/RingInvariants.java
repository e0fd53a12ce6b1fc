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
        if (!BitUtil.isPowerOfTwo(capacity) || RingLayout.RECORDS + capacity != place.bytes()) {
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
                if (there < 0 || isNumbered && there != number) {
                    wrong.add(
                            who
                                    + "record at position "
                                    + at
                                    + " is number "
                                    + there
                                    + ", not "
                                    + number);
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
}
