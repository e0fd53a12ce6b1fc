package io.coppice.ring.channel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which Unix-domain socket paths go through shared memory. Both ends must say the same of a path.
 * Immutable.
 */
public final class Acceleration {
    /** The environment variable that lists them. */
    public static final String VARIABLE = "COPPICE_ACCELERATE";

    /**
     * The system property that lists them instead, for one process: in a manifest, an argument of
     * {@code "jvm"}.
     */
    public static final String PROPERTY = "coppice.accelerate";

    private final List<String> exact;
    private final List<String> prefixes;

    private Acceleration(final List<String> exact, final List<String> prefixes) {
        this.exact = List.copyOf(exact);
        this.prefixes = List.copyOf(prefixes);
    }

    /** Returns what {@value #PROPERTY} says, else {@value #VARIABLE}; nothing where neither is. */
    public static Acceleration fromEnvironment() {
        final String list = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return list == null ? none() : parse(list);
    }

    /** Returns that no path is. */
    public static Acceleration none() {
        return new Acceleration(List.of(), List.of());
    }

    /** Returns that each path is. */
    public static Acceleration all() {
        return new Acceleration(List.of(), List.of(""));
    }

    /**
     * Reads a list: paths with colons between them, each exact or, with {@code *} at its end, the
     * beginning of paths. Relative ones are taken from the working directory. Empty ones do not
     * count.
     *
     * @throws IllegalArgumentException where a star is not at the end
     */
    public static Acceleration parse(final String list) {
        final List<String> exact = new ArrayList<>();
        final List<String> prefixes = new ArrayList<>();
        for (final String entry : list.split(":", -1)) {
            final int star = entry.indexOf('*');
            if (star >= 0 && star != entry.length() - 1) {
                throw new IllegalArgumentException(
                        VARIABLE + ": \"" + entry + "\": * may only be the last character");
            }
            if (star >= 0) {
                prefixes.add(prefix(entry.substring(0, star)));
            } else if (!entry.isEmpty()) {
                exact.add(absolute(entry));
            }
        }
        return new Acceleration(exact, prefixes);
    }

    /** Returns whether there is no such path. */
    public boolean isNone() {
        return exact.isEmpty() && prefixes.isEmpty();
    }

    /** Returns whether a path goes through shared memory. */
    public boolean covers(final Path path) {
        final String there = absolute(path.toString());
        if (exact.contains(there)) {
            return true;
        }
        for (final String prefix : prefixes) {
            if (there.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static String absolute(final String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    /** A slash at the end says that only what is below counts, and normalizing drops it. */
    private static String prefix(final String path) {
        if (path.isEmpty()) {
            return "";
        }
        final String absolute = absolute(path);
        return path.endsWith("/") && !absolute.endsWith("/") ? absolute + "/" : absolute;
    }
}
