package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Durations as people write them. */
final class DurationsTest {
    private static final String UNITS = " (units: ns, us, ms, s, min, h, d)";

    @ParameterizedTest
    @CsvSource({
        "0 s, 0",
        "7 ns, 7",
        "20 us, 20000",
        "500ms, 500000000",
        "10 s, 10000000000",
        "5 min, 300000000000",
        "1 h, 3600000000000",
        "2 d, 172800000000000"
    })
    void readsDurations(final String text, final long durationNs) {
        assertEquals(durationNs, Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "50000000, 50 ms",
        "60000000000, 1 min",
        "90000000000, 90 s",
        "86400000000000, 1 d"
    })
    void writesDurationsExactly(final long durationNs, final String text) {
        assertEquals(text, Durations.format(durationNs));
        assertEquals(durationNs, Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "5 m, 5 min",
        "5 sec, 5 s",
        "5 hours, 5 h",
        "500 MS, 500 ms",
        "20 \u00b5s, 20 us",
        "0.5 s, 500 ms",
        "1.5 h, 90 min"
    })
    void suggestsTheSpellingThatWasMeant(final String text, final String meant) {
        assertEquals(
                '"' + text + "\" is not a duration; write it as \"" + meant + '"' + UNITS,
                refusal(text));
    }

    @Test
    void refusesBareNumber() {
        assertEquals(
                "\"500\" has no unit; add one, for example \"500 ms\"" + UNITS, refusal("500"));
    }

    @Test
    void refusesWhatDoesNotFitSixtyThreeBits() {
        assertEquals("\"106752 d\" is too large; write at most \"106751 d\"", refusal("106752 d"));
    }

    private static String refusal(final String text) {
        return assertThrows(QuantityException.class, () -> Durations.parse(text)).getMessage();
    }
}
