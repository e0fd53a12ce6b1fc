package io.coppice.bench;

import java.util.Arrays;

/**
 * What was measured of one subject. Percentiles are values that were measured (nearest rank), never
 * something between two of them. For one thread.
 */
public final class Samples implements Measured {
    private static final int FIRST_CAPACITY = 64;
    private static final double WHOLE = 100;

    private final Unit unit;
    private double[] values = new double[FIRST_CAPACITY];
    private int count;

    Samples(final Unit unit) {
        this.unit = unit;
    }

    Unit unit() {
        return unit;
    }

    @Override
    public int count() {
        return count;
    }

    /** Takes a value in the unit. */
    public void add(final double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    /** Takes a time in nanoseconds. */
    public void addNs(final long ns) {
        add(unit.ofNs(ns));
    }

    /** Takes times in nanoseconds. */
    public void addAllNs(final long[] ns) {
        for (final long each : ns) {
            addNs(each);
        }
    }

    /**
     * Returns the value that this part of all values is at least as good as. Where more is better
     * the 99th percentile is therefore near the smallest: it always shows the bad end.
     *
     * @param percent above 0, at most 100
     * @throws IllegalStateException where nothing was measured
     */
    @Override
    public double percentile(final double percent) {
        if (!(percent > 0 && percent <= WHOLE)) {
            throw new IllegalArgumentException("percentile " + percent + " is not in 0 .. 100");
        }
        final double[] sorted = sorted();
        // Multiplied first: 99 / 100 of a count may come out a little above the whole rank it is.
        final int rank = (int) Math.ceil(percent * count / WHOLE);
        return unit.isLessBetter() ? sorted[rank - 1] : sorted[count - rank];
    }

    /** Returns the smallest value, whether small is good or bad. */
    @Override
    public double min() {
        return sorted()[0];
    }

    /** Returns the largest value, whether large is good or bad. */
    @Override
    public double max() {
        return sorted()[count - 1];
    }

    private double[] sorted() {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        final double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }
}
