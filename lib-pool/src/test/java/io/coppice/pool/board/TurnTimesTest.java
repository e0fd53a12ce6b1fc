package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TurnTimesTest {
    @ParameterizedTest
    @CsvSource({
        "-1, 0",
        "0, 0",
        "1023, 0",
        "1024, 1",
        "2047, 1",
        "2048, 2",
        "3071, 2",
        "3072, 3",
        "4096, 4",
        "6143, 4",
        "6144, 5",
        "9223372036854775807, 23"
    })
    void putsTimesIntoClasses(final long ns, final int index) {
        assertEquals(index, TurnTimes.classOf(ns));
    }

    @Test
    void eachClassEndsWhereTheNextOneBegins() {
        for (int index = 0; index < TurnTimes.CLASSES - 1; index++) {
            final long end = TurnTimes.belowNs(index);
            assertEquals(index, TurnTimes.classOf(end - 1), "below the end of class " + index);
            assertEquals(index + 1, TurnTimes.classOf(end), "at the end of class " + index);
        }
        // A millisecond is well inside, so that it is known whether a turn took one.
        assertTrue(TurnTimes.belowNs(TurnTimes.CLASSES - 2) > 2_000_000);
    }
}
