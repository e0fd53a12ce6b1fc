package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BenchArgumentsTest {
    private static final List<String> KNOWN = List.of("start", "restart", "catalog");

    @Test
    void runsAllWhereNoneIsNamed() {
        final BenchArguments arguments = parse("--quick");
        assertEquals(KNOWN, arguments.names());
        assertTrue(arguments.quick());
        assertFalse(arguments.help());
    }

    @Test
    void runsWhatIsNamedOnceInTheOrderGiven() {
        final BenchArguments arguments = parse("catalog", "start", "catalog");
        assertEquals(List.of("catalog", "start"), arguments.names());
        assertFalse(arguments.quick());
    }

    @Test
    void refusesAnUnknownBenchWithTheListAndTheNearest() {
        final BenchFailure failure = assertThrows(BenchFailure.class, () -> parse("catalgo"));
        assertEquals(64, failure.status());
        assertEquals(
                "there is no bench \"catalgo\" among start, restart, catalog;"
                        + " did you mean \"catalog\"?",
                failure.getMessage());
    }

    @Test
    void guessesNothingWhereNoneIsNear() {
        final BenchFailure failure = assertThrows(BenchFailure.class, () -> parse("x"));
        assertEquals(
                "there is no bench \"x\" among start, restart, catalog;"
                        + " name one of these, or none for all",
                failure.getMessage());
    }

    @Test
    void refusesAnUnknownOption() {
        final BenchFailure failure = assertThrows(BenchFailure.class, () -> parse("--fast"));
        assertEquals(64, failure.status());
        assertTrue(failure.getMessage().contains("--quick"), failure.getMessage());
    }

    @Test
    void benchesHaveNamesOfTheirOwn() {
        final List<String> names = Bench.all().stream().map(Benchmark::name).toList();
        assertEquals(
                List.of("start", "restart", "transaction", "catalog", "state", "recovery", "ring"),
                names);
    }

    private static BenchArguments parse(final String... args) {
        return BenchArguments.parse(args, KNOWN);
    }
}
