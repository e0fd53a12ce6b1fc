package io.coppice.root.manifest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a whole manifest from its nodes: first each value by itself, then what they say about each
 * other.
 */
final class ManifestReader {
    private final Path file;
    private final Budget budget;
    private final Errors errors;
    private final List<Node> classNames = new ArrayList<>();
    private final Map<String, Node> daemonNodes = new LinkedHashMap<>();
    private final List<DaemonSpec> daemons = new ArrayList<>();

    ManifestReader(final Path file, final Budget budget, final Errors errors) {
        this.file = file;
        this.budget = budget;
        this.errors = errors;
    }

    /** The manifest; it is worth using only if no mistake was reported. */
    Manifest read(final Node node, final Path folder) {
        final Section root = new Section(node, Keys.ROOT_KEYS, errors);
        if (root.member("$schema") != null) {
            root.scalars().isString(root.member("$schema"), "manifest.schema.json");
        }
        final String tree = tree(root);
        final int errorsBeforeClasspath = errors.count();
        final List<Path> classpath = ClassPathReader.read(root, folder, errors);
        final boolean classpathStands = errors.count() == errorsBeforeClasspath;
        readDaemons(root);
        final List<GroupSpec> groups = new GroupReader(daemonNodes.keySet(), errors).read(root);
        References.check(daemonNodes, groups, errors);
        // With a hole in the class path every class would seem to be missing.
        if (classpathStands) {
            new ClassSearch(classpath, errors).check(classNames, root.member("classpath"));
        }
        return new Manifest(tree, classpath, daemons, groups, file);
    }

    private static String tree(final Section root) {
        final Node tree = root.required("tree", "\"main\"");
        return tree != null
                        && root.scalars()
                                .isText(
                                        tree,
                                        Section.NAME,
                                        Integer.MAX_VALUE,
                                        "a name",
                                        "main",
                                        Section.NAME_CURE)
                ? tree.text()
                : "";
    }

    private void readDaemons(final Section root) {
        final Node list = root.required("daemons", "{ \"main\": { ... } }");
        if (list == null) {
            return;
        }
        if (list.is(Node.Kind.OBJECT) && list.members().isEmpty()) {
            errors.add(list, "is empty", "declare at least one daemon");
        }
        final int errorsBefore = errors.count();
        final DaemonReader reader = new DaemonReader(errors, classNames::add);
        root.named("daemons", Section.NAME, Section.NAME_CURE, ManifestLimits.DAEMONS_MAX)
                .forEach(
                        (name, node) -> {
                            if (root.isObject(node, name)) {
                                daemonNodes.put(name, node);
                                readDaemon(reader, name, node);
                            }
                        });
        // A sum over values that stand for mistakes would be a mistake of its own.
        if (errors.count() == errorsBefore) {
            budget.checkMachine(daemons, list);
        }
    }

    private void readDaemon(final DaemonReader reader, final String name, final Node node) {
        final int errorsBefore = errors.count();
        final DaemonSpec daemon = reader.read(name, node);
        if (errors.count() == errorsBefore) {
            budget.checkArena(daemon, node.members().get("memory"));
        }
        daemons.add(daemon);
    }
}
