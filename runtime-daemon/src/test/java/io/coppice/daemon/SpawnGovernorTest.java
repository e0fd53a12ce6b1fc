package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Starts that fail in a row wait longer and longer, and not for ever. */
final class SpawnGovernorTest {
    private static final long FIRST_DELAY_NS = 100_000_000L;

    private final SpawnGovernor governor = new SpawnGovernor("scan", "extract", 0);

    @Test
    void letsTheFirstStartAtOnce() {
        assertTrue(governor.mayStart(0));
    }

    @Test
    void doublesTheDelayWithEachFailureInARow() {
        governor.failed(0, "refused", null);
        assertFalse(governor.mayStart(FIRST_DELAY_NS - 1));
        assertTrue(governor.mayStart(FIRST_DELAY_NS));
        governor.failed(0, "refused", null);
        assertFalse(governor.mayStart(2 * FIRST_DELAY_NS - 1));
        assertTrue(governor.mayStart(2 * FIRST_DELAY_NS));
    }

    @Test
    void forgetsFailuresOnceAWorkerServes() {
        governor.failed(0, "refused", null);
        governor.failed(0, "refused", null);
        governor.succeeded();
        governor.failed(0, "refused", null);
        assertTrue(governor.mayStart(FIRST_DELAY_NS));
    }

    @Test
    void givesUpAfterTheLimitAndSaysWhy() {
        for (int i = 0; i < SpawnGovernor.FAILURES_MAX; i++) {
            governor.failed(0, "refused", null);
        }
        final PoolException gaveUp =
                assertThrows(PoolException.class, () -> governor.failed(0, "no memory", null));
        assertEquals(
                "scan: 9 workers in a row of pool \"extract\" could not be started: no memory; see their logs",
                gaveUp.getMessage());
    }
}
