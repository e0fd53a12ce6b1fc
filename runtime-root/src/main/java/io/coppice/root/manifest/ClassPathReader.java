package io.coppice.root.manifest;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns the class path's entries into files that exist, and says which do not. */
final class ClassPathReader {
    private static final Pattern ENTRY = Pattern.compile(ManifestLimits.CLASSPATH_PATTERN);
    private static final Pattern GLOB = Pattern.compile("[*?]");
    private static final String EXAMPLE = "lib/*";
    private static final String CURE = "build it, or correct the path";

    private final Path folder;
    private final Errors errors;
    private final Set<Path> files = new LinkedHashSet<>();

    private ClassPathReader(final Path folder, final Errors errors) {
        this.folder = folder;
        this.errors = errors;
    }

    /**
     * Reads the required key {@code classpath}.
     *
     * @param root the whole manifest
     * @param folder the manifest's folder, absolute, without symbolic links
     */
    static List<Path> read(final Section root, final Path folder, final Errors errors) {
        final ClassPathReader reader = new ClassPathReader(folder, errors);
        if (root.required("classpath", "[\"" + EXAMPLE + "\"]") != null) {
            final Node list = root.member("classpath");
            if (list.is(Node.Kind.ARRAY) && list.items().isEmpty()) {
                errors.add(list, "is empty", "list the jars of the daemons");
            }
            for (final Node entry :
                    root.items("classpath", ManifestLimits.CLASSPATH_ENTRIES_MAX, EXAMPLE)) {
                reader.add(entry, root.scalars());
            }
        }
        return new ArrayList<>(reader.files);
    }

    private void add(final Node entry, final Scalars scalars) {
        final boolean isPath =
                scalars.isText(
                        entry,
                        ENTRY,
                        ManifestLimits.CLASSPATH_CHARS_MAX,
                        "a path",
                        EXAMPLE,
                        "write a path without control characters, with * only after the last"
                                + " slash");
        if (!isPath) {
            return;
        }
        if (entry.text().isEmpty()) {
            errors.add(entry, "\"\" names nothing", "write a path, or remove it");
        } else if (GLOB.matcher(entry.text()).find()) {
            addGlob(entry);
        } else {
            addFile(entry, resolved(entry.text()));
        }
    }

    private void addFile(final Node entry, final Path path) {
        // Behind a closed folder a file neither exists nor does not: that is a matter of
        // permission.
        if (Files.notExists(path)) {
            report(entry, "does not exist", path, CURE);
        } else if (!Files.isReadable(path)) {
            report(entry, "cannot be read", path, "make it and its folders readable");
        } else if (path.toString().contains(File.pathSeparator)) {
            report(entry, "has a \"" + File.pathSeparator + "\" in it", path, "rename it");
        } else if (Files.isDirectory(path) ? isEmptyFolder(path) : isEmptyFile(path)) {
            report(entry, "is empty", path, CURE);
        } else if (Files.isDirectory(path) || isZip(path)) {
            files.add(path);
        } else {
            report(entry, "is neither a jar nor a folder", path, CURE);
        }
    }

    private void addGlob(final Node entry) {
        final int slash = entry.text().lastIndexOf('/');
        final Path parent = resolved(slash < 0 ? "." : entry.text().substring(0, slash + 1));
        final Pattern name = globPattern(entry.text().substring(slash + 1));
        if (!Files.isDirectory(parent)) {
            report(entry, "matches nothing: the folder does not exist", parent, CURE);
            return;
        }
        final List<Path> matches = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent)) {
            for (final Path child : children) {
                if (isJarName(child) && name.matcher(child.getFileName().toString()).matches()) {
                    matches.add(child);
                }
            }
        } catch (final IOException failed) {
            report(entry, "cannot be read", parent, "make it and its folders readable");
            return;
        }
        if (matches.isEmpty()) {
            report(entry, "matches no jar", parent, CURE);
        } else if (matches.size() > ManifestLimits.GLOB_MATCHES_MAX) {
            report(
                    entry,
                    "matches " + matches.size() + " jars",
                    parent,
                    "narrow it to at most " + ManifestLimits.GLOB_MATCHES_MAX);
        } else {
            matches.stream().sorted().forEach(match -> addFile(entry, match));
        }
    }

    /**
     * Removes {@code ..} where that leads to the same file, so that paths are short in process
     * lists.
     */
    private Path resolved(final String entry) {
        final Path path = folder.resolve(entry);
        final Path shorter = path.normalize();
        try {
            return Files.exists(path) && !Files.isSameFile(path, shorter) ? path : shorter;
        } catch (final IOException unknown) {
            return path;
        }
    }

    private void report(
            final Node entry, final String problem, final Path path, final String cure) {
        errors.add(
                entry,
                Quoted.text(entry.text())
                        + " "
                        + problem
                        + " ("
                        + Quoted.bare(path.toString())
                        + ")",
                cure);
    }

    private static boolean isJarName(final Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar")
                && !Files.isDirectory(path);
    }

    private static boolean isEmptyFolder(final Path folder) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            return !children.iterator().hasNext();
        } catch (final IOException unreadable) {
            return true;
        }
    }

    private static boolean isEmptyFile(final Path file) {
        return Files.isRegularFile(file) && file.toFile().length() == 0;
    }

    /** Looks at the first bytes only: opening every jar would cost more than starting the tree. */
    private static boolean isZip(final Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            final byte[] magic = in.readNBytes(4);
            return magic.length == 4 && magic[0] == 'P' && magic[1] == 'K';
        } catch (final IOException unreadable) {
            return false;
        }
    }

    private static Pattern globPattern(final String glob) {
        final StringBuilder pattern = new StringBuilder();
        for (int index = 0; index < glob.length(); index++) {
            final char each = glob.charAt(index);
            if (each == '*') {
                pattern.append(".*");
            } else if (each == '?') {
                pattern.append('.');
            } else {
                pattern.append(Pattern.quote(String.valueOf(each)));
            }
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }
}
