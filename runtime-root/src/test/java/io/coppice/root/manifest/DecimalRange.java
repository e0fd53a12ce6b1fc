package io.coppice.root.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Spells a range of whole numbers as a regular expression, for the schema cannot compare numbers in
 * strings.
 */
final class DecimalRange {
    private DecimalRange() {}

    /**
     * An expression that matches exactly the decimal numbers from least to most, without leading
     * zeros.
     */
    static String pattern(final long least, final long most) {
        final List<String> alternatives = new ArrayList<>();
        int wholeFrom = 0;
        int wholeTo = 0;
        for (int digits = Long.toString(least).length();
                digits <= Long.toString(most).length();
                digits++) {
            final String from =
                    digits == Long.toString(least).length()
                            ? Long.toString(least)
                            : "1" + "0".repeat(digits - 1);
            final String to =
                    digits == Long.toString(most).length()
                            ? Long.toString(most)
                            : "9".repeat(digits);
            if (from.equals("1" + "0".repeat(digits - 1)) && to.equals("9".repeat(digits))) {
                wholeFrom = wholeFrom == 0 ? digits : wholeFrom;
                wholeTo = digits;
            } else {
                alternatives.addAll(sameLength(from, to));
            }
        }
        if (wholeTo != 0) {
            alternatives.add("[1-9][0-9]{" + (wholeFrom - 1) + "," + (wholeTo - 1) + "}");
        }
        return "(?:" + String.join("|", alternatives) + ")";
    }

    private static List<String> sameLength(final String from, final String to) {
        final int digits = from.length();
        if (from.equals("0".repeat(digits)) && to.equals("9".repeat(digits))) {
            return List.of(any(digits));
        }
        final List<String> alternatives = new ArrayList<>();
        char first = from.charAt(0);
        char last = to.charAt(0);
        if (first == last) {
            for (final String rest : sameLength(from.substring(1), to.substring(1))) {
                alternatives.add(first + rest);
            }
            return alternatives;
        }
        final List<String> above = new ArrayList<>();
        if (!from.substring(1).equals("0".repeat(digits - 1))) {
            for (final String rest : sameLength(from.substring(1), "9".repeat(digits - 1))) {
                alternatives.add(first + rest);
            }
            first++;
        }
        if (!to.substring(1).equals("9".repeat(digits - 1))) {
            for (final String rest : sameLength("0".repeat(digits - 1), to.substring(1))) {
                above.add(last + rest);
            }
            last--;
        }
        if (first <= last) {
            final String span = first == last ? "" + first : "[" + first + "-" + last + "]";
            alternatives.add(span + any(digits - 1));
        }
        alternatives.addAll(above);
        return alternatives;
    }

    private static String any(final int digits) {
        return digits == 0 ? "" : digits == 1 ? "[0-9]" : "[0-9]{" + digits + "}";
    }
}
