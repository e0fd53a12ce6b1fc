package io.coppice.bench;

import java.util.List;

/** Rows to write in tests. */
final class SampleRows {
    static final Machine MACHINE =
            new Machine(
                    "A \"fast\" CPU", 2, 3L << 30, "Linux 6.1", "25.0.1, Someone", "2026-11-21");

    static final List<Row> ROWS =
            List.of(
                    new Row(
                            "start & <end>",
                            "coppice",
                            Unit.MS,
                            100,
                            123.456789,
                            0.4,
                            0.5,
                            1235,
                            20,
                            null),
                    new Row(
                            "start & <end>",
                            "bare java",
                            Unit.MS,
                            40,
                            41.2,
                            49,
                            50,
                            60,
                            20,
                            2.9965),
                    new Row("other", "coppice", Unit.MS, 0.9, 1, 1.5, 2, 3, 4, null));

    static final List<Aim> AIMS =
            List.of(
                    new Aim("start & <end>", "coppice", "p99", "ms", 0.5, 0.5),
                    new Aim("other", "coppice", "p50 over bare java", "times", 3, 2.5));

    private SampleRows() {}
}
