package io.coppice.bench;

/** What was measured of one subject, in the unit of its case. */
interface Measured {
    /** Returns how many values there are. */
    int count();

    /**
     * Returns the value that this part of all values is at least as good as.
     *
     * @param percent above 0, at most 100
     * @throws IllegalStateException where nothing was measured
     */
    double percentile(double percent);

    /**
     * Returns the smallest value, whether small is good or bad.
     *
     * @throws IllegalStateException where nothing was measured
     */
    double min();

    /**
     * Returns the largest value, whether large is good or bad.
     *
     * @throws IllegalStateException where nothing was measured
     */
    double max();
}
