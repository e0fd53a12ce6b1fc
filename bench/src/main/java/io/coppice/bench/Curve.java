package io.coppice.bench;

/**
 * The whole distribution of one subject's times.
 *
 * @param caseName what was done
 * @param subject who did it
 * @param values at least one
 */
record Curve(String caseName, String subject, Distribution values) {}
