package io.coppice.pool.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans for tests. */
public final class Plans {
    private static final long JOURNAL_BYTES = 4096;

    private Plans() {}

    /** Returns a daemon without pools. */
    public static DaemonPlan daemon(final String name, final int slot, final long memoryBytes) {
        return daemon(name, slot, memoryBytes, List.of());
    }

    /** Returns a daemon with pools. */
    public static DaemonPlan daemon(
            final String name, final int slot, final long memoryBytes, final List<PoolPlan> pools) {
        final Map<String, Long> capacities = new LinkedHashMap<>();
        capacities.put("documents", 200_000L);
        capacities.put("\u00e9tages", -1L);
        return new DaemonPlan(
                name,
                slot,
                "io.coppice.Main",
                memoryBytes,
                JOURNAL_BYTES,
                "/var/lib/state",
                List.of(1),
                List.of(2, 3),
                true,
                OnCrash.ASK,
                OnRootLoss.STOP,
                new RestartPlan(RestartPolicy.ON_FAILURE, 50, 10_000, 5, 60_000, 10, 3),
                3,
                5,
                7,
                Long.MAX_VALUE,
                20_000,
                capacities,
                Map.of("input", "/usr/share/doc", "empty", ""),
                List.of("java", "-cp", "a:b"),
                pools,
                1);
    }

    /** Returns a small pool of one worker. */
    public static PoolPlan pool(final String name, final long journalBytes) {
        return new PoolPlan(
                name,
                "io.coppice.Txn",
                1,
                1,
                3,
                64,
                64,
                journalBytes,
                1,
                1,
                2,
                3,
                4,
                List.of("java"));
    }

    /** Returns a tree of these daemons. */
    public static TreePlan tree(final DaemonPlan... daemons) {
        return new TreePlan(
                "catalog",
                300_000_000,
                -7,
                List.of(daemons),
                List.of(new GroupPlan("pair", GroupStrategy.REST, List.of(1, 2))),
                ChaosKind.ALL,
                123_456_789_012L);
    }
}
