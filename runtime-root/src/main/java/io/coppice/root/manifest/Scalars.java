package io.coppice.root.manifest;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Checks single values. Each method reports what is wrong and answers with a value that is safe to
 * go on with.
 */
final class Scalars {
    private final Errors errors;

    Scalars(final Errors errors) {
        this.errors = errors;
    }

    /** A size from its text, or from a plain number of bytes. */
    long size(final Node node, final long min, final long max) {
        if (node.is(Node.Kind.NUMBER)) {
            return integer(
                    node,
                    min,
                    max,
                    rangeCure(Sizes.format(min), Sizes.format(max)),
                    "number of bytes");
        }
        if (!node.is(Node.Kind.STRING)) {
            errors.add(
                    node,
                    Quoted.value(node) + " is not a size",
                    "write one such as \"64 MiB\" " + Sizes.UNITS.list());
            return min;
        }
        return quantity(Sizes.UNITS, node, node.text(), min, max);
    }

    /** A duration from its text; a bare number could mean anything and is refused. */
    long durationNs(final Node node) {
        return durationNs(node, ManifestLimits.DURATION_NS_MIN, ManifestLimits.DURATION_NS_MAX);
    }

    /** A duration with bounds of its own. */
    long durationNs(final Node node, final long least, final long most) {
        if (!node.is(Node.Kind.STRING)) {
            if (node.is(Node.Kind.NUMBER)) {
                final QuantityException refused =
                        Durations.UNITS.withoutUnit(Quoted.value(node), plainNumber(node.text()));
                errors.add(node, refused.problem(), refused.cure());
            } else {
                errors.add(
                        node,
                        Quoted.value(node) + " is not a duration",
                        "write one such as \"10 s\" " + Durations.UNITS.list());
            }
            return least;
        }
        return quantity(Durations.UNITS, node, node.text(), least, most);
    }

    /** A duration that is part of a value, such as one end of a range. */
    long durationNs(final Node node, final String text) {
        return quantity(
                Durations.UNITS,
                node,
                text,
                ManifestLimits.DURATION_NS_MIN,
                ManifestLimits.DURATION_NS_MAX);
    }

    /** A whole number between two bounds; {@code 5.0} is one, as JSON knows no integers. */
    long integer(final Node node, final long min, final long max) {
        return integer(node, min, max, "write " + min + " to " + max, "whole number");
    }

    boolean bool(final Node node) {
        if (!node.is(Node.Kind.BOOLEAN)) {
            errors.add(node, Quoted.value(node) + " is not a boolean", "write true or false");
        }
        return Boolean.parseBoolean(node.text());
    }

    /** Whether the node is a string; reports it otherwise. */
    boolean isString(final Node node, final String example) {
        if (!node.is(Node.Kind.STRING)) {
            errors.add(
                    node,
                    Quoted.value(node) + " is not a string",
                    "write one such as " + Quoted.text(example));
        }
        return node.is(Node.Kind.STRING);
    }

    /** Whether the node is a string of the given pattern and length; reports it otherwise. */
    boolean isText(
            final Node node,
            final Pattern pattern,
            final int charsMax,
            final String noun,
            final String example,
            final String cure) {
        if (!isString(node, example)) {
            return false;
        }
        final int chars = node.text().codePointCount(0, node.text().length());
        if (!pattern.matcher(node.text()).matches() || chars > charsMax) {
            errors.add(node, Quoted.text(node.text()) + " is not " + noun, cure);
            return false;
        }
        return true;
    }

    private long integer(
            final Node node, final long min, final long max, final String cure, final String noun) {
        final BigDecimal number = node.is(Node.Kind.NUMBER) ? number(node.text()) : null;
        if (number == null || !isWhole(number)) {
            errors.add(node, Quoted.value(node) + " is not a " + noun, cure);
            return min;
        }
        if (number.compareTo(BigDecimal.valueOf(min)) < 0
                || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            errors.add(node, Quoted.value(node) + " is out of range", cure);
            return min;
        }
        return number.longValueExact();
    }

    private long quantity(
            final Units units, final Node node, final String text, final long min, final long max) {
        final long value;
        try {
            value = units.parse(text);
        } catch (final QuantityException refused) {
            errors.add(node, refused.problem(), refused.cure());
            return min;
        }
        if (value < min || value > max) {
            errors.add(
                    node,
                    Quoted.text(text) + " is out of range",
                    rangeCure(units.format(min), units.format(max)));
            return min;
        }
        return value;
    }

    private static String rangeCure(final String min, final String max) {
        return "write \"" + min + "\" to \"" + max + "\"";
    }

    private static String plainNumber(final String text) {
        final BigDecimal number = number(text);
        return number != null && number.signum() > 0 && isWhole(number) && text.length() < 20
                ? text
                : "64";
    }

    private static boolean isWhole(final BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }

    /** The number, or null where its exponent is beyond all reason. */
    private static BigDecimal number(final String text) {
        try {
            return new BigDecimal(text);
        } catch (final NumberFormatException beyondReason) {
            return null;
        }
    }
}
