package io.coppice.log;

import io.coppice.pool.JournalLayout;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;
import java.util.List;
import java.util.Map;

/** The plan of a daemon of which only the arena matters. */
final class TestPlans {
    private TestPlans() {}

    static DaemonPlan daemon(final String name, final long memoryBytes) {
        return new DaemonPlan(
                name,
                1,
                "Main",
                memoryBytes,
                JournalLayout.MIN_BYTES,
                "",
                List.of(),
                List.of(),
                false,
                OnCrash.RESUME,
                OnRootLoss.CONTINUE,
                new RestartPlan(RestartPolicy.ALWAYS, 1, 2, 3, 4, 5, 6),
                1,
                2,
                3,
                4,
                5,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                0);
    }
}
