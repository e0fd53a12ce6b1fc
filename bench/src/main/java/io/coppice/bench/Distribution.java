package io.coppice.bench;

import org.HdrHistogram.Histogram;

/**
 * Times of so many single operations that they are counted in classes instead of kept one by one:
 * each value is right to three digits. For one thread.
 */
public final class Distribution implements Measured {
    /** Longer than any time that is measured; what takes longer still is taken for this. */
    private static final long MOST_NS = 100_000_000_000L;

    private static final int DIGITS = 3;

    private final Unit unit;
    private final Histogram histogram = newHistogram();

    Distribution(final Unit unit) {
        this.unit = unit;
    }

    /** Returns an empty histogram for times in nanoseconds, as this adds them up. */
    public static Histogram newHistogram() {
        return new Histogram(MOST_NS, DIGITS);
    }

    /** Counts a time in nanoseconds. Allocates nothing. */
    public static void record(final Histogram histogram, final long ns) {
        histogram.recordValue(Math.min(ns, MOST_NS));
    }

    /** Takes all times of a histogram, in nanoseconds. */
    public void add(final Histogram more) {
        histogram.add(more);
    }

    Unit unit() {
        return unit;
    }

    @Override
    public int count() {
        return Math.toIntExact(histogram.getTotalCount());
    }

    @Override
    public double percentile(final double percent) {
        requireSome();
        return unit.ofNs(histogram.getValueAtPercentile(percent));
    }

    @Override
    public double min() {
        requireSome();
        return unit.ofNs(histogram.getMinValue());
    }

    @Override
    public double max() {
        requireSome();
        return unit.ofNs(histogram.getMaxValue());
    }

    private void requireSome() {
        if (histogram.getTotalCount() == 0) {
            throw new IllegalStateException("nothing was measured");
        }
    }
}
