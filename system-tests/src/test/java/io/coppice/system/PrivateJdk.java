package io.coppice.system;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A JDK of a test's own: links to this one, but for the files by which a JDK finds where it is, and
 * the one that it starts processes with.
 */
final class PrivateJdk {
    /** The program by which the JDK starts processes. */
    static final Path HELPER = Path.of("lib", "jspawnhelper");

    /** The program that a daemon is started with. */
    static final Path JAVA = Path.of("bin", "java");

    /** A link to one of these would lead to the JDK that it is in. */
    private static final List<Path> COPIED =
            List.of(
                    JAVA,
                    Path.of("lib", "libjli.so"),
                    Path.of("lib", "server", "libjvm.so"),
                    HELPER);

    private final Path home;

    private PrivateJdk(final Path home) {
        this.home = home;
    }

    static PrivateJdk in(final Path folder) throws IOException {
        final Path original = Path.of(System.getProperty("java.home"));
        Files.createDirectories(folder);
        link(original, folder);
        for (final Path parent :
                List.of(Path.of("bin"), Path.of("lib"), Path.of("lib", "server"))) {
            Files.delete(folder.resolve(parent));
            Files.createDirectory(folder.resolve(parent));
            link(original.resolve(parent), folder.resolve(parent));
        }
        for (final Path copied : COPIED) {
            Files.delete(folder.resolve(copied));
            Files.copy(
                    original.resolve(copied),
                    folder.resolve(copied),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        return new PrivateJdk(folder);
    }

    private static void link(final Path from, final Path to) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (final Path entry : entries) {
                Files.createSymbolicLink(to.resolve(entry.getFileName()), entry.toAbsolutePath());
            }
        }
    }

    Path home() {
        return home;
    }

    /** Takes a file away; {@link #mend} brings it back. */
    void hide(final Path file) throws IOException {
        Files.move(home.resolve(file), kept(file));
    }

    /** Puts a program of a text in the place of a file; {@link #mend} brings it back. */
    void replace(final Path file, final String text) throws IOException {
        hide(file);
        Files.writeString(home.resolve(file), text);
        Files.setPosixFilePermissions(
                home.resolve(file), Files.getPosixFilePermissions(kept(file)));
    }

    /** Brings a file back, at once for whoever starts it. */
    void mend(final Path file) throws IOException {
        Files.move(kept(file), home.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path kept(final Path file) {
        return home.resolve(file.getFileName() + ".kept");
    }
}
