package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class DistributionTest {
    @Test
    void addsHistogramsUpInItsUnit() {
        final Distribution values = new Distribution(Unit.US);
        for (int turn = 0; turn < 2; turn++) {
            final Histogram times = Distribution.newHistogram();
            for (int us = 1; us <= 100; us++) {
                Distribution.record(times, us * 1_000L);
            }
            values.add(times);
        }
        assertEquals(200, values.count());
        assertEquals(50, values.percentile(50), 0.05);
        assertEquals(99, values.percentile(99), 0.1);
        assertEquals(100, values.max(), 0.1);
    }

    @Test
    void takesWhatIsBeyondItsRangeForTheLongest() {
        final Histogram times = Distribution.newHistogram();
        Distribution.record(times, Long.MAX_VALUE);
        final Distribution values = new Distribution(Unit.MS);
        values.add(times);
        assertEquals(100_000, values.max(), 100);
    }

    @Test
    void refusesToSpeakOfNothing() {
        final Distribution values = new Distribution(Unit.NS);
        assertThrows(IllegalStateException.class, () -> values.percentile(50));
        assertThrows(IllegalStateException.class, values::max);
    }
}
