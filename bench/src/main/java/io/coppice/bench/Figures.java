package io.coppice.bench;

import java.util.Locale;

/** Numbers for people: three digits or so, whatever their size. */
final class Figures {
    private static final double[] BOUNDS = {1, 10, 100};

    private Figures() {}

    static String of(final double value) {
        int decimals = BOUNDS.length;
        for (final double bound : BOUNDS) {
            if (Math.abs(value) >= bound) {
                decimals--;
            }
        }
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Returns a ratio with two decimals, or "-" where there is none. */
    static String ratio(final Double ratio) {
        return ratio == null ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
    }
}
