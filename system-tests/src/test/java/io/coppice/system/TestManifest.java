package io.coppice.system;

import io.coppice.daemon.Daemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a manifest. Members are given as JSON text in which an apostrophe stands for a quotation
 * mark. Its class path is that of the system tests' own daemons.
 */
final class TestManifest {
    private static final String LIBRARIES = TestStartCaches.LIBRARIES + "/*";

    private final String tree;
    private final List<String> daemons = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private Path first;

    TestManifest(final String tree) {
        this.tree = tree;
    }

    String tree() {
        return tree;
    }

    /** Adds a daemon with a small arena and heap. */
    TestManifest daemon(
            final String name, final Class<? extends Daemon> main, final String... members) {
        final StringBuilder text = new StringBuilder();
        text.append(quoted("'" + name + "': {'main': '" + main.getName() + "', "));
        text.append(quoted("'memory': '2 MiB', 'heap': '32 MiB'"));
        boolean ownJvm = false;
        for (final String member : members) {
            ownJvm |= member.startsWith("'jvm'");
            text.append(", ").append(quoted(member));
        }
        if (!ownJvm) {
            text.append(", ").append(quoted(TestStartCaches.jvmMember()));
        }
        daemons.add(text.append('}').toString());
        return this;
    }

    /** Adds a group of daemons that are started anew together. */
    TestManifest group(final String name, final String with, final String... members) {
        groups.add(
                quoted(
                        "'"
                                + name
                                + "': {'with': '"
                                + with
                                + "', 'daemons': ['"
                                + String.join("', '", members)
                                + "']}"));
        return this;
    }

    /** Puts a folder before all others in the class path. */
    TestManifest first(final Path folder) {
        first = folder;
        return this;
    }

    /** Returns the class path of the system tests' daemons, for the command line. */
    static String classPath() {
        return TestStartCaches.JAR + ":" + LIBRARIES + ":" + TestStartCaches.NOTHING;
    }

    /** Returns the whole text. */
    String text() {
        return quoted("{'tree': '" + tree + "', 'classpath': [")
                + quoted(first == null ? "" : "'" + first + "', ")
                + quoted("'" + classPath().replace(":", "', '") + "'], 'daemons': {\n")
                + String.join(",\n", daemons)
                + "}, "
                + quoted("'groups': {")
                + String.join(", ", groups)
                + "}}\n";
    }

    /** Writes the file into a folder and returns it. */
    Path write(final Path folder) {
        final Path file = folder.resolve(tree + ".json");
        try {
            return Files.writeString(file, text());
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static String quoted(final String text) {
        return text.replace('\'', '"');
    }
}
