package io.coppice.root.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds, from the parser's own units and bounds, the patterns that the schema has to contain. */
final class QuantityPattern {
    private QuantityPattern() {}

    static String size(final long least, final long most) {
        return "^" + quantity(Sizes.UNITS, least, most) + "$";
    }

    static String duration() {
        return "^" + durationEnd() + "$";
    }

    static String spin() {
        return "^" + quantity(Durations.UNITS, 0, ManifestLimits.SPIN_NS_MAX) + "$";
    }

    static String backoff() {
        return "^" + durationEnd() + " ?\\.\\. ?" + durationEnd() + "$";
    }

    static String workers() {
        final String end =
                DecimalRange.pattern(ManifestLimits.WORKERS_MIN, ManifestLimits.WORKERS_MAX);
        return "^" + end + " ?\\.\\. ?" + end + "$";
    }

    private static String durationEnd() {
        return quantity(
                Durations.UNITS, ManifestLimits.DURATION_NS_MIN, ManifestLimits.DURATION_NS_MAX);
    }

    private static String quantity(final Units units, final long least, final long most) {
        final List<String> alternatives = new ArrayList<>();
        for (final Map.Entry<String, Long> unit : units.factors().entrySet()) {
            final long unitLeast =
                    least == 0 ? 0 : Math.max(1, Math.ceilDiv(least, unit.getValue()));
            final long unitMost = most / unit.getValue();
            if (unitLeast <= unitMost) {
                alternatives.add(DecimalRange.pattern(unitLeast, unitMost) + " ?" + unit.getKey());
            }
        }
        return "(?:" + String.join("|", alternatives) + ")";
    }
}
