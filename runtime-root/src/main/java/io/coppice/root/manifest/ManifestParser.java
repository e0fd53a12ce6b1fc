package io.coppice.root.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * Reads and checks manifests. Every mistake that can be found in one pass is reported in one go, in
 * the order of the file. Immutable; usable from any thread.
 */
public final class ManifestParser {
    private final Machine machine;
    private final ToLongFunction<DaemonSpec> fixedBytes;

    /**
     * Makes a parser.
     *
     * @param machine tells how much memory there is
     * @param fixedBytes tells how many bytes of a daemon's arena header, journals and slots take;
     *     it is asked only about daemons that passed every check but this
     */
    public ManifestParser(final Machine machine, final ToLongFunction<DaemonSpec> fixedBytes) {
        this.machine = Objects.requireNonNull(machine, "machine");
        this.fixedBytes = Objects.requireNonNull(fixedBytes, "fixedBytes");
    }

    /**
     * Reads one manifest.
     *
     * @param file the manifest as the operator named it; error lines repeat it so
     * @param overrides values of {@code --set}, each {@code DAEMON.KEY=VALUE}, applied in this
     *     order before any check
     * @return the manifest, with every default filled in
     * @throws ManifestException with every mistake found
     */
    public Manifest parse(final Path file, final List<String> overrides) throws ManifestException {
        final String source = Quoted.bare(file.toString());
        final String json = ManifestText.read(file, source);
        final Errors errors = new Errors();
        final Node root = NodeReader.read(json, source, errors);
        if (!root.is(Node.Kind.OBJECT)) {
            errors.add(root, Quoted.value(root) + " is not an object", "write { \"tree\": ... }");
            errors.throwIfAny();
        }
        new Overrides(root, errors).apply(overrides);
        final Path absolute = file.toAbsolutePath().normalize();
        final Budget budget = new Budget(machine, fixedBytes, errors);
        final Manifest manifest =
                new ManifestReader(absolute, budget, errors).read(root, folder(file, source));
        errors.throwIfAny();
        return manifest;
    }

    /**
     * The manifest's folder without symbolic links, so that {@code ..} in it means what the kernel
     * means.
     */
    private static Path folder(final Path file, final String source) throws ManifestException {
        try {
            return file.toAbsolutePath().getParent().toRealPath();
        } catch (final IOException gone) {
            throw new ManifestException(
                    List.of(
                            new ManifestError(
                                    source,
                                    "",
                                    "its folder cannot be read",
                                    "make the folder readable")));
        }
    }
}
