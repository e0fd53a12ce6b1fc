package io.coppice.pool.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole tree.
 *
 * @param name of the tree, and of its folder in the run directory
 * @param chaosPeriodNs between two random kills, 0 for none
 * @param chaosSeed of the random choice
 * @param daemons in the order of the manifest; none shares its slot with another, and there may be
 *     slots that no daemon has
 * @param groups of daemons, none of which is in two
 * @param chaosKinds mask of {@link ChaosKind}s
 * @param chaosStopForNs how long chaos stops a process
 */
public record TreePlan(
        String name,
        long chaosPeriodNs,
        long chaosSeed,
        List<DaemonPlan> daemons,
        List<GroupPlan> groups,
        int chaosKinds,
        long chaosStopForNs) {
    /** How long chaos stops a process where nothing else is said, in nanoseconds. */
    public static final long CHAOS_STOP_FOR_NS = 200_000_000;

    /** A tree whose chaos only kills. */
    public TreePlan(
            final String name,
            final long chaosPeriodNs,
            final long chaosSeed,
            final List<DaemonPlan> daemons,
            final List<GroupPlan> groups) {
        this(
                name,
                chaosPeriodNs,
                chaosSeed,
                daemons,
                groups,
                ChaosKind.KILL.mask(),
                CHAOS_STOP_FOR_NS);
    }

    /** A tree without groups. */
    public TreePlan(
            final String name,
            final long chaosPeriodNs,
            final long chaosSeed,
            final List<DaemonPlan> daemons) {
        this(name, chaosPeriodNs, chaosSeed, daemons, List.of());
    }

    /** Returns the same tree with other chaos. */
    public TreePlan withChaos(
            final long periodNs, final long seed, final int kinds, final long stopForNs) {
        return new TreePlan(name, periodNs, seed, daemons, groups, kinds, stopForNs);
    }

    /** Returns how many processes there may be at once: root, daemons, standbys and workers. */
    public int processes() {
        int processes = 1 + daemons.size();
        for (final DaemonPlan daemon : daemons) {
            processes += daemon.standby();
            for (final PoolPlan pool : daemon.pools()) {
                processes += pool.workersMax();
            }
        }
        return processes;
    }

    /** Returns one more than the highest slot of a daemon or a worker. */
    public int slots() {
        int slots = 1 + highestRow();
        for (final DaemonPlan daemon : daemons) {
            for (final PoolPlan pool : daemon.pools()) {
                slots = Math.max(slots, pool.firstSlot() + pool.workersMax());
            }
        }
        return slots;
    }

    /** Returns the highest slot of a daemon, which is its row on the board. */
    public int highestRow() {
        int highest = 0;
        for (final DaemonPlan daemon : daemons) {
            highest = Math.max(highest, daemon.slot());
        }
        return highest;
    }

    /**
     * Returns the daemon in a slot.
     *
     * @throws IllegalArgumentException where no daemon has it
     */
    public DaemonPlan daemon(final int slot) {
        for (final DaemonPlan daemon : daemons) {
            if (daemon.slot() == slot) {
                return daemon;
            }
        }
        throw new IllegalArgumentException("tree " + name + ": no daemon has slot " + slot);
    }

    /** Returns the same plan with another in the place of the daemon of its slot. */
    public TreePlan with(final DaemonPlan daemon) {
        final List<DaemonPlan> changed = new ArrayList<>(daemons);
        changed.replaceAll(each -> each.slot() == daemon.slot() ? daemon : each);
        return new TreePlan(
                name,
                chaosPeriodNs,
                chaosSeed,
                List.copyOf(changed),
                groups,
                chaosKinds,
                chaosStopForNs);
    }

    /** Returns the daemon of a name, or null. */
    public DaemonPlan daemon(final String daemonName) {
        for (final DaemonPlan daemon : daemons) {
            if (daemon.name().equals(daemonName)) {
                return daemon;
            }
        }
        return null;
    }
}
