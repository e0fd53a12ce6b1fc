package io.coppice.root.manifest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sizes of memory as people write them: {@code "64 MiB"}, {@code "512 B"}. Units are binary,
 * numbers whole.
 */
public final class Sizes {
    private static final long KIB = 1024;

    static final Units UNITS = units();

    private Sizes() {}

    /**
     * Reads a size.
     *
     * @param text a whole number and one of B, KiB, MiB, GiB, TiB; one space between them is
     *     optional
     * @return bytes, 0 or more
     * @throws QuantityException if the text is anything else; its message is one line with the cure
     */
    public static long parse(final String text) {
        return UNITS.parse(text);
    }

    /**
     * Writes a size exactly, in the largest unit that leaves a whole number.
     *
     * @param bytes 0 or more
     * @return such as {@code 64 MiB}; {@link #parse} reads it back
     */
    public static String format(final long bytes) {
        return UNITS.format(bytes);
    }

    /**
     * Writes a size for people, rounded to one decimal.
     *
     * @param bytes 0 or more
     * @return such as {@code 20.3 MiB}; exact sizes look like those of {@link #format}
     */
    public static String rounded(final long bytes) {
        String unit = "B";
        long factor = 1;
        for (final Map.Entry<String, Long> each : UNITS.factors().entrySet()) {
            if (bytes >= each.getValue()) {
                unit = each.getKey();
                factor = each.getValue();
            }
        }
        return bytes % factor == 0
                ? bytes / factor + " " + unit
                : String.format(Locale.ROOT, "%.1f %s", (double) bytes / factor, unit);
    }

    private static Units units() {
        final Map<String, Long> factors = new LinkedHashMap<>();
        factors.put("B", 1L);
        factors.put("KiB", KIB);
        factors.put("MiB", KIB * KIB);
        factors.put("GiB", KIB * KIB * KIB);
        factors.put("TiB", KIB * KIB * KIB * KIB);
        final Map<String, String> aliases = new LinkedHashMap<>();
        // Decimal units and the letters that the JVM's own options take all mean the binary unit
        // here.
        for (final String unit : List.of("KiB", "MiB", "GiB", "TiB")) {
            final String letter = unit.substring(0, 1).toLowerCase(Locale.ROOT);
            aliases.put(letter, unit);
            aliases.put(letter + "b", unit);
            aliases.put(letter + "i", unit);
        }
        aliases.put("byte", "B");
        aliases.put("bytes", "B");
        return new Units("a size", factors, aliases, "MiB");
    }
}
