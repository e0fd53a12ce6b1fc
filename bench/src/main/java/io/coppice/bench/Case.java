package io.coppice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One piece of work and who did it: Coppice first, then its baselines. For one thread. */
final class Case {
    /** What Coppice's own row is called. */
    static final String COPPICE = "coppice";

    private static final double MEDIAN = 50;
    private static final double TAIL = 99;

    private final String name;
    private final Unit unit;
    private final Map<String, Samples> subjects = new LinkedHashMap<>();

    Case(final String name, final Unit unit) {
        this.name = name;
        this.unit = unit;
        of(COPPICE);
    }

    /** Returns the samples of a subject, empty at first. */
    Samples of(final String subject) {
        return subjects.computeIfAbsent(subject, missing -> new Samples(unit));
    }

    /** Returns one row for each subject, Coppice's first. */
    List<Row> rows() {
        final double own = of(COPPICE).percentile(MEDIAN);
        final List<Row> rows = new ArrayList<>();
        subjects.forEach(
                (subject, samples) -> {
                    final double p50 = samples.percentile(MEDIAN);
                    rows.add(
                            new Row(
                                    name,
                                    subject,
                                    unit,
                                    p50,
                                    samples.percentile(TAIL),
                                    samples.max(),
                                    samples.count(),
                                    COPPICE.equals(subject) ? null : own / p50));
                });
        return rows;
    }
}
