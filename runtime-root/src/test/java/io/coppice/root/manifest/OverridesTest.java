package io.coppice.root.manifest;

import static io.coppice.root.manifest.ManifestFixture.extract;
import static io.coppice.root.manifest.ManifestFixture.scan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.plan.OnCrash;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code --set} does to a manifest, and what it refuses. */
final class OverridesTest {
    @TempDir Path temp;
    private ManifestFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new ManifestFixture(temp);
    }

    @Test
    void setsSettingsVerbatim() throws ManifestException {
        assertEquals(
                Map.of("input", "/x=y z", "depth", "007", "empty", ""),
                fixture.parseScan(
                                scan("'settings': {'input': '/usr', 'depth': 1}"),
                                "scan.input=/x=y z",
                                "scan.depth=007",
                                "scan.empty=")
                        .settings());
    }

    @Test
    void setsOwnKeysOfTheDaemon() throws ManifestException {
        final DaemonSpec scan =
                fixture.parseScan(
                        scan(""),
                        "scan.memory=2 MiB",
                        "scan.heap=16777216",
                        "scan.standby=1",
                        "scan.significant=true",
                        "scan.onCrash=reset",
                        "scan.stopTimeout=1 min");
        assertEquals(2 * ManifestFixture.MIB, scan.memoryBytes());
        assertEquals(16 * ManifestFixture.MIB, scan.heapBytes());
        assertEquals(1, scan.standby());
        assertTrue(scan.significant());
        assertEquals(OnCrash.RESET, scan.onCrash());
        assertEquals(TimeUnit.MINUTES.toNanos(1), scan.stopTimeoutNs());
        assertEquals(Map.of(), scan.settings());
    }

    @Test
    void prefersASettingOfTheSameName() throws ManifestException {
        final DaemonSpec scan =
                fixture.parseScan(scan("'settings': {'memory': 'long'}"), "scan.memory=short");
        assertEquals(Map.of("memory", "short"), scan.settings());
        assertEquals(ManifestFixture.MIB, scan.memoryBytes());
    }

    @Test
    void followsPathsAndMakesMissingObjects() throws ManifestException {
        final DaemonSpec scan =
                fixture.parseScan(
                        extract("'queue': 1"),
                        "scan.transactions.extract.deadline=2 s",
                        "scan.transactions.extract.workers=1..3",
                        "scan.transactions.extract.queue=9",
                        "scan.restart.limit=3",
                        "scan.watchdog.killAfter=11 s",
                        "scan.settings.memory=much",
                        "scan.capacities.documents=12");
        final TransactionSpec extract = scan.transactions().get(0);
        assertEquals(TimeUnit.SECONDS.toNanos(2), extract.deadlineNs());
        assertEquals(3, extract.workersMax());
        assertEquals(9, extract.queueCapacity());
        assertEquals(3, scan.restart().limit());
        assertEquals(TimeUnit.SECONDS.toNanos(11), scan.watchdog().killAfterNs());
        assertEquals(Map.of("memory", "much"), scan.settings());
        assertEquals(Map.of("documents", 12L), scan.capacities());
    }

    @Test
    void repairsWhatIsWrongInTheFile() throws ManifestException {
        assertEquals(
                8 * ManifestFixture.MIB,
                fixture.parseScan(scan("'heap': 'bad'"), "scan.heap=8 MiB").heapBytes());
    }

    @Test
    void lastOfSeveralWins() throws ManifestException {
        assertEquals(
                Map.of("a", "2"), fixture.parseScan(scan(""), "scan.a=1", "scan.a=2").settings());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "scan.memory|has no \"=\" sign; write --set DAEMON.KEY=VALUE",
                "memory=1 MiB|names no daemon and key; write --set DAEMON.KEY=VALUE",
                "scan.=1|names no daemon and key; write --set DAEMON.KEY=VALUE",
                ".memory=1|names no daemon and key; write --set DAEMON.KEY=VALUE",
                "scna.input=/x|no daemon \"scna\"; did you mean \"scan\"?",
                "xyzzy.input=/x|no daemon \"xyzzy\"; name one of: scan",
                "scan.memroy=2 MiB|no key \"memroy\"; did you mean \"memory\"? (for a new setting"
                        + " write scan.settings.memroy=)",
                "scan.after=a|\"after\" holds no single value to override; change it in the"
                        + " manifest, or write scan.settings.after= for a setting of that name",
                "scan.restart.limt=3|no key \"limt\"; did you mean \"limit\"?",
                "scan.restrat.limit=3|no key \"restrat\"; did you mean \"restart\"?",
                "scan.memory.limit=3|\"memory\" has no keys of its own; end the path there",
                "scan.restart.limit.x=3|\"limit\" has no keys of its own; end the path there",
                "scan.settings.a.b=3|no key \"a\"; end the path there",
                "scan.transactions.extrat.queue=3|no pool \"extrat\"; did you mean \"extract\"?",
                "scan.transactions.extract=3|\"extract\" holds no single value to override; name"
                        + " one of its keys too",
                "scan.transactions.extract.quue=3|no key \"quue\"; did you mean \"queue\"?",
                "scan.memory=64 MB|$.daemons.scan.memory: \"64 MB\" is not a size; write it as"
                        + " \"64 MiB\" (units: B, KiB, MiB, GiB, TiB)",
                "scan.standby=two|$.daemons.scan.standby: \"two\" is not a whole number; write 0"
                        + " to 1",
                "scan.significant=yes|$.daemons.scan.significant: \"yes\" is not a boolean; write"
                        + " true or false",
                "scan.jvm.0=x|\"jvm\" has no keys of its own; end the path there",
                "scan.restart.=x|no key \"\"; known here: policy, backoff, limit, within,"
                        + " stableAfter",
                "scan.a b=x|$.daemons.scan.settings[\"a b\"]: \"a b\" is not a name; use 1 to 63"
                        + " of A-Z, a-z, 0-9, \"_\" and \"-\", beginning with a letter"
            })
    void refusesWhatCannotBeSet(final String override, final String line) {
        assertEquals(
                List.of("--set " + override + ": " + line),
                fixture.errors(extract("'queue': 1"), override));
    }

    @Test
    void reportsOverridesBehindTheFileInTheirOrder() {
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan.heap: 1 is out of range; write \"8 MiB\" to"
                                + " \"1 TiB\"",
                        "--set b: has no \"=\" sign; write --set DAEMON.KEY=VALUE",
                        "--set scan.standby=2: $.daemons.scan.standby: 2 is out of range; write 0"
                                + " to 1",
                        "--set a: has no \"=\" sign; write --set DAEMON.KEY=VALUE"),
                fixture.errors(scan("'heap': 1"), "b", "scan.standby=2", "a"));
    }

    @Test
    void keepsOverrideOnOneLine() {
        assertEquals(
                List.of("--set a\\nb: has no \"=\" sign; write --set DAEMON.KEY=VALUE"),
                fixture.errors(scan(""), "a\nb"));
    }
}
