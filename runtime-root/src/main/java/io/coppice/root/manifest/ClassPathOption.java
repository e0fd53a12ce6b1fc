package io.coppice.root.manifest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a class path from a command line, by the rules of the one in a manifest. */
public final class ClassPathOption {
    private static final String NAME = "--classpath";
    private static final String KEY = "classpath";

    private ClassPathOption() {}

    /**
     * Reads a class path.
     *
     * @param entries jars, folders, or patterns such as {@code lib/*}
     * @param folder that relative entries are below
     * @param classNames classes that must be in it
     * @return files that exist, in their order
     * @throws ManifestException with every mistake found
     */
    public static List<Path> read(
            final List<String> entries, final Path folder, final List<String> classNames)
            throws ManifestException {
        final Errors errors = new Errors();
        final List<Node> items = new ArrayList<>();
        for (final String entry : entries) {
            items.add(Node.scalar(Node.Kind.STRING, entry, origin(items.size())));
        }
        final Node list = Node.array(items, origin(items.size()));
        final Map<String, Node> members = new LinkedHashMap<>();
        members.put(KEY, list);
        final Section root = new Section(Node.object(members, origin(0)), Keys.ROOT_KEYS, errors);
        final List<Path> files = ClassPathReader.read(root, folder, errors);
        // With a hole in the class path every class would seem to be missing.
        errors.throwIfAny();
        final List<Node> classes = new ArrayList<>();
        for (final String className : classNames) {
            classes.add(Node.scalar(Node.Kind.STRING, className, origin(0)));
        }
        new ClassSearch(files, errors).check(classes, list);
        errors.throwIfAny();
        return files;
    }

    private static Node.Origin origin(final int order) {
        return new Node.Origin(NAME, "", 0, order);
    }
}
