package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Builds releases of the daemon {@code ReleaseDaemon}, which differ in one class. */
final class Release {
    private final Path folder;

    private Release(final Path folder) {
        this.folder = folder;
    }

    /**
     * Builds a release.
     *
     * @param body of the method {@code String apply(String when)}
     */
    static Release built(final TestArea area, final String name, final String body) {
        try {
            final Path source =
                    Files.createDirectories(area.files().resolve("source-" + name + "/release"))
                            .resolve("Part.java");
            Files.writeString(
                    source,
                    "package release;\n"
                            + "public final class Part"
                            + " implements java.util.function.UnaryOperator<String> {\n"
                            + "    public String apply(String when) {\n"
                            + body
                            + "\n    }\n}\n");
            final Path folder = Files.createDirectories(area.files().resolve("release-" + name));
            final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            assertEquals(
                    0, compiler.run(null, null, null, "-d", folder.toString(), source.toString()));
            return new Release(folder);
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** A release that lacks the class. */
    static Release withoutTheClass(final TestArea area, final String name) {
        try {
            final Path folder = Files.createDirectories(area.files().resolve("release-" + name));
            Files.writeString(folder.resolve("readme"), "nothing is here");
            return new Release(folder);
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    Path folder() {
        return folder;
    }

    /** Returns the whole class path, for the command line. */
    String classPath() {
        return folder + ":" + TestManifest.classPath();
    }
}
