package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schema and parser agree on each side of every bound. */
final class ManifestSchemaBoundsTest {
    @TempDir Path temp;
    private SchemaAndParser judges;

    @BeforeEach
    void readSchema() throws IOException {
        judges = new SchemaAndParser(new ManifestFixture(temp));
    }

    @Test
    void agreeOnEveryBoundOfSizes() {
        final Map<String, Long> units = Sizes.UNITS.factors();
        judgeEnds(
                "heap", units, ManifestLimits.HEAP_BYTES_MIN, ManifestLimits.HEAP_BYTES_MAX, false);
        judgeEnds(
                "memory",
                units,
                ManifestLimits.MEMORY_BYTES_MIN,
                ManifestLimits.MEMORY_BYTES_MAX,
                false);
        judgeEnds(
                "journal",
                units,
                ManifestLimits.JOURNAL_BYTES_MIN,
                ManifestLimits.JOURNAL_BYTES_MAX,
                false);
        judgeEnds(
                "request",
                units,
                ManifestLimits.MESSAGE_BYTES_MIN,
                ManifestLimits.MESSAGE_BYTES_MAX,
                true);
    }

    @Test
    void agreeOnEveryBoundOfDurations() {
        judgeEnds(
                "startTimeout",
                Durations.UNITS.factors(),
                ManifestLimits.DURATION_NS_MIN,
                ManifestLimits.DURATION_NS_MAX,
                false);
        judgeEnds("spin", Durations.UNITS.factors(), 0, ManifestLimits.SPIN_NS_MAX, false);
    }

    @Test
    void agreeOnEveryBoundOfWholeNumbers() {
        final List<String> manifests = new ArrayList<>();
        addNumbers(manifests, "queue", ManifestLimits.QUEUE_MAX, true);
        addNumbers(manifests, "attempts", ManifestLimits.ATTEMPTS_MAX, true);
        addNumbers(manifests, "reuse", ManifestLimits.REUSE_MAX, true);
        addNumbers(manifests, "workers", ManifestLimits.WORKERS_MAX, true);
        addNumbers(manifests, "standby", ManifestLimits.STANDBY_MAX, false);
        addNumbers(manifests, "recoveryLimit", ManifestLimits.RECOVERIES_MAX, false);
        for (final long number : around(ManifestLimits.RESTARTS_MAX)) {
            manifests.add(ManifestFixture.scan("'restart': {'limit': " + number + "}"));
        }
        for (final long number : around(ManifestLimits.CAPACITY_MAX)) {
            manifests.add(ManifestFixture.scan("'capacities': {'a': " + number + "}"));
        }
        final SchemaAndParser.Tally tally = judges.judge(SchemaAndParser.byText(manifests));
        // Of each row 0, max and so on: two below and above are refused, but two of them take their
        // 0.
        assertEquals(8 * 2 - 2, tally.refused());
    }

    @Test
    void agreeOnHowManyThereMayBe() {
        final List<String> manifests = new ArrayList<>();
        for (final int extra : List.of(0, 1)) {
            manifests.add(
                    ManifestFixture.manifest(
                            many(
                                    ManifestLimits.DAEMONS_MAX + extra,
                                    "'d#': {" + ManifestFixture.REQUIRED + "}")));
            manifests.add(
                    ManifestFixture.scan(
                            "'settings': {"
                                    + many(ManifestLimits.SETTINGS_MAX + extra, "'s#': #")
                                    + "}"));
            manifests.add(
                    ManifestFixture.scan(
                            "'capacities': {"
                                    + many(ManifestLimits.CAPACITIES_MAX + extra, "'s#': 5")
                                    + "}"));
            manifests.add(
                    ManifestFixture.scan(
                            "'jvm': ["
                                    + many(ManifestLimits.JVM_ARGUMENTS_MAX + extra, "'-D#=#'")
                                    + "]"));
            manifests.add(
                    ManifestFixture.scan(
                            "'after': [" + many(ManifestLimits.DAEMONS_MAX + extra, "'d#'") + "]"));
            manifests.add(
                    ManifestFixture.scan(
                            "'transactions': {"
                                    + many(
                                            ManifestLimits.POOLS_MAX + extra,
                                            "'p#': {'class': '"
                                                    + ManifestFixture.TRANSACTION
                                                    + "'}")
                                    + "}"));
            manifests.add(
                    ManifestFixture.scan("")
                            .replace(
                                    "['",
                                    "["
                                            + many(
                                                    ManifestLimits.CLASSPATH_ENTRIES_MAX
                                                            - 1
                                                            + extra,
                                                    "'lib#'")
                                            + ", '"));
        }
        final SchemaAndParser.Tally tally = judges.judge(SchemaAndParser.byText(manifests));
        assertEquals(7, tally.taken());
        assertEquals(7, tally.refused());
    }

    @Test
    void agreeOnHowLongTextsMayBe() {
        final List<String> manifests = new ArrayList<>();
        for (final int extra : List.of(0, 1)) {
            manifests.add(
                    ManifestFixture.scan(
                            "'settings': {'a': '"
                                    + "x".repeat(ManifestLimits.SETTING_BYTES_MAX + extra)
                                    + "'}"));
            manifests.add(
                    ManifestFixture.scan(
                            "'jvm': ['" + "x".repeat(ManifestLimits.JVM_CHARS_MAX + extra) + "']"));
            manifests.add(
                    ManifestFixture.scan("")
                            .replace(
                                    ManifestFixture.DAEMON,
                                    "x".repeat(ManifestLimits.CLASS_CHARS_MAX + extra)));
            manifests.add(
                    ManifestFixture.scan("")
                            .replace(
                                    ManifestFixture.TEST_CLASSES.toString(),
                                    "x".repeat(ManifestLimits.CLASSPATH_CHARS_MAX + extra)));
        }
        final SchemaAndParser.Tally tally = judges.judge(SchemaAndParser.byText(manifests));
        assertEquals(4, tally.taken());
        assertEquals(4, tally.refused());
    }

    private void judgeEnds(
            final String key,
            final Map<String, Long> units,
            final long least,
            final long most,
            final boolean isOfPool) {
        final List<String> manifests = new ArrayList<>();
        final Set<Long> numbers = new TreeSet<>();
        units.forEach(
                (unit, factor) -> {
                    for (final long end : List.of(least / factor, most / factor)) {
                        for (final long number : List.of(end - 1, end, end + 1)) {
                            manifests.add(with(key, "'" + number + " " + unit + "'", isOfPool));
                            numbers.add(number);
                        }
                    }
                });
        numbers.forEach(number -> manifests.add(with(key, String.valueOf(number), isOfPool)));
        final SchemaAndParser.Tally tally = judges.judge(SchemaAndParser.byText(manifests));
        assertTrue(tally.taken() >= units.size(), key + " taken: " + tally.taken());
        assertTrue(tally.refused() >= units.size(), key + " refused: " + tally.refused());
    }

    private static void addNumbers(
            final List<String> manifests,
            final String key,
            final long most,
            final boolean isOfPool) {
        around(most).forEach(number -> manifests.add(with(key, String.valueOf(number), isOfPool)));
    }

    private static List<Long> around(final long most) {
        return List.of(0L, 1L, most, most + 1);
    }

    private static String with(final String key, final String value, final boolean isOfPool) {
        final String member = "'" + key + "': " + value;
        if (isOfPool) {
            return ManifestFixture.extract(member);
        }
        return ManifestFixture.scan(member)
                .replace("memory".equals(key) ? "'memory': '1 MiB', " : "\n", "");
    }

    private static String many(final int count, final String template) {
        return IntStream.range(0, count)
                .mapToObj(index -> template.replace("#", String.valueOf(index)))
                .collect(Collectors.joining(", "));
    }
}
