package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.plan.DaemonPlan;
import java.util.List;
import org.agrona.BitUtil;

/** Where a ring lies in its writer's arena. */
final class RingPlace {
    private RingPlace() {}

    /**
     * Lays a ring out, or finds it as it is wanted.
     *
     * @throws ArenaException where it is there with another capacity or mode, or the settings name
     *     a reader that is none
     */
    static Structure layOut(
            final Arena arena,
            final DaemonPlan writer,
            final String ring,
            final RingSettings settings,
            final List<DaemonPlan> readers) {
        final int capacityBytes = settings.capacityBytes();
        final String who = writer.name() + ": ring \"" + ring + "\"";
        if (!BitUtil.isPowerOfTwo(capacityBytes) || capacityBytes < RingWriter.MIN_CAPACITY_BYTES) {
            throw new ArenaException(
                    who
                            + " of "
                            + capacityBytes
                            + " bytes: use a power of two from "
                            + RingWriter.MIN_CAPACITY_BYTES);
        }
        for (final String reader : settings.policies().keySet()) {
            if (readers.stream().noneMatch(each -> each.name().equals(reader))) {
                throw new ArenaException(
                        who
                                + " has a policy for \""
                                + reader
                                + "\", which does not read it: add it to the \"readers\"");
            }
        }
        final Structure place =
                arena.structure(
                        RingLayout.structureName(ring),
                        StructureKind.RING,
                        RingLayout.bytes(capacityBytes, settings.blockCount()));
        final Memory memory = arena.memory();
        final long base = place.offset();
        if (memory.getLongAcquire(base + RingLayout.GENERATION) == 0) {
            memory.putLong(base + RingLayout.CAPACITY, capacityBytes);
            memory.putLong(base + RingLayout.MODE, settings.mode().ordinal());
            if (settings.blockCount() > 0) {
                memory.putLong(
                        base + RingLayout.bytes(capacityBytes) + FlightsLayout.CAPACITY,
                        settings.blockCount());
            }
            memory.putLong(base + RingLayout.LAYOUT_VERSION, RingLayout.LAYOUT);
            memory.putLongRelease(base + RingLayout.GENERATION, arena.generation());
        }
        final String difference =
                RingLayout.difference(memory.getLong(base + RingLayout.LAYOUT_VERSION));
        if (difference != null) {
            throw new ArenaException(who + " " + difference);
        }
        final RingMode there = RingMode.of(memory.getLong(base + RingLayout.MODE));
        if (there != settings.mode()) {
            throw new ArenaException(
                    who
                            + " is "
                            + there
                            + ", this build wants "
                            + settings.mode()
                            + ": use another name, or reset the daemon");
        }
        return place;
    }
}
