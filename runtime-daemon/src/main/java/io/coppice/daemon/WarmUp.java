package io.coppice.daemon;

import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Has a daemon's class warm up: on an object of its own, with a context whose arena is memory of
 * this process that is given back afterwards. For the main thread, before anything of the daemon's
 * own is stored.
 */
final class WarmUp {
    /** What a capacity of the manifest is at most: a scratch arena is not to cost memory. */
    private static final long CAPACITY_MAX = 16 * 1024;

    /** Room for structures, where the arena has as much. */
    private static final long STRUCTURE_BYTES_MAX = 32L << 20;

    private WarmUp() {}

    /**
     * Lays out the scratch arena, calls {@link Daemon#warmUp(DaemonContext)}, and gives it back.
     */
    static void run(final Incarnation.Place place, final Daemon daemon) throws Exception {
        final DaemonPlan shape = shape(place.plan());
        try (Arena room = Arena.ofConfined()) {
            final Memory memory =
                    Memory.of(room.allocate(shape.memoryBytes(), ArenaLayout.ALIGNMENT));
            ArenaFile.layOutScratch(memory, shape);
            final io.coppice.pool.Arena arena =
                    io.coppice.pool.Arena.attach(memory, shape, OwnerWord.of(shape.slot(), 1));
            final DaemonContext context = DaemonContext.scratch(place.with(shape), arena);
            Recovery.run(shape, 1, daemon, arena, context);
            daemon.warmUp(context);
        }
    }

    private static DaemonPlan shape(final DaemonPlan plan) {
        final Map<String, Long> capacities = new LinkedHashMap<>();
        for (final Map.Entry<String, Long> each : plan.capacities().entrySet()) {
            capacities.put(each.getKey(), Math.min(CAPACITY_MAX, each.getValue()));
        }
        final long fixed = ArenaLayout.align(ArenaPlan.fixedBytes(plan));
        final long structures =
                Math.min(STRUCTURE_BYTES_MAX, Math.max(0, plan.memoryBytes() - fixed));
        return plan.rehearsing(
                ArenaLayout.align(fixed + structures), OnCrash.RESUME, plan.pools(), capacities);
    }
}
