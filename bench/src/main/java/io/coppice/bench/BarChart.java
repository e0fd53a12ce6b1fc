package io.coppice.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows as an SVG picture: a group for each case, a bar for each subject's median, a whisker to its
 * 99th percentile. Values of one unit share a scale, which is logarithmic where the largest is more
 * than a hundred times the smallest.
 */
final class BarChart {
    private static final int WIDTH = 960;
    private static final int LEFT = 240;
    private static final int BAR_WIDTH_MAX = 460;
    private static final int TOP = 64;
    private static final int GROUP_HEAD = 30;
    private static final int ROW_HEIGHT = 26;
    private static final int BAR_HEIGHT = 16;
    private static final int GROUP_GAP = 14;
    private static final int MARGIN = 20;
    private static final double LOG_SPREAD = 100;

    /** On a logarithmic scale the smallest value still gets a bar that can be seen. */
    private static final double LEAST_PART = 0.04;

    private static final String OWN = "#2f7d4f";
    private static final String OTHER = "#9aa5b1";
    private static final String INK = "#1f2933";

    private final StringBuilder svg = new StringBuilder();
    private final Map<Unit, Scale> scales = new EnumMap<>(Unit.class);

    private BarChart(final List<Row> rows) {
        for (final Row row : rows) {
            final double low = Math.min(row.p50(), row.p99());
            final double high = Math.max(row.p50(), row.p99());
            scales.merge(row.unit(), new Scale(low, high), Scale::with);
        }
    }

    /**
     * What values of a unit lie between.
     *
     * @param least value
     * @param most value
     */
    private record Scale(double least, double most) {
        Scale with(final Scale other) {
            return new Scale(Math.min(least, other.least), Math.max(most, other.most));
        }

        boolean isLogarithmic() {
            return least > 0 && most / least > LOG_SPREAD;
        }

        /** Returns which part of the longest bar a value gets, from 0 to 1. */
        double part(final double value) {
            if (most <= 0) {
                return 0;
            }
            if (!isLogarithmic()) {
                return value / most;
            }
            return LEAST_PART + (1 - LEAST_PART) * Math.log(value / least) / Math.log(most / least);
        }

        String note() {
            return isLogarithmic() ? ", logarithmic scale" : "";
        }
    }

    /**
     * Draws the rows of one bench.
     *
     * @param rows at least one, those of a case one after another
     */
    static String of(final String title, final List<Row> rows) {
        return new BarChart(rows).draw(title, rows);
    }

    private String draw(final String title, final List<Row> rows) {
        int y = TOP;
        String group = null;
        for (final Row row : rows) {
            if (!row.caseName().equals(group)) {
                y += group == null ? 0 : GROUP_GAP;
                group = row.caseName();
                text(MARGIN, y + BAR_HEIGHT, "start", "bold", group + apart(row.unit()));
                y += GROUP_HEAD;
            }
            bar(row, y);
            y += ROW_HEIGHT;
        }
        final int height = y + MARGIN;
        final String body = svg.toString();
        svg.setLength(0);
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(height)
                .append("\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(height)
                .append("\" font-family=\"sans-serif\" font-size=\"13\">\n");
        rectangle(0, 0, WIDTH, height, "#ffffff");
        text(MARGIN, MARGIN + 6, "start", "bold", title);
        final Unit unit = rows.get(0).unit();
        final String scale = scales.size() > 1 ? "" : "; " + unit.label() + scales.get(unit).note();
        text(MARGIN, MARGIN + 24, "start", "normal", "bar: median, line: p99" + scale);
        return svg.append(body).append("</svg>\n").toString();
    }

    /** Where units differ each case says its own. */
    private String apart(final Unit unit) {
        return scales.size() > 1 ? ", " + unit.label() + scales.get(unit).note() : "";
    }

    private void bar(final Row row, final int y) {
        final Scale scale = scales.get(row.unit());
        final double middle = y + BAR_HEIGHT / 2.0;
        final double median = LEFT + scale.part(row.p50()) * BAR_WIDTH_MAX;
        final double tail = LEFT + scale.part(row.p99()) * BAR_WIDTH_MAX;
        text(LEFT - 8, y + BAR_HEIGHT - 4, "end", "normal", row.subject());
        rectangle(LEFT, y, median - LEFT, BAR_HEIGHT, row.ratio() == null ? OWN : OTHER);
        line(median, middle, tail, middle);
        line(tail, middle - 4, tail, middle + 4);
        text(
                (int) Math.ceil(Math.max(median, tail)) + 8,
                y + BAR_HEIGHT - 4,
                "start",
                "normal",
                Figures.of(row.p50())
                        + " (p99 "
                        + Figures.of(row.p99())
                        + ")"
                        + (row.ratio() == null ? "" : ", x" + Figures.ratio(row.ratio())));
    }

    private void rectangle(
            final double x,
            final double y,
            final double width,
            final double height,
            final String fill) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                        x,
                        y,
                        width,
                        height,
                        fill));
    }

    private void line(final double x1, final double y1, final double x2, final double y2) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>\n",
                        x1,
                        y1,
                        x2,
                        y2,
                        INK));
    }

    private void text(
            final int x,
            final int y,
            final String anchor,
            final String weight,
            final String content) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"%s\">%s</text>\n",
                        x,
                        y,
                        anchor,
                        weight,
                        INK,
                        escape(content)));
    }

    /** Returns text as it may stand between the marks of an SVG picture. */
    static String escape(final String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
