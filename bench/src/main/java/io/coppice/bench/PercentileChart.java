package io.coppice.bench;

import java.util.List;
import java.util.Locale;

/**
 * Distributions as an SVG picture: a panel for each case, a line for each subject. From left to
 * right come the percentiles, each nine as far from the last as the one before; upwards the time,
 * on a logarithmic scale.
 */
final class PercentileChart {
    private static final int WIDTH = 900;
    private static final int LEFT = 70;
    private static final int PLOT_WIDTH = 560;
    private static final int PLOT_HEIGHT = 260;
    private static final int TOP = 50;
    private static final int PANEL_HEAD = 30;
    private static final int PANEL_HEIGHT = PANEL_HEAD + PLOT_HEIGHT + 50;
    private static final int LEGEND = LEFT + PLOT_WIDTH + 24;
    private static final int LEGEND_LINE = 20;
    private static final int MARGIN = 20;

    /** So many points make a line. */
    private static final int POINTS = 120;

    private static final double WHOLE = 100;
    private static final double BASE = 10;
    private static final String INK = "#1f2933";
    private static final String GRID = "#d9dee4";

    /** Coppice first, in the colour that it has in the other charts. */
    private static final String[] COLOURS = {
        "#2f7d4f", "#1f2933", "#c2571a", "#2563a8", "#8a4fa3", "#9aa5b1", "#a8325a"
    };

    private final StringBuilder svg = new StringBuilder();

    private PercentileChart() {}

    /**
     * Draws distributions.
     *
     * @param curves at least one, those of a case one after another
     */
    static String of(final String title, final List<Curve> curves) {
        return new PercentileChart().draw(title, curves);
    }

    private String draw(final String title, final List<Curve> curves) {
        final List<String> cases = curves.stream().map(Curve::caseName).distinct().toList();
        final int height = TOP + cases.size() * PANEL_HEIGHT + MARGIN;
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                                + " width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                                + " font-size=\"13\">%n"
                                + "<rect x=\"0\" y=\"0\" width=\"%d\" height=\"%d\""
                                + " fill=\"#ffffff\"/>%n",
                        WIDTH,
                        height,
                        WIDTH,
                        height,
                        WIDTH,
                        height));
        text(MARGIN, MARGIN + 6, "start", "bold", title + ", percentiles");
        for (int i = 0; i < cases.size(); i++) {
            final String name = cases.get(i);
            final List<Curve> own =
                    curves.stream().filter(curve -> curve.caseName().equals(name)).toList();
            panel(TOP + i * PANEL_HEIGHT, own);
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(final int top, final List<Curve> curves) {
        final Curve first = curves.get(0);
        text(
                MARGIN,
                top + PANEL_HEAD / 2,
                "start",
                "bold",
                first.caseName() + ", " + first.values().unit().label() + ", logarithmic scale");
        final int plot = top + PANEL_HEAD;
        int most = 0;
        double least = Double.MAX_VALUE;
        double largest = 0;
        for (final Curve curve : curves) {
            most = Math.max(most, curve.values().count());
            least = Math.min(least, curve.values().percentile(1));
            largest = Math.max(largest, curve.values().max());
        }
        // With a thousand values the last percentile that says anything is 99.9: three nines.
        final int nines = Math.max(1, (int) Math.floor(Math.log10(most)));
        final int low = (int) Math.floor(Math.log10(Math.max(least, 1e-3)));
        final int high = Math.max(low + 1, (int) Math.ceil(Math.log10(Math.max(largest, 1e-3))));
        for (int nine = 0; nine <= nines; nine++) {
            final double x = LEFT + (double) PLOT_WIDTH * nine / nines;
            line(x, plot, x, plot + PLOT_HEIGHT, GRID);
            text((int) x, plot + PLOT_HEIGHT + 18, "middle", "normal", percent(nine));
        }
        for (int power = low; power <= high; power++) {
            final double y = plot + PLOT_HEIGHT * (double) (high - power) / (high - low);
            line(LEFT, y, LEFT + PLOT_WIDTH, y, GRID);
            final String value =
                    power < 0
                            ? String.format(Locale.ROOT, "%." + -power + "f", Math.pow(BASE, power))
                            : String.valueOf((long) Math.pow(BASE, power));
            text(LEFT - 8, (int) y + 4, "end", "normal", value);
        }
        for (int i = 0; i < curves.size(); i++) {
            final String colour = COLOURS[i % COLOURS.length];
            curve(plot, curves.get(i).values(), nines, low, high, colour);
            final int y = plot + LEGEND_LINE * i + LEGEND_LINE / 2;
            line(LEGEND, y, LEGEND + 16, y, colour);
            text(LEGEND + 22, y + 4, "start", "normal", curves.get(i).subject());
        }
    }

    private void curve(
            final int plot,
            final Distribution values,
            final int nines,
            final int low,
            final int high,
            final String colour) {
        svg.append("<polyline fill=\"none\" stroke-width=\"1.8\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (int point = 0; point <= POINTS; point++) {
            final double nine = (double) nines * point / POINTS;
            final double percent = Math.max(1e-6, WHOLE * (1 - Math.pow(BASE, -nine)));
            final double value = Math.max(values.percentile(percent), Math.pow(BASE, low));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            point == 0 ? "%.1f,%.1f" : " %.1f,%.1f",
                            LEFT + PLOT_WIDTH * nine / nines,
                            plot + PLOT_HEIGHT * (high - Math.log10(value)) / (high - low)));
        }
        svg.append("\"/>\n");
    }

    /** Returns 0 %, 90 %, 99 %, 99.9 % ... */
    private static String percent(final int nines) {
        if (nines == 0) {
            return "0 %";
        }
        return nines <= 2
                ? "9" + (nines == 1 ? "0" : "9") + " %"
                : "99." + "9".repeat(nines - 2) + " %";
    }

    private void line(
            final double x1, final double y1, final double x2, final double y2, final String ink) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                                + " stroke-width=\"1.2\"/>\n",
                        x1,
                        y1,
                        x2,
                        y2,
                        ink));
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
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-weight=\"%s\""
                                + " fill=\"%s\">%s</text>\n",
                        x,
                        y,
                        anchor,
                        weight,
                        INK,
                        BarChart.escape(content)));
    }
}
