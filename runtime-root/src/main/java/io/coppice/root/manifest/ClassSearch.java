package io.coppice.root.manifest;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;

/** Looks for classes in a class path without loading them. */
final class ClassSearch {
    private static final String SUFFIX = ".class";

    /** Names to choose a suggestion from; a larger class path only makes the suggestion poorer. */
    private static final int SUGGESTIONS_MAX = 100_000;

    private final List<Path> classpath;
    private final Errors errors;

    ClassSearch(final List<Path> classpath, final Errors errors) {
        this.classpath = classpath;
        this.errors = errors;
    }

    /** Reports every class name that no jar or folder of the class path has. */
    void check(final List<Node> classNames, final Node classpathNode) {
        final Map<String, List<Node>> missing = new LinkedHashMap<>();
        for (final Node className : classNames) {
            missing.computeIfAbsent(className.text(), name -> new ArrayList<>()).add(className);
        }
        // Jars are opened in the order of the class path and no longer than needed: the first
        // usually has them all.
        for (final Path file : classpath) {
            if (missing.isEmpty()) {
                return;
            }
            if (Files.isDirectory(file)) {
                missing.keySet().removeIf(name -> isIn(file, name));
            } else {
                removeFound(missing.keySet(), file, classpathNode);
            }
        }
        if (!missing.isEmpty()) {
            report(missing);
        }
    }

    private void removeFound(final Set<String> missing, final Path jar, final Node classpathNode) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            missing.removeIf(name -> zip.getEntry(entryName(name)) != null);
        } catch (final IOException damaged) {
            errors.add(
                    classpathNode,
                    Quoted.bare(jar.toString()) + " is not a readable jar",
                    "build it again");
        }
    }

    private void report(final Map<String, List<Node>> missing) {
        final Set<String> known = allNames();
        missing.forEach(
                (name, nodes) -> {
                    final String cure =
                            sameSimpleName(name, known)
                                    .or(() -> Nearest.of(name, known))
                                    .map(nearest -> "did you mean " + Quoted.text(nearest) + "?")
                                    .orElse("correct it, or add its jar to the classpath");
                    for (final Node node : nodes) {
                        errors.add(
                                node,
                                "class " + Quoted.text(name) + " is not in the classpath",
                                cure);
                    }
                });
    }

    /** A class of the same name in another package, or the same class in other letters. */
    private static Optional<String> sameSimpleName(final String name, final Set<String> known) {
        return known.stream()
                .filter(each -> each.equalsIgnoreCase(name))
                .findFirst()
                .or(
                        () ->
                                known.stream()
                                        .filter(each -> simple(each).equals(simple(name)))
                                        .findFirst());
    }

    private Set<String> allNames() {
        final Set<String> names = new TreeSet<>();
        for (final Path file : classpath) {
            try {
                if (Files.isDirectory(file)) {
                    addFolder(file, names);
                } else {
                    addJar(file, names);
                }
            } catch (final IOException unreadable) {
                // It only makes the suggestion poorer; the mistake itself is reported elsewhere.
            }
        }
        return names;
    }

    private static void addJar(final Path jar, final Set<String> names) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream().limit(SUGGESTIONS_MAX).forEach(entry -> addName(entry.getName(), names));
        }
    }

    private static void addFolder(final Path folder, final Set<String> names) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(
                            final Path file, final BasicFileAttributes attributes) {
                        addName(folder.relativize(file).toString(), names);
                        return names.size() < SUGGESTIONS_MAX
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.TERMINATE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(
                            final Path file, final IOException unreadable) {
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void addName(final String entry, final Set<String> names) {
        // Nested classes are never what somebody meant to name as a main class and misspelled.
        if (names.size() < SUGGESTIONS_MAX && entry.endsWith(SUFFIX) && entry.indexOf('$') < 0) {
            names.add(entry.substring(0, entry.length() - SUFFIX.length()).replace('/', '.'));
        }
    }

    private static boolean isIn(final Path folder, final String className) {
        return Files.isRegularFile(folder.resolve(entryName(className)));
    }

    private static String entryName(final String className) {
        return className.replace('.', '/') + SUFFIX;
    }

    private static String simple(final String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
