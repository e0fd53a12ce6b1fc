package io.coppice.root.cli;

import io.coppice.pool.board.BoardLayout;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.manifest.DaemonSpec;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.TransactionSpec;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives daemons and workers their slots. In a fresh tree they follow each other in the order of the
 * manifest, with spare ones between the daemons and the workers. In a tree that is there, daemons
 * and pools keep theirs, so that their processes may go on; new ones get slots that nobody had, and
 * when there are none left, those of daemons that are gone.
 */
final class SlotKeeper {
    /** Gives no slots. */
    static final SlotKeeper NONE = new SlotKeeper(null, 0);

    private final TreePlan earlier;
    private final int rows;
    private final Map<String, Integer> slots = new LinkedHashMap<>();
    private final BitSet workers = new BitSet();

    private SlotKeeper(final TreePlan earlier, final int rows) {
        this.earlier = earlier;
        this.rows = rows;
    }

    /** Returns the slots of a tree that is to be. */
    static SlotKeeper ofFreshTree(final Manifest manifest) {
        final int daemons = manifest.daemons().size();
        final SlotKeeper keeper = new SlotKeeper(null, daemons + BoardLayout.SPARE_ROWS);
        keeper.place(manifest.daemons(), new BitSet());
        return keeper;
    }

    /**
     * Returns the slots of a tree that goes on with another manifest.
     *
     * @param rows of its board
     * @throws CommandFailure where it has too few rows
     */
    static SlotKeeper of(final Manifest manifest, final TreePlan earlier, final int rows) {
        final SlotKeeper keeper = new SlotKeeper(earlier, rows);
        final BitSet had = new BitSet();
        for (final DaemonPlan daemon : earlier.daemons()) {
            had.set(daemon.slot());
        }
        for (final DaemonSpec daemon : manifest.daemons()) {
            final DaemonPlan there = earlier.daemon(daemon.name());
            if (there != null) {
                keeper.slots.put(daemon.name(), there.slot());
                for (final TransactionSpec pool : daemon.transactions()) {
                    final PoolPlan same = keeper.earlierPool(daemon.name(), pool);
                    if (same != null) {
                        keeper.workers.set(same.firstSlot(), same.firstSlot() + pool.workersMax());
                    }
                }
            }
        }
        keeper.place(manifest.daemons(), had);
        return keeper;
    }

    private void place(final List<DaemonSpec> daemons, final BitSet avoided) {
        final BitSet taken = new BitSet();
        slots.values().forEach(taken::set);
        for (final DaemonSpec daemon : daemons) {
            if (!slots.containsKey(daemon.name())) {
                final BitSet used = (BitSet) taken.clone();
                used.or(avoided);
                int slot = used.nextClearBit(1);
                if (slot > rows) {
                    slot = taken.nextClearBit(1);
                }
                if (slot > rows) {
                    throw new CommandFailure(
                            ExitStatus.ALREADY_RUNNING,
                            "the tree has room for "
                                    + rows
                                    + " daemons while it runs, and the manifest declares "
                                    + daemons.size()
                                    + "; \"coppice stop\" it, then \"coppice run\"");
                }
                taken.set(slot);
                slots.put(daemon.name(), slot);
            }
        }
    }

    /** Returns the slot of a daemon, 0 where the manifest has none of the name. */
    int slot(final String daemon) {
        return slots.getOrDefault(daemon, 0);
    }

    /** Returns the first slot of a pool's workers. */
    int firstSlot(final String daemon, final TransactionSpec pool) {
        final PoolPlan same = earlierPool(daemon, pool);
        if (same != null) {
            return same.firstSlot();
        }
        int first = workers.nextClearBit(1 + rows);
        int next = workers.nextSetBit(first);
        while (next >= 0 && next < first + pool.workersMax()) {
            first = workers.nextClearBit(next);
            next = workers.nextSetBit(first);
        }
        workers.set(first, first + pool.workersMax());
        return first;
    }

    /** Returns the pool whose slots are enough for this one, or null. */
    private PoolPlan earlierPool(final String daemon, final TransactionSpec pool) {
        final DaemonPlan there = earlier == null ? null : earlier.daemon(daemon);
        if (there == null) {
            return null;
        }
        for (final PoolPlan each : there.pools()) {
            if (each.name().equals(pool.name()) && each.workersMax() >= pool.workersMax()) {
                return each;
            }
        }
        return null;
    }
}
