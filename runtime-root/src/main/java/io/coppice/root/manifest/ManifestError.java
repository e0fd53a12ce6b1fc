package io.coppice.root.manifest;

import java.util.Objects;

/**
 * One mistake in a manifest, told in one line. Immutable.
 *
 * @param file the manifest as the operator named it, or {@code --set ...} where an override is
 *     wrong
 * @param jsonPath where in the file, such as {@code $.daemons.scan.memory} or {@code line 3, column
 *     7}; empty if the whole file is meant
 * @param problem what is wrong
 * @param cure what to do about it
 */
public record ManifestError(String file, String jsonPath, String problem, String cure) {
    /** Checks that every part is there. */
    public ManifestError {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(jsonPath, "jsonPath");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(cure, "cure");
    }

    /** The whole mistake as one line without a line end. */
    public String line() {
        final String where = jsonPath.isEmpty() ? file : file + ": " + jsonPath;
        return where + ": " + problem + "; " + cure;
    }

    @Override
    public String toString() {
        return line();
    }
}
