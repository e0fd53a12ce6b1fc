package io.coppice.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Start caches for the trees of the tests, without which most of the time of the tests is that of
 * JVMs which begin. One cache serves the daemons of all classes, so that there is one rehearsal for
 * each build, in whichever test comes first. The tests of the examples make theirs as users do.
 */
final class TestStartCaches {
    /** All classes of this module; there are no caches of folders. */
    static final Path JAR = CoppiceCli.HOME.resolve("system-tests/target/daemons-tests.jar");

    static final Path LIBRARIES = CoppiceCli.HOME.resolve("examples/catalog/target/lib");

    /**
     * The folder of those that the command line is to use. Root's is one of them; none is made
     * here, since the class path of each test's manifest ends with a folder.
     */
    static final Path FOLDER = CoppiceCli.HOME.resolve("system-tests/target/aot");

    /** Where the class path of the tests' manifests ends: a folder without a class. */
    static final Path NOTHING = FOLDER.resolve("nothing");

    private static final Path DAEMON = FOLDER.resolve("daemon.aot");

    /** That of the shell script. */
    private static final Path COMMAND_LINE = CoppiceCli.HOME.resolve("target/aot/cli.aot");

    private static final String COMPILER = "-XX:TieredStopAtLevel=1";

    private static boolean made;

    private TestStartCaches() {}

    /** Returns what a manifest says of the JVM of a daemon. */
    static String jvmMember() {
        make();
        return "'jvm': ['"
                + COMPILER
                + "', '-XX:AOTCache="
                + DAEMON
                + "', '-Xlog:aot*=off', '-Xlog:cds*=off']";
    }

    /** Makes them, unless this or another JVM has. */
    private static synchronized void make() {
        if (made) {
            return;
        }
        try {
            Files.createDirectories(NOTHING);
            // An empty one is refused.
            Files.writeString(NOTHING.resolve("readme"), "No class is here.\n");
            try (FileChannel file =
                            FileChannel.open(
                                    FOLDER.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock held = file.lock()) {
                if (held.isValid() && !isCurrent()) {
                    rehearse();
                }
            }
            made = true;
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static boolean isCurrent() throws IOException {
        if (!Files.exists(DAEMON)) {
            return false;
        }
        final FileTime since = Files.getLastModifiedTime(DAEMON);
        boolean current = Files.getLastModifiedTime(JAR).compareTo(since) < 0;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(LIBRARIES)) {
            for (final Path jar : jars) {
                current &= Files.getLastModifiedTime(jar).compareTo(since) < 0;
            }
        }
        return current;
    }

    private static void rehearse() throws IOException {
        final Path draft = Files.createTempDirectory(FOLDER, "draft");
        final Path manifest = draft.resolve("rehearsal.json");
        Files.writeString(
                manifest,
                ("{'tree': 'rehearsal', 'classpath': ['"
                                + JAR
                                + "', '"
                                + LIBRARIES
                                + "/*'], 'daemons': {'counter': {"
                                + "'main': 'io.coppice.system.daemons.CounterDaemon',"
                                + "'memory': '2 MiB', 'heap': '32 MiB', 'significant': true,"
                                + "'restart': {'policy': 'on-failure'},"
                                + "'jvm': ['"
                                + COMPILER
                                + "'], 'settings': {'until': 10}}}}")
                        .replace('\'', '"'));
        final Path caches = Files.createDirectory(draft.resolve("caches"));
        final CoppiceCli.Result result =
                new CoppiceCli(Files.createDirectory(draft.resolve("run")), draft)
                        .with("COPPICE_AOT", caches.toString())
                        .run("run", manifest.toString());
        if (result.exitCode() != 0) {
            throw new AssertionError("the start of the daemons cannot be rehearsed: " + result);
        }
        try (DirectoryStream<Path> made = Files.newDirectoryStream(caches)) {
            for (final Path cache : made) {
                keep(cache, cache.getFileName().toString());
            }
        }
        delete(draft);
    }

    private static void keep(final Path cache, final String name) throws IOException {
        if (name.startsWith("daemon-")) {
            move(cache, DAEMON);
        } else if (name.startsWith("root-")) {
            move(cache, FOLDER.resolve(name));
        } else if (name.equals("cli.aot")) {
            Files.createDirectories(COMMAND_LINE.getParent());
            move(cache, COMMAND_LINE);
        }
    }

    private static void move(final Path from, final Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (final Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
