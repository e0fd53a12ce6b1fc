package io.coppice.root.manifest;

import java.util.regex.Pattern;

/** Spells JSON paths: {@code .key} for plain keys, {@code ["..."]} with escapes for all others. */
final class JsonPaths {
    static final String ROOT = "$";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_$-]{1,64}");

    private JsonPaths() {}

    static String member(final String key) {
        return PLAIN.matcher(key).matches() ? "." + key : "[" + Quoted.text(key) + "]";
    }

    static String item(final int index) {
        return "[" + index + "]";
    }
}
