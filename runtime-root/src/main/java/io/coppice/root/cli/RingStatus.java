package io.coppice.root.cli;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.ring.RingGlance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A ring that a daemon writes, as it is seen at one moment.
 *
 * @param name of the ring
 * @param bytes that it takes in the arena
 * @param lookedNs when it was looked at, {@link System#nanoTime}
 * @param messagesPerSecond published between the look before and this one, {@link
 *     RingGlance#UNKNOWN} where there was none
 * @param glance what shows; null where the ring is not whole
 * @param readers names of the daemons, as in the glance
 * @param lastCutOff name of the reader that was cut off last; null where none was
 */
record RingStatus(
        String name,
        long bytes,
        long lookedNs,
        double messagesPerSecond,
        RingGlance glance,
        List<String> readers,
        String lastCutOff) {
    private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * Looks at the rings of a daemon.
     *
     * @param arenas of all daemons of the tree, in their order; null for one that is not there
     */
    static List<RingStatus> of(
            final TreePlan tree, final DaemonPlan writer, final List<Memory> arenas) {
        final List<RingStatus> rings = new ArrayList<>();
        final Memory arena = arenas.get(tree.daemons().indexOf(writer));
        if (arena == null) {
            return rings;
        }
        final List<String> names = new ArrayList<>();
        final List<Memory> readers = new ArrayList<>();
        for (final DaemonPlan daemon : tree.daemons()) {
            if (writer.readers().contains(daemon.slot())) {
                names.add(daemon.name());
                readers.add(arenas.get(tree.daemons().indexOf(daemon)));
            }
        }
        try {
            for (final Structure structure : ArenaDirectory.list(arena)) {
                if (structure.kind() == StructureKind.RING) {
                    rings.add(ring(tree, writer, arena, structure, names, readers));
                }
            }
        } catch (final ArenaException damaged) {
            // What is shown is what can be read.
            return rings;
        }
        return rings;
    }

    private static RingStatus ring(
            final TreePlan tree,
            final DaemonPlan writer,
            final Memory arena,
            final Structure place,
            final List<String> names,
            final List<Memory> readers) {
        final long now = System.nanoTime();
        final RingGlance glance = RingGlance.of(writer.name(), arena, place, readers).orElse(null);
        return new RingStatus(
                place.name().substring(place.name().indexOf(':') + 1),
                place.bytes(),
                now,
                RingGlance.UNKNOWN,
                glance,
                names,
                glance == null || glance.cutOffs() == 0
                        ? null
                        : slotName(tree, glance.cutOffSlot()));
    }

    /** The slot is a word of the arena, so it may be any number. */
    private static String slotName(final TreePlan tree, final long slot) {
        for (final DaemonPlan daemon : tree.daemons()) {
            if (daemon.slot() == slot) {
                return daemon.name();
            }
        }
        return "slot " + slot;
    }

    /** Returns the same with the rate since an earlier look at the same ring. */
    RingStatus since(final RingStatus earlier) {
        if (glance == null
                || earlier.glance == null
                || glance.generation() != earlier.glance.generation()
                || glance.messages() < earlier.glance.messages()
                || lookedNs <= earlier.lookedNs) {
            return this;
        }
        return new RingStatus(
                name,
                bytes,
                lookedNs,
                (glance.messages() - earlier.glance.messages())
                        * NS_PER_SECOND
                        / (lookedNs - earlier.lookedNs),
                glance,
                readers,
                lastCutOff);
    }
}
