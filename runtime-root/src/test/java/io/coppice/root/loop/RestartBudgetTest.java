package io.coppice.root.loop;

import static io.coppice.root.loop.DaemonEvent.DIED_FINISHED;
import static io.coppice.root.loop.DaemonEvent.DIED_FOR_GOOD;
import static io.coppice.root.loop.DaemonEvent.DIED_RESTART_LATER;
import static io.coppice.root.loop.DaemonEvent.DIED_RESTART_NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.ExitClass;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
    private static final long LEAST_NS = 100;
    private static final long MOST_NS = 1_500;
    private static final long WITHIN_NS = 1_000_000;
    private static final long STABLE_NS = 50_000;

    private static RestartBudget budget(final RestartPolicy policy, final int limit) {
        return new RestartBudget(
                new RestartPlan(policy, LEAST_NS, MOST_NS, limit, WITHIN_NS, STABLE_NS, 3),
                new Randomness(7));
    }

    @Test
    void restartsAtOnceTheFirstTimeAndThenAfterDoublingDelaysUpToACap() {
        final RestartBudget budget = budget(RestartPolicy.ALWAYS, 100);

        assertEquals(DIED_RESTART_NOW, budget.onDeath(ExitClass.SIGNAL, 0, 1));
        for (final long full : new long[] {100, 200, 400, 800, 1_500, 1_500}) {
            assertEquals(DIED_RESTART_LATER, budget.onDeath(ExitClass.SIGNAL, 0, 1));
            assertTrue(
                    budget.delayNs() >= full - full / 4 && budget.delayNs() <= full,
                    budget.delayNs() + " of " + full);
        }
    }

    @Test
    void delaysNeverOverflowHoweverOftenItDies() {
        final RestartBudget budget =
                new RestartBudget(
                        new RestartPlan(
                                RestartPolicy.ALWAYS, 1L << 40, 1L << 62, 500, WITHIN_NS, 1, 3),
                        new Randomness(7));
        for (int death = 0; death < 500; death++) {
            budget.onDeath(ExitClass.CODE, 0, 1);
            assertTrue(budget.delayNs() >= 0 && budget.delayNs() <= 1L << 62);
        }
    }

    @Test
    void daemonsThatDiedTogetherDoNotReturnTogether() {
        final RestartBudget one = budget(RestartPolicy.ALWAYS, 100);
        final RestartBudget other =
                new RestartBudget(
                        new RestartPlan(
                                RestartPolicy.ALWAYS,
                                1 << 30,
                                1L << 40,
                                100,
                                WITHIN_NS,
                                STABLE_NS,
                                3),
                        new Randomness(8));
        final RestartBudget third =
                new RestartBudget(
                        new RestartPlan(
                                RestartPolicy.ALWAYS,
                                1 << 30,
                                1L << 40,
                                100,
                                WITHIN_NS,
                                STABLE_NS,
                                3),
                        new Randomness(9));
        one.onDeath(ExitClass.CODE, 0, 1);
        for (int death = 0; death < 2; death++) {
            other.onDeath(ExitClass.CODE, 0, 1);
            third.onDeath(ExitClass.CODE, 0, 1);
        }

        assertNotEquals(other.delayNs(), third.delayNs());
    }

    @Test
    void oneMoreThanTheLimitWithinTheWindowIsForGoodAndTheWindowSlides() {
        final RestartBudget budget = budget(RestartPolicy.ALWAYS, 3);
        for (long death = 0; death < 3; death++) {
            assertNotEquals(DIED_FOR_GOOD, budget.onDeath(ExitClass.CODE, 0, 1_000 * death));
        }
        assertEquals(DIED_FOR_GOOD, budget.onDeath(ExitClass.CODE, 0, WITHIN_NS));
        // The first death is out of the window by one nanosecond; the second is not yet.
        assertEquals(DIED_RESTART_LATER, budget.onDeath(ExitClass.CODE, 0, WITHIN_NS + 1));
        assertEquals(DIED_FOR_GOOD, budget.onDeath(ExitClass.CODE, 0, WITHIN_NS + 2));
    }

    @Test
    void aLimitOfZeroAllowsNoRestart() {
        assertEquals(DIED_FOR_GOOD, budget(RestartPolicy.ALWAYS, 0).onDeath(ExitClass.CODE, 0, 1));
    }

    @Test
    void deathsAreForgottenAfterATimeOfBeingReadyAndNotBefore() {
        final RestartBudget budget = budget(RestartPolicy.ALWAYS, 2);
        budget.onDeath(ExitClass.CODE, 0, 1);
        budget.onDeath(ExitClass.CODE, 0, 2);

        assertEquals(DIED_FOR_GOOD, budget.onDeath(ExitClass.CODE, STABLE_NS - 1, 3));
        assertEquals(DIED_RESTART_NOW, budget.onDeath(ExitClass.CODE, STABLE_NS, 4));
    }

    @Test
    void forgettingIsAlsoOnDemand() {
        final RestartBudget budget = budget(RestartPolicy.ALWAYS, 1);
        budget.onDeath(ExitClass.CODE, 0, 1);
        assertEquals(DIED_FOR_GOOD, budget.onDeath(ExitClass.CODE, 0, 2));

        budget.forget();

        assertEquals(DIED_RESTART_NOW, budget.onDeath(ExitClass.CODE, 0, 3));
    }

    @Test
    void killsOfRootCostNothing() {
        final RestartBudget budget = budget(RestartPolicy.NEVER, 0);
        for (int death = 0; death < 1_000; death++) {
            assertEquals(DIED_RESTART_NOW, budget.onDeath(ExitClass.KILLED_BY_ROOT, 0, death));
        }
        final RestartBudget always = budget(RestartPolicy.ALWAYS, 1);
        always.onDeath(ExitClass.KILLED_BY_ROOT, 0, 1);
        assertEquals(DIED_RESTART_NOW, always.onDeath(ExitClass.CODE, 0, 2));
    }

    @Test
    void policiesDecideAboutEveryExit() {
        for (final ExitClass exit : ExitClass.values()) {
            final boolean byRoot = exit == ExitClass.KILLED_BY_ROOT;
            final boolean refuses = exit == ExitClass.DO_NOT_RESTART;
            final boolean finished = exit == ExitClass.FINISHED;
            assertEquals(
                    refuses ? DIED_FOR_GOOD : DIED_RESTART_NOW,
                    budget(RestartPolicy.ALWAYS, 5).onDeath(exit, 0, 1),
                    exit.name());
            assertEquals(
                    refuses ? DIED_FOR_GOOD : finished ? DIED_FINISHED : DIED_RESTART_NOW,
                    budget(RestartPolicy.ON_FAILURE, 5).onDeath(exit, 0, 1),
                    exit.name());
            assertEquals(
                    byRoot ? DIED_RESTART_NOW : finished ? DIED_FINISHED : DIED_FOR_GOOD,
                    budget(RestartPolicy.NEVER, 5).onDeath(exit, 0, 1),
                    exit.name());
        }
    }
}
