package io.coppice.root.manifest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Durations as people write them: {@code "50 ms"}, {@code "5 min"}. A number without a unit is
 * refused.
 */
public final class Durations {
    static final Units UNITS = units();

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @param text a whole number and one of ns, us, ms, s, min, h, d; one space between them is
     *     optional
     * @return nanoseconds, 0 or more
     * @throws QuantityException if the text is anything else; its message is one line with the cure
     */
    public static long parse(final String text) {
        return UNITS.parse(text);
    }

    /**
     * Writes a duration exactly, in the largest unit that leaves a whole number.
     *
     * @param durationNs nanoseconds, 0 or more
     * @return such as {@code 50 ms}; {@link #parse} reads it back
     */
    public static String format(final long durationNs) {
        return UNITS.format(durationNs);
    }

    private static Units units() {
        final Map<String, Long> factors = new LinkedHashMap<>();
        factors.put("ns", 1L);
        factors.put("us", TimeUnit.MICROSECONDS.toNanos(1));
        factors.put("ms", TimeUnit.MILLISECONDS.toNanos(1));
        factors.put("s", TimeUnit.SECONDS.toNanos(1));
        factors.put("min", TimeUnit.MINUTES.toNanos(1));
        factors.put("h", TimeUnit.HOURS.toNanos(1));
        factors.put("d", TimeUnit.DAYS.toNanos(1));
        final Map<String, String> aliases = new LinkedHashMap<>();
        // Both signs for micro are in use: U+00B5 and the Greek letter.
        alias(aliases, "us", List.of("\u00b5s", "\u03bcs", "usec", "micros", "microseconds"));
        alias(aliases, "ms", List.of("msec", "msecs", "millis", "millisecond", "milliseconds"));
        alias(aliases, "s", List.of("sec", "secs", "second", "seconds"));
        alias(aliases, "min", List.of("m", "mins", "minute", "minutes"));
        alias(aliases, "h", List.of("hr", "hrs", "hour", "hours"));
        alias(aliases, "d", List.of("day", "days"));
        return new Units("a duration", factors, aliases, "ms");
    }

    private static void alias(
            final Map<String, String> aliases, final String unit, final List<String> others) {
        for (final String other : others) {
            aliases.put(other, unit);
        }
    }
}
