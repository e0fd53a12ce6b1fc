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
                case           subject    unit    min   p50    p90    p99   max   n  ratio
                start & <end>  coppice    ms      100   123  0.400  0.500  1235  20      -
                start & <end>  bare java  ms     40.0  41.2   49.0   50.0  60.0  20   3.00
                other          coppice    ms    0.900  1.00   1.50   2.00  3.00   4      -
                """,
                ResultTable.of(SampleRows.ROWS));
    }

    @Test
    void saysWhichAimsAreMet() {
        assertEquals(
                """
                aim: case      subject  unit                 what  measured  at most
                start & <end>  coppice  ms                    p99     0.500    0.500     met
                other          coppice  times  p50 over bare java      3.00     2.50  MISSED
                """,
                ResultTable.ofAims(SampleRows.AIMS));
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
