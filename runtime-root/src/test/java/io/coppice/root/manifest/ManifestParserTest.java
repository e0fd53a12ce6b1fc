package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.RestartPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a correct manifest turns into. */
final class ManifestParserTest {
    private static final long KIB = 1024;
    private static final long MIB = ManifestFixture.MIB;

    @TempDir Path temp;
    private ManifestFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new ManifestFixture(temp);
    }

    @Test
    void fillsInEveryDefault() throws ManifestException {
        final DaemonSpec scan = fixture.parseScan(ManifestFixture.extract("'queue': 256"));
        final TransactionSpec extract =
                new TransactionSpec(
                        "extract",
                        ManifestFixture.TRANSACTION,
                        1,
                        1,
                        4 * KIB,
                        64 * KIB,
                        64 * KIB,
                        256,
                        TimeUnit.SECONDS.toNanos(60),
                        TimeUnit.SECONDS.toNanos(10),
                        2,
                        1000,
                        256 * MIB,
                        List.of());
        assertEquals(
                new DaemonSpec(
                        "scan",
                        ManifestFixture.DAEMON,
                        MIB,
                        64 * MIB,
                        256 * KIB,
                        Storage.MEMORY,
                        0,
                        Map.of(),
                        List.of(),
                        false,
                        List.of(),
                        OnCrash.RESUME,
                        OnRootLoss.CONTINUE,
                        new RestartSpec(
                                RestartPolicy.ALWAYS,
                                TimeUnit.MILLISECONDS.toNanos(50),
                                TimeUnit.SECONDS.toNanos(10),
                                5,
                                TimeUnit.SECONDS.toNanos(60),
                                TimeUnit.SECONDS.toNanos(10),
                                3),
                        new WatchdogSpec(
                                TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(30)),
                        TimeUnit.SECONDS.toNanos(30),
                        TimeUnit.SECONDS.toNanos(5),
                        TimeUnit.MICROSECONDS.toNanos(20),
                        Map.of(),
                        List.of(),
                        List.of(extract)),
                scan);
    }

    @Test
    void readsEveryKey() throws ManifestException {
        final Manifest manifest = fixture.parse(ManifestSamples.FULL);
        assertEquals("full", manifest.tree());
        assertEquals(fixture.file(), manifest.file());
        assertEquals(List.of(ManifestFixture.TEST_CLASSES), manifest.classpath());
        assertEquals(
                List.of("base", "scan"),
                manifest.daemons().stream().map(DaemonSpec::name).toList());
        final DaemonSpec scan = manifest.daemons().get(1);
        assertEquals(64 * MIB, scan.memoryBytes());
        assertEquals(16 * MIB, scan.heapBytes());
        assertEquals(8 * KIB, scan.journalBytes());
        assertEquals(1, scan.standby());
        assertEquals(List.of("zebras", "ants"), List.copyOf(scan.capacities().keySet()));
        assertEquals(200_000L, scan.capacities().get("zebras"));
        assertEquals(List.of("base"), scan.after());
        assertTrue(scan.significant());
        assertEquals(List.of("base"), scan.readers());
        assertEquals(OnCrash.ASK, scan.onCrash());
        assertEquals(OnRootLoss.STOP, scan.onRootLoss());
        assertEquals(Storage.DISK, scan.storage());
        assertEquals(
                new RestartSpec(
                        RestartPolicy.ON_FAILURE,
                        TimeUnit.MILLISECONDS.toNanos(20),
                        TimeUnit.MINUTES.toNanos(5),
                        7,
                        TimeUnit.HOURS.toNanos(1),
                        TimeUnit.DAYS.toNanos(2),
                        4),
                scan.restart());
        assertEquals(
                new WatchdogSpec(TimeUnit.SECONDS.toNanos(3), TimeUnit.SECONDS.toNanos(4)),
                scan.watchdog());
        assertEquals(TimeUnit.SECONDS.toNanos(20), scan.startTimeoutNs());
        assertEquals(TimeUnit.SECONDS.toNanos(6), scan.stopTimeoutNs());
        assertEquals(0, scan.spinNs());
        assertEquals(
                Map.of("input", "/usr/share/doc", "depth", "1.50", "links", "true"),
                scan.settings());
        assertEquals(List.of("input", "depth", "links"), List.copyOf(scan.settings().keySet()));
        assertEquals(List.of("-Xss512k"), scan.jvm());
        assertEquals(
                new TransactionSpec(
                        "extract",
                        ManifestFixture.TRANSACTION,
                        1,
                        2,
                        8 * KIB,
                        128 * KIB,
                        4 * KIB,
                        17,
                        TimeUnit.SECONDS.toNanos(61),
                        TimeUnit.SECONDS.toNanos(11),
                        3,
                        1001,
                        64 * MIB,
                        List.of("-Xint", "-ea")),
                scan.transactions().get(0));
    }

    @Test
    void takesPlainNumbersForBytesAndWorkers() throws ManifestException {
        final DaemonSpec scan =
                fixture.parseScan(
                        ManifestFixture.extract("'workers': 3, 'request': 4096, 'queue': 2.0e1"));
        final TransactionSpec extract = scan.transactions().get(0);
        assertEquals(3, extract.workersMin());
        assertEquals(3, extract.workersMax());
        assertEquals(4096, extract.requestBytes());
        assertEquals(20, extract.queueCapacity());
    }

    @Test
    void takesManifestWithByteOrderMark() throws ManifestException {
        final String json = "\ufeff" + ManifestFixture.scan("");
        assertEquals("t", fixture.parse(json).tree());
    }

    @Test
    void keepsOrderOfDaemonsAndResultsUnchangeable() throws ManifestException {
        final String required = ": {" + ManifestFixture.REQUIRED + "}";
        final Manifest manifest =
                fixture.parse(ManifestFixture.manifest("'z'" + required + ", 'a'" + required));
        assertEquals(List.of("z", "a"), manifest.daemons().stream().map(DaemonSpec::name).toList());
        final DaemonSpec first = manifest.daemons().get(0);
        assertThrows(UnsupportedOperationException.class, () -> manifest.daemons().clear());
        assertThrows(
                UnsupportedOperationException.class, () -> first.settings().put("key", "value"));
        assertThrows(UnsupportedOperationException.class, () -> first.capacities().put("key", 1L));
    }

    @Test
    void expandsGlobsSortedAndRelativeToTheManifest() throws Exception {
        final Path lib = Files.createDirectories(fixture.folder().resolve("lib"));
        final Path conf = Files.createDirectories(fixture.folder().resolve("conf"));
        for (final String name : List.of("b.jar", "a.jar", "c.JAR")) {
            jar(lib.resolve(name));
        }
        Files.writeString(lib.resolve("notes.txt"), "no jar");
        final Path last = jar(fixture.folder().resolve("z.jar"));
        final Path file =
                Files.writeString(
                        conf.resolve("m.json"),
                        ManifestFixture.scan("")
                                .replace(
                                        "['" + ManifestFixture.TEST_CLASSES + "']",
                                        "['../z.jar', '../lib/*', '../lib/a.j?r', '"
                                                + ManifestFixture.TEST_CLASSES
                                                + "']")
                                .replace('\'', '"'));
        assertEquals(
                List.of(
                        last,
                        lib.resolve("a.jar"),
                        lib.resolve("b.jar"),
                        lib.resolve("c.JAR"),
                        ManifestFixture.TEST_CLASSES),
                fixture.parser().parse(file, List.of()).classpath());
    }

    @Test
    void findsClassesInJars() throws Exception {
        final Path jar =
                jar(
                        fixture.folder().resolve("a.jar"),
                        ManifestFixture.DAEMON.replace('.', '/') + ".class");
        final String manifest =
                ManifestFixture.scan("").replace(ManifestFixture.TEST_CLASSES.toString(), "a.jar");
        assertEquals(List.of(jar), fixture.parse(manifest).classpath());
    }

    @Test
    void daemonsWithoutAnySignificantOneAreFine() throws ManifestException {
        assertFalse(fixture.parseScan(ManifestFixture.scan("")).significant());
    }

    @Test
    void asksForFixedBytesOfTheDaemonAsDeclared() throws ManifestException {
        final ManifestParser parser =
                new ManifestParser(
                        new LocalMachine(fixture.folder(), fixture.folder()),
                        daemon -> daemon.journalBytes() * daemon.transactions().size());
        fixture.write(ManifestFixture.extract("'queue': 1"));
        assertEquals(1, parser.parse(fixture.file(), List.of()).daemons().size());
    }

    static Path jar(final Path file, final String... entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write("Manifest-Version: 1.0\n".getBytes(StandardCharsets.UTF_8));
            for (final String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
            }
        }
        return file;
    }
}
