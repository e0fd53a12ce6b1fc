package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResultTableTest {
    @Test
    void alignsColumnsAndPutsTheRatioLast() {
        assertEquals(
                """
                case           subject    unit   p50    p99   max   n  ratio
                start & <end>  coppice    ms     123  0.500  1235  20      -
                start & <end>  bare java  ms    41.2   50.0  60.0  20   3.00
                other          coppice    ms    1.00   2.00  3.00   4      -
                """,
                ResultTable.of(SampleRows.ROWS));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.000",
        "0.1234, 0.123",
        "1, 1.00",
        "9.99, 9.99",
        "10, 10.0",
        "100, 100",
        "12345.6, 12346"
    })
    void showsThreeDigitsOrSo(final double value, final String expected) {
        assertEquals(expected, Figures.of(value));
    }
}
