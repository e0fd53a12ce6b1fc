package io.coppice.bench;

/**
 * One line of a result.
 *
 * @param caseName what was done
 * @param subject who did it
 * @param unit of the five values
 * @param min the smallest value
 * @param p50 the median
 * @param p90 the value that 90 of 100 rounds were at least as good as
 * @param p99 the value that 99 of 100 rounds were at least as good as
 * @param max the largest value
 * @param n how often it was measured
 * @param ratio Coppice's median over this one's; null on Coppice's own row
 */
record Row(
        String caseName,
        String subject,
        Unit unit,
        double min,
        double p50,
        double p90,
        double p99,
        double max,
        int n,
        Double ratio) {}
