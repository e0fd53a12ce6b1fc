package io.coppice.pool;

import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.task.PoolLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the fixed structures of a daemon's arena lie: a pure function of its plan, the same in
 * every process.
 */
public final class ArenaPlan {
    /** Name of the daemon's journal in the directory. */
    public static final String JOURNAL = "journal";

    /** What comes before a pool's name in the directory. */
    public static final String POOL_PREFIX = "pool:";

    private ArenaPlan() {}

    /** Returns the journal and the pools of a daemon, in the order in which they lie. */
    public static List<Structure> fixedStructures(final DaemonPlan daemon) {
        return fixedStructures(daemon.journalBytes(), daemon.pools());
    }

    /** Returns how much of the budget the head and the fixed structures take, in bytes. */
    public static long fixedBytes(final DaemonPlan daemon) {
        return fixedBytes(daemon.journalBytes(), daemon.pools());
    }

    /** Returns what the head, a journal and pools take, in bytes. */
    public static long fixedBytes(final long journalBytes, final List<PoolPlan> pools) {
        final List<Structure> structures = fixedStructures(journalBytes, pools);
        final Structure last = structures.get(structures.size() - 1);
        return ArenaLayout.align(last.offset() + last.bytes());
    }

    private static List<Structure> fixedStructures(
            final long journalBytes, final List<PoolPlan> pools) {
        final List<Structure> structures = new ArrayList<>();
        long offset = ArenaLayout.FIXED_OFFSET;
        structures.add(new Structure(JOURNAL, StructureKind.JOURNAL, offset, journalBytes));
        offset = ArenaLayout.align(offset + journalBytes);
        for (final PoolPlan pool : pools) {
            final long bytes = PoolLayout.of(pool).bytes();
            structures.add(
                    new Structure(POOL_PREFIX + pool.name(), StructureKind.POOL, offset, bytes));
            offset = ArenaLayout.align(offset + bytes);
        }
        return structures;
    }

    /**
     * Returns how many processes of a daemon share its arena at once: itself, and all its workers.
     */
    public static int processes(final DaemonPlan daemon) {
        int processes = 1;
        for (final PoolPlan pool : daemon.pools()) {
            processes += pool.workersMax();
        }
        return processes;
    }

    /**
     * Returns the number of a worker among these processes, from 1; the daemon has 0. It is the
     * worker's as a holder of blocks and as a reader of locks, in every incarnation.
     *
     * @param worker number of the worker in its pool
     */
    public static int process(final DaemonPlan daemon, final String poolName, final int worker) {
        int first = 1;
        for (final PoolPlan pool : daemon.pools()) {
            if (pool.name().equals(poolName)) {
                return first + worker;
            }
            first += pool.workersMax();
        }
        throw noPool(daemon, poolName);
    }

    /** Returns where a pool lies. */
    public static Structure pool(final DaemonPlan daemon, final String name) {
        for (final Structure structure : fixedStructures(daemon)) {
            if (structure.name().equals(POOL_PREFIX + name)) {
                return structure;
            }
        }
        throw noPool(daemon, name);
    }

    private static IllegalArgumentException noPool(final DaemonPlan daemon, final String name) {
        return new IllegalArgumentException(
                "daemon "
                        + daemon.name()
                        + " has no pool \""
                        + name
                        + "\": declare it under \"transactions\" in the manifest");
    }
}
