package io.coppice.bench;

import java.util.ArrayList;
import java.util.List;

/** Rows as text in columns, the ratio last. */
final class ResultTable {
    private static final String[] HEAD = {
        "case", "subject", "unit", "min", "p50", "p90", "p99", "max", "n", "ratio"
    };

    private static final String[] AIMS_HEAD = {
        "aim: case", "subject", "unit", "what", "measured", "at most", ""
    };

    private static final String[] CURVES_HEAD = {
        "case", "subject", "unit", "p50", "p90", "p99", "p99.9", "max", "n"
    };

    /** Columns before this one are text and begin on the left; the others are numbers. */
    private static final int FIRST_NUMBER = 3;

    private static final String GAP = "  ";

    private ResultTable() {}

    /** Returns the table; each line ends with a line feed and none with a space. */
    static String of(final List<Row> rows) {
        final List<String[]> lines = new ArrayList<>();
        lines.add(HEAD);
        for (final Row row : rows) {
            lines.add(
                    new String[] {
                        row.caseName(),
                        row.subject(),
                        row.unit().label(),
                        Figures.of(row.min()),
                        Figures.of(row.p50()),
                        Figures.of(row.p90()),
                        Figures.of(row.p99()),
                        Figures.of(row.max()),
                        String.valueOf(row.n()),
                        Figures.ratio(row.ratio())
                    });
        }
        return text(lines);
    }

    /** Returns which aims are met. */
    static String ofAims(final List<Aim> aims) {
        final List<String[]> lines = new ArrayList<>();
        lines.add(AIMS_HEAD);
        for (final Aim aim : aims) {
            lines.add(
                    new String[] {
                        aim.caseName(),
                        aim.subject(),
                        aim.unit(),
                        aim.what(),
                        Figures.of(aim.value()),
                        Figures.of(aim.limit()),
                        aim.isMet() ? "met" : "MISSED"
                    });
        }
        return text(lines);
    }

    /** Returns more percentiles of the subjects that have been measured one by one. */
    static String ofCurves(final List<Curve> curves) {
        final List<String[]> lines = new ArrayList<>();
        lines.add(CURVES_HEAD);
        for (final Curve curve : curves) {
            final Distribution values = curve.values();
            lines.add(
                    new String[] {
                        curve.caseName(),
                        curve.subject(),
                        values.unit().label(),
                        Figures.of(values.percentile(50)),
                        Figures.of(values.percentile(90)),
                        Figures.of(values.percentile(99)),
                        Figures.of(values.percentile(99.9)),
                        Figures.of(values.max()),
                        String.valueOf(values.count())
                    });
        }
        return text(lines);
    }

    private static String text(final List<String[]> lines) {
        final int[] widths = new int[lines.get(0).length];
        for (final String[] line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        final StringBuilder text = new StringBuilder();
        for (final String[] line : lines) {
            for (int i = 0; i < widths.length; i++) {
                final String blanks = " ".repeat(widths[i] - line[i].length());
                text.append(i == 0 ? "" : GAP);
                text.append(i < FIRST_NUMBER ? line[i] + blanks : blanks + line[i]);
            }
            text.setLength(text.toString().stripTrailing().length());
            text.append('\n');
        }
        return text.toString();
    }
}
