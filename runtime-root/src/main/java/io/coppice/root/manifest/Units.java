package io.coppice.root.manifest;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One kind of quantity: whole numbers with a unit. Sizes and durations differ only in their tables.
 *
 * @param noun what the quantity is called, such as {@code a size}
 * @param factors units from the smallest to the largest, with what one of them is worth
 * @param aliases what people write instead of a unit, in lower case, with the unit they mean
 * @param exampleUnit unit to suggest where none was written
 */
record Units(
        String noun, Map<String, Long> factors, Map<String, String> aliases, String exampleUnit) {
    private static final Pattern EXACT = Pattern.compile("(0|[1-9][0-9]*) ?([A-Za-z]+)");
    private static final Pattern LOOSE =
            Pattern.compile(" *([0-9]{1,30}(?:\\.[0-9]{1,30})?) *(\\p{L}{0,20}) *");

    long parse(final String text) {
        final Matcher exact = EXACT.matcher(text);
        if (exact.matches() && factors.containsKey(exact.group(2))) {
            try {
                return Math.multiplyExact(
                        Long.parseLong(exact.group(1)), factors.get(exact.group(2)));
            } catch (final ArithmeticException | NumberFormatException tooLarge) {
                throw new QuantityException(
                        Quoted.text(text) + " is too large", "write at most " + largest());
            }
        }
        throw refuse(text);
    }

    /** The value with the largest unit that leaves a whole number; {@link #parse} reads it back. */
    String format(final long value) {
        if (value < 0) {
            throw new IllegalArgumentException(noun + " is never negative: " + value);
        }
        String text = null;
        for (final Map.Entry<String, Long> unit : factors.entrySet()) {
            if (text == null || (value != 0 && value % unit.getValue() == 0)) {
                text = value / unit.getValue() + " " + unit.getKey();
            }
        }
        return text;
    }

    /** The mistake of a number without a unit. */
    QuantityException withoutUnit(final String shown, final String number) {
        return new QuantityException(
                shown + " has no unit",
                "add one, for example \"" + number + " " + exampleUnit + "\" " + list());
    }

    /** All units as a remark in brackets. */
    String list() {
        return "(units: " + String.join(", ", factors.keySet()) + ")";
    }

    private QuantityException refuse(final String text) {
        final String shown = Quoted.text(text);
        final Matcher loose = LOOSE.matcher(text);
        if (!loose.matches()) {
            return new QuantityException(
                    shown + " is not " + noun,
                    "write a whole number and a unit, for example \"64 "
                            + exampleUnit
                            + "\" "
                            + list());
        }
        final BigDecimal number = new BigDecimal(loose.group(1));
        if (loose.group(2).isEmpty()) {
            return withoutUnit(shown, number.toBigInteger().toString());
        }
        final String unit = meant(loose.group(2));
        if (unit == null) {
            return new QuantityException(
                    shown + " is not " + noun,
                    Quoted.text(loose.group(2)) + " is no unit of it " + list());
        }
        return new QuantityException(
                shown + " is not " + noun,
                "write it as \"" + respelled(number, unit) + "\" " + list());
    }

    private String respelled(final BigDecimal number, final String unit) {
        final BigDecimal whole = number.stripTrailingZeros();
        if (whole.scale() <= 0) {
            return whole.toBigInteger() + " " + unit;
        }
        final BigDecimal smallest = number.multiply(BigDecimal.valueOf(factors.get(unit)));
        return smallest.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0
                ? format(smallest.longValue())
                : smallest.toBigInteger() + " " + factors.keySet().iterator().next();
    }

    private String meant(final String unit) {
        for (final String known : factors.keySet()) {
            if (known.equalsIgnoreCase(unit)) {
                return known;
            }
        }
        return aliases.get(unit.toLowerCase(Locale.ROOT));
    }

    private String largest() {
        String unit = null;
        for (final String each : factors.keySet()) {
            unit = each;
        }
        return "\"" + Long.MAX_VALUE / factors.get(unit) + " " + unit + "\"";
    }
}
