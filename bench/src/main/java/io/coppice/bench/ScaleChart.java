package io.coppice.bench;

import java.util.List;
import java.util.Locale;

/**
 * Figures by the number of daemons as an SVG picture: a panel for each, from left to right the
 * number, each doubling as wide as the last, upwards the figure from 0.
 */
final class ScaleChart {
    private static final int WIDTH = 760;
    private static final int LEFT = 70;
    private static final int PLOT_WIDTH = 640;
    private static final int PLOT_HEIGHT = 180;
    private static final int TOP = 50;
    private static final int PANEL_HEAD = 24;
    private static final int PANEL_HEIGHT = PANEL_HEAD + PLOT_HEIGHT + 50;
    private static final int MARGIN = 20;

    /** The largest figure is this part of the height. */
    private static final double HIGHEST = 0.85;

    private static final String OWN = "#2f7d4f";
    private static final String INK = "#1f2933";
    private static final String GRID = "#d9dee4";

    private final int[] counts;
    private final StringBuilder svg = new StringBuilder();

    private ScaleChart(final int[] counts) {
        this.counts = counts;
    }

    /**
     * One figure.
     *
     * @param name with the unit
     * @param values one for each number of daemons, 0 or more
     */
    record Line(String name, double[] values) {}

    /**
     * Draws figures.
     *
     * @param counts of daemons, rising, the first 1 or more
     */
    static String of(final String title, final int[] counts, final List<Line> lines) {
        return new ScaleChart(counts).draw(title, lines);
    }

    private String draw(final String title, final List<Line> lines) {
        final int height = TOP + lines.size() * PANEL_HEIGHT;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">",
                WIDTH, height, WIDTH, height);
        add("<rect x=\"0\" y=\"0\" width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
        text(MARGIN, MARGIN + 6, "start", "bold", title);
        for (int i = 0; i < lines.size(); i++) {
            panel(lines.get(i), TOP + i * PANEL_HEIGHT);
        }
        add("</svg>");
        return svg.toString();
    }

    private void panel(final Line line, final int top) {
        text(MARGIN, top + MARGIN / 2.0, "start", "bold", line.name());
        final double bottom = top + PANEL_HEAD + PLOT_HEIGHT;
        add(
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/>",
                LEFT, bottom, LEFT + PLOT_WIDTH, bottom, GRID);
        double most = 0;
        for (final double value : line.values()) {
            most = Math.max(most, value);
        }
        final StringBuilder points = new StringBuilder();
        for (int i = 0; i < counts.length; i++) {
            final double x = x(counts[i]);
            final double part = most == 0 ? 0 : line.values()[i] / most;
            final double y = bottom - part * HIGHEST * PLOT_HEIGHT;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, OWN);
            text(x, y - 8, "middle", "normal", Figures.of(line.values()[i]));
            text(x, bottom + 18, "middle", "normal", String.valueOf(counts[i]));
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.toString().strip(), OWN);
    }

    private double x(final int count) {
        final double whole = Math.log(counts[counts.length - 1] / (double) counts[0]);
        final double part = whole == 0 ? 0 : Math.log(count / (double) counts[0]) / whole;
        // Room for the figures at both ends.
        return LEFT + MARGIN + part * (PLOT_WIDTH - 2 * MARGIN);
    }

    private void text(
            final double x,
            final double y,
            final String anchor,
            final String weight,
            final String content) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"%s\">%s</text>",
                x, y, anchor, weight, INK, BarChart.escape(content));
    }

    private void add(final String format, final Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
