package io.coppice.root.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the two values that have two ends: the backoff of a restart and the workers of a pool. */
final class Ranges {
    private static final Pattern TWO_ENDS = Pattern.compile("(.*?) ?\\.\\. ?(.*)");
    private static final Pattern WORKERS =
            Pattern.compile("(0|[1-9][0-9]{0,8}) ?\\.\\. ?(0|[1-9][0-9]{0,8})");

    private Ranges() {}

    /** Both ends, the least first. */
    record Range(long min, long max) {}

    static Range backoff(final Section restart, final Errors errors) {
        final Node node = restart.member("backoff");
        final Range defaults =
                new Range(
                        ManifestLimits.BACKOFF_MIN_NS_DEFAULT,
                        ManifestLimits.BACKOFF_MAX_NS_DEFAULT);
        if (node == null) {
            return defaults;
        }
        final Matcher ends = TWO_ENDS.matcher(node.is(Node.Kind.STRING) ? node.text() : "");
        if (!ends.matches()) {
            errors.add(
                    node,
                    Quoted.value(node) + " is not a range of durations",
                    "write the least and the most, such as \"50 ms .. 10 s\"");
            return defaults;
        }
        final int errorsBefore = errors.count();
        final long minNs = restart.scalars().durationNs(node, ends.group(1));
        final long maxNs = restart.scalars().durationNs(node, ends.group(2));
        if (minNs > maxNs && errors.count() == errorsBefore) {
            backwards(node, errors, Durations.format(maxNs) + " .. " + Durations.format(minNs));
        }
        return new Range(minNs, maxNs);
    }

    static Range workers(final Section pool, final Errors errors) {
        final Node node = pool.member("workers");
        if (node == null) {
            return new Range(ManifestLimits.WORKERS_DEFAULT, ManifestLimits.WORKERS_DEFAULT);
        }
        if (node.is(Node.Kind.NUMBER)) {
            final long workers =
                    pool.scalars()
                            .integer(node, ManifestLimits.WORKERS_MIN, ManifestLimits.WORKERS_MAX);
            return new Range(workers, workers);
        }
        final Matcher ends = WORKERS.matcher(node.is(Node.Kind.STRING) ? node.text() : "");
        if (!ends.matches()) {
            errors.add(
                    node,
                    Quoted.value(node) + " is not a number of workers",
                    "write the least and the most, such as \"1..2\", or one number without quotes");
            return new Range(ManifestLimits.WORKERS_MIN, ManifestLimits.WORKERS_MIN);
        }
        final long min = Long.parseLong(ends.group(1));
        final long max = Long.parseLong(ends.group(2));
        if (!isWorkers(min) || !isWorkers(max)) {
            errors.add(
                    node,
                    Quoted.value(node) + " is out of range",
                    "write " + ManifestLimits.WORKERS_MIN + " to " + ManifestLimits.WORKERS_MAX);
            return new Range(ManifestLimits.WORKERS_MIN, ManifestLimits.WORKERS_MIN);
        }
        if (min > max) {
            backwards(node, errors, max + ".." + min);
        }
        return new Range(min, max);
    }

    private static boolean isWorkers(final long workers) {
        return workers >= ManifestLimits.WORKERS_MIN && workers <= ManifestLimits.WORKERS_MAX;
    }

    private static void backwards(final Node node, final Errors errors, final String turned) {
        errors.add(
                node,
                Quoted.value(node) + " begins with the larger end",
                "write \"" + turned + "\"");
    }
}
