package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.root.manifest.fixture.ExampleDaemon;
import io.coppice.root.manifest.fixture.ExampleTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Writes manifests into a folder of the test and parses them against a machine of known size.
 * Manifests are spelled with single quotes, which the fixture turns into double ones.
 */
final class ManifestFixture {
    static final long MIB = 1024 * 1024;
    static final String DAEMON = ExampleDaemon.class.getName();
    static final String TRANSACTION = ExampleTransaction.class.getName();
    static final Path TEST_CLASSES = testClasses();

    /** The keys that every daemon must have. */
    static final String REQUIRED = "'main': '" + DAEMON + "', 'memory': '1 MiB'";

    private static final String FILE = "m.json";

    private final Path folder;
    private Machine machine = new FakeMachine(1L << 60, 1L << 60);
    private ToLongFunction<DaemonSpec> fixedBytes = daemon -> 0;

    ManifestFixture(final Path folder) {
        try {
            this.folder = folder.toRealPath();
        } catch (final IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    ManifestFixture on(final long memoryBytes, final long runStoreBytes) {
        machine = new FakeMachine(memoryBytes, runStoreBytes);
        return this;
    }

    ManifestFixture on(final Machine other) {
        machine = other;
        return this;
    }

    ManifestFixture fixedBytes(final long bytes) {
        fixedBytes = daemon -> bytes;
        return this;
    }

    /**
     * A manifest with the real test classes as class path and the given members of {@code daemons}.
     */
    static String manifest(final String daemons) {
        return "{'tree': 't', 'classpath': ['" + TEST_CLASSES + "'], 'daemons': {" + daemons + "}}";
    }

    /** A manifest with one daemon {@code scan} that has further members. */
    static String scan(final String more) {
        return manifest("'scan': {" + REQUIRED + (more.isEmpty() ? "" : ", " + more) + "}");
    }

    /**
     * A manifest with one daemon {@code scan} and one pool {@code extract} that has further
     * members.
     */
    static String extract(final String more) {
        return scan("'transactions': {'extract': {'class': '" + TRANSACTION + "', " + more + "}}");
    }

    Path folder() {
        return folder;
    }

    Path file() {
        return folder.resolve(FILE);
    }

    Path write(final String manifest) {
        return write(manifest.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    Path write(final byte[] bytes) {
        try {
            return Files.write(file(), bytes);
        } catch (final IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    Manifest parse(final String manifest, final String... overrides) throws ManifestException {
        return parser().parse(write(manifest), List.of(overrides));
    }

    DaemonSpec parseScan(final String manifest, final String... overrides)
            throws ManifestException {
        return parse(manifest, overrides).daemons().get(0);
    }

    /** The error lines for a manifest that must be refused, with the test's folder left out. */
    List<String> errors(final String manifest, final String... overrides) {
        return errorsOf(write(manifest), overrides);
    }

    List<String> errorsOf(final Path file, final String... overrides) {
        final ManifestException refused =
                assertThrows(
                        ManifestException.class,
                        () -> parser().parse(file, List.of(overrides)),
                        "the manifest was taken");
        return refused.errors().stream()
                .map(ManifestError::line)
                .map(line -> line.replace(folder + "/", "").replace(folder.toString(), "."))
                .toList();
    }

    ManifestParser parser() {
        return new ManifestParser(machine, fixedBytes);
    }

    private static Path testClasses() {
        try {
            return Path.of(
                    ManifestFixture.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
        } catch (final URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private record FakeMachine(long memoryBytes, long runStoreBytes) implements Machine {
        @Override
        public Path runDirectory() {
            return Path.of("/run/coppice");
        }

        @Override
        public Path stateDirectory() {
            return Path.of("/var/lib/coppice");
        }

        @Override
        public long stateStoreBytes() {
            return runStoreBytes;
        }
    }
}
