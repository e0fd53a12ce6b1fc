package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SamplesTest {
    @ParameterizedTest
    @CsvSource({"0.5, 1", "1, 1", "50, 50", "50.5, 51", "99, 99", "99.5, 100", "100, 100"})
    void takesTheNearestRankOfAHundredValues(final double percent, final double expected) {
        final Samples samples = new Samples(Unit.MS);
        for (int value = 100; value >= 1; value--) {
            samples.add(value);
        }
        assertEquals(expected, samples.percentile(percent));
    }

    @Test
    void showsTheSlowEndOfARate() {
        final Samples samples = new Samples(Unit.FILES_PER_SECOND);
        for (int value = 1; value <= 100; value++) {
            samples.add(value);
        }
        assertEquals(51, samples.percentile(50));
        assertEquals(2, samples.percentile(99));
        assertEquals(1, samples.percentile(100));
        assertEquals(100, samples.max());
    }

    @Test
    void isTheOnlyValueWhereThereIsOne() {
        final Samples samples = new Samples(Unit.US);
        samples.addNs(1_500);
        assertEquals(1.5, samples.percentile(50));
        assertEquals(1.5, samples.percentile(99));
        assertEquals(1.5, samples.max());
        assertEquals(1, samples.count());
    }

    @Test
    void keepsMoreValuesThanItHadRoomForAtFirst() {
        final Samples samples = new Samples(Unit.MS);
        final long[] ns = new long[1_000];
        ns[999] = 7_000_000;
        samples.addAllNs(ns);
        assertEquals(1_000, samples.count());
        assertEquals(7, samples.max());
        assertEquals(0, samples.percentile(99.9));
    }

    @Test
    void refusesToSpeakOfNothing() {
        final Samples samples = new Samples(Unit.MS);
        assertThrows(IllegalStateException.class, () -> samples.percentile(50));
        assertThrows(IllegalStateException.class, samples::max);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, 100.1, Double.NaN})
    void refusesAPercentileThatIsNone(final double percent) {
        final Samples samples = new Samples(Unit.MS);
        samples.add(1);
        assertThrows(IllegalArgumentException.class, () -> samples.percentile(percent));
    }

    @Test
    void refusesToTurnATimeIntoARate() {
        assertThrows(
                IllegalStateException.class, () -> new Samples(Unit.FILES_PER_SECOND).addNs(1));
    }
}
