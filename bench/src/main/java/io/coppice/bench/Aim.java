package io.coppice.bench;

/**
 * What a figure was meant to be, and what it is.
 *
 * @param caseName what was done
 * @param subject who did it
 * @param what the statistic, as in "p99"
 * @param unit of both figures
 * @param value that was measured
 * @param limit that it should not exceed
 */
record Aim(String caseName, String subject, String what, String unit, double value, double limit) {
    boolean isMet() {
        return value <= limit;
    }
}
