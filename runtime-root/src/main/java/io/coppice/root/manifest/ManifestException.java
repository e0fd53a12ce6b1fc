package io.coppice.root.manifest;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A manifest that cannot be used: every mistake found, in the order of the file. Its message has
 * one line each.
 */
public final class ManifestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ManifestError> errors;

    /**
     * Takes the mistakes of one manifest.
     *
     * @param errors at least one mistake, in the order in which to print them
     */
    public ManifestException(final List<ManifestError> errors) {
        super(errors.stream().map(ManifestError::line).collect(Collectors.joining("\n")));
        if (errors.isEmpty()) {
            throw new IllegalArgumentException("a manifest without a mistake is no exception");
        }
        this.errors = List.copyOf(errors);
    }

    /** The mistakes, at least one, in the order in which to print them. */
    public List<ManifestError> errors() {
        return errors;
    }
}
