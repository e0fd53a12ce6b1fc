package io.coppice.root.cli;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.GroupPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.loop.StateDirectory;
import io.coppice.root.manifest.DaemonSpec;
import io.coppice.root.manifest.GroupSpec;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.RestartSpec;
import io.coppice.root.manifest.Storage;
import io.coppice.root.manifest.TransactionSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Freezes a manifest: gives every process its slot and its command line, and every name its number.
 */
final class PlanMaker {
    private final ChildCommands commands;

    PlanMaker(final ChildCommands commands) {
        this.commands = commands;
    }

    TreePlan make(final Manifest manifest, final long chaosPeriodNs, final long chaosSeed) {
        return make(manifest, chaosPeriodNs, chaosSeed, SlotKeeper.ofFreshTree(manifest));
    }

    TreePlan make(
            final Manifest manifest,
            final long chaosPeriodNs,
            final long chaosSeed,
            final SlotKeeper names) {
        final List<DaemonPlan> daemons = new ArrayList<>();
        for (final DaemonSpec daemon : manifest.daemons()) {
            final List<PoolPlan> pools = new ArrayList<>();
            for (final TransactionSpec pool : daemon.transactions()) {
                pools.add(
                        pool(
                                pool,
                                names.firstSlot(daemon.name(), pool),
                                commands.worker(manifest, daemon, pool)));
            }
            daemons.add(
                    daemon(
                            daemon,
                            after(manifest, daemon, names),
                            names,
                            stateFolder(manifest, daemon),
                            commands.daemon(manifest, daemon),
                            pools));
        }
        final List<GroupPlan> groups = new ArrayList<>();
        for (final GroupSpec group : manifest.groups()) {
            groups.add(new GroupPlan(group.name(), group.with(), slots(group.daemons(), names)));
        }
        return new TreePlan(manifest.tree(), chaosPeriodNs, chaosSeed, daemons, groups);
    }

    /** Returns what a daemon comes after: by its own word, and by the order of its group. */
    private static List<Integer> after(
            final Manifest manifest, final DaemonSpec daemon, final SlotKeeper names) {
        final List<String> after = new ArrayList<>(daemon.after());
        for (final GroupSpec group : manifest.groups()) {
            final String before = group.before(daemon.name());
            if (before != null && !after.contains(before)) {
                after.add(before);
            }
        }
        return slots(after, names);
    }

    /**
     * Returns what the head, the journal and the pools of a daemon take of its budget, in bytes.
     */
    static long fixedBytes(final DaemonSpec daemon) {
        final List<PoolPlan> pools = new ArrayList<>();
        for (final TransactionSpec pool : daemon.transactions()) {
            pools.add(pool(pool, 0, List.of()));
        }
        return ArenaPlan.fixedBytes(
                        daemon(daemon, List.of(), SlotKeeper.NONE, "", List.of(), pools))
                + ArenaLayout.ALIGNMENT;
    }

    private static String stateFolder(final Manifest manifest, final DaemonSpec daemon) {
        return daemon.storage() == Storage.DISK
                ? StateDirectory.of(manifest.tree()).toString()
                : "";
    }

    private static DaemonPlan daemon(
            final DaemonSpec daemon,
            final List<Integer> after,
            final SlotKeeper names,
            final String stateFolder,
            final List<String> command,
            final List<PoolPlan> pools) {
        final RestartSpec restart = daemon.restart();
        return new DaemonPlan(
                daemon.name(),
                names.slot(daemon.name()),
                daemon.mainClass(),
                daemon.memoryBytes(),
                ArenaLayout.align(daemon.journalBytes()),
                stateFolder,
                after,
                slots(daemon.readers(), names),
                daemon.significant(),
                daemon.onCrash(),
                daemon.onRootLoss(),
                new RestartPlan(
                        restart.policy(),
                        restart.backoffMinNs(),
                        restart.backoffMaxNs(),
                        restart.limit(),
                        restart.withinNs(),
                        restart.stableAfterNs(),
                        restart.recoveryLimit()),
                daemon.watchdog().dumpAfterNs(),
                daemon.watchdog().killAfterNs(),
                daemon.startTimeoutNs(),
                daemon.stopTimeoutNs(),
                daemon.spinNs(),
                daemon.capacities(),
                daemon.settings(),
                command,
                pools,
                daemon.standby());
    }

    private static PoolPlan pool(
            final TransactionSpec pool, final int firstSlot, final List<String> command) {
        return new PoolPlan(
                pool.name(),
                pool.className(),
                pool.workersMin(),
                pool.workersMax(),
                firstSlot,
                Math.toIntExact(pool.requestBytes()),
                Math.toIntExact(pool.replyBytes()),
                ArenaLayout.align(pool.journalBytes()),
                pool.queueCapacity(),
                pool.queueDeadlineNs(),
                pool.deadlineNs(),
                pool.attempts(),
                pool.reuse(),
                command);
    }

    private static List<Integer> slots(final List<String> wanted, final SlotKeeper names) {
        final List<Integer> slots = new ArrayList<>();
        for (final String name : wanted) {
            if (names.slot(name) != 0) {
                slots.add(names.slot(name));
            }
        }
        return slots;
    }
}
