package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holds the schema and the parser together: what one takes the other takes, but for {@link
 * ParserOnly}.
 */
final class ManifestSchemaTest {
    private static final Path SCHEMA_FILE =
            Path.of(System.getProperty("basedir", "."), "..", "conf", "manifest.schema.json");
    private static final Path CATALOG_FILE = SCHEMA_FILE.resolveSibling("catalog.json");

    /** Values that are wrong nearly everywhere, each in a way of its own. */
    private static final List<String> ODD_VALUES =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "1",
                    "-1",
                    "1.5",
                    "2.0",
                    "5",
                    "1e2",
                    "1e400",
                    "\"\"",
                    "\" \"",
                    "\"x\"",
                    "\"a\\u0001b\"",
                    "\"a\\n\"",
                    "\"a/b\"",
                    "\"A\"",
                    "\"1\"",
                    "\"true\"",
                    "\"64\"",
                    "\"64 MB\"",
                    "\"64 mib\"",
                    "\"64  MiB\"",
                    "\"64MiB\"",
                    "\"64 MiB\\n\"",
                    "\" 64 MiB\"",
                    "\"064 MiB\"",
                    "\"1.5 GiB\"",
                    "\"10 s\"",
                    "\"10s\"",
                    "\"5 m\"",
                    "\"-5 s\"",
                    "\"10 s \"",
                    "\"0 s\"",
                    "\"10 s\\n\"",
                    "\"1 s .. 2 s\"",
                    "\"1s..2s\"",
                    "\"1 s  ..  2 s\"",
                    "\"1 s .. \"",
                    "\"1 s .. 2 s .. 3 s\"",
                    "\"1..2\"",
                    "\"1 .. 2\"",
                    "\"0..1\"",
                    "\"1..33\"",
                    "\"01..2\"",
                    "\"1..\"",
                    "\"com..x\"",
                    "\"resume\"",
                    "\"RESUME\"",
                    "\"stop\"",
                    "\"never\"",
                    "\"*/a\"",
                    "\"**\"",
                    "\"" + "x".repeat(5000) + "\"",
                    "\"" + "x".repeat(256) + "\"",
                    "\"" + "x".repeat(1025) + "\"",
                    "[]",
                    "[5]",
                    "[null]",
                    "[\"\"]",
                    "[\"x\", \"x\"]",
                    "[\"base\", \"base\"]",
                    "{}",
                    "{\"a\": null}",
                    "{\"a\": 5}",
                    "{\"a\": 0}",
                    "{\"a\": {}}",
                    "{\"a\": []}",
                    "{\"a b\": 5}",
                    "{\"a\": 1.5}",
                    "{\"a\": \"x\"}",
                    "{\"a\": true}");

    @TempDir Path temp;
    private ManifestFixture fixture;
    private Schema schema;
    private JsonNode schemaNode;

    @BeforeAll
    static void silenceTheValidatorsLogging() {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    @BeforeEach
    void readSchema() throws IOException {
        fixture = new ManifestFixture(temp);
        final String text = Files.readString(SCHEMA_FILE);
        schemaNode = ManifestMutations.read(text);
        schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(text, InputFormat.JSON);
    }

    @Test
    void bothTakeTheManifestWithEveryKey() throws ManifestException {
        assertEquals(2, fixture.parse(ManifestSamples.FULL).daemons().size());
        assertTrue(schemaTakes(json(ManifestSamples.FULL)));
    }

    @Test
    void schemaTakesTheShippedManifest() throws IOException {
        assertTrue(schemaTakes(Files.readString(CATALOG_FILE)));
    }

    @Test
    void agreeOnEveryMutation() {
        final Map<String, String> mutations =
                ManifestMutations.of(json(ManifestSamples.FULL), ODD_VALUES);
        final Tally tally = judge(mutations);
        assertTrue(tally.taken > 100, "too few good mutations: " + tally.taken);
        assertTrue(tally.refused > 2000, "too few bad mutations: " + tally.refused);
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
    }

    @Test
    void agreeOnEveryBoundOfWholeNumbers() {
        final List<String> manifests = new ArrayList<>();
        addNumbers(manifests, "queue", ManifestLimits.QUEUE_MAX, true);
        addNumbers(manifests, "attempts", ManifestLimits.ATTEMPTS_MAX, true);
        addNumbers(manifests, "reuse", ManifestLimits.REUSE_MAX, true);
        addNumbers(manifests, "workers", ManifestLimits.WORKERS_MAX, true);
        addNumbers(manifests, "standby", ManifestLimits.STANDBY_MAX, false);
        for (final long number : around(ManifestLimits.RESTARTS_MAX)) {
            manifests.add(ManifestFixture.scan("'restart': {'limit': " + number + "}"));
        }
        for (final long number : around(ManifestLimits.CAPACITY_MAX)) {
            manifests.add(ManifestFixture.scan("'capacities': {'a': " + number + "}"));
        }
        final Tally tally = judge(byText(manifests));
        // Of each row 0, max and so on: two below and above are refused, but standby takes its 0.
        assertEquals(7 * 2 - 1, tally.refused);
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
        final Tally tally = judge(byText(manifests));
        assertEquals(7, tally.taken);
        assertEquals(7, tally.refused);
    }

    @ParameterizedTest
    @EnumSource
    void schemaTakesWhatOnlyTheParserCanRefuse(final ParserOnly check) throws IOException {
        final String manifest = json(check.sample());
        assertTrue(schemaTakes(manifest));
        fixture.fixedBytes(4 * ManifestFixture.MIB);
        if (check != ParserOnly.ARENA_HAS_ROOM) {
            fixture.fixedBytes(0).on(1L << 40, 1L << 40);
        }
        final List<ManifestError> errors = errorsOfParser(manifest);
        assertFalse(errors.isEmpty(), "the parser took it");
        assertTrue(errors.stream().allMatch(check::reports), errors.toString());
    }

    @Test
    void schemaHasThePatternsOfTheParser() {
        final Set<String> expected =
                new TreeSet<>(
                        List.of(
                                ManifestLimits.NAME_PATTERN,
                                ManifestLimits.KEY_PATTERN,
                                ManifestLimits.CLASS_PATTERN,
                                ManifestLimits.CLASSPATH_PATTERN,
                                ManifestLimits.JVM_PATTERN,
                                QuantityPattern.size(
                                        ManifestLimits.MEMORY_BYTES_MIN,
                                        ManifestLimits.MEMORY_BYTES_MAX),
                                QuantityPattern.size(
                                        ManifestLimits.HEAP_BYTES_MIN,
                                        ManifestLimits.HEAP_BYTES_MAX),
                                QuantityPattern.size(
                                        ManifestLimits.JOURNAL_BYTES_MIN,
                                        ManifestLimits.JOURNAL_BYTES_MAX),
                                QuantityPattern.size(
                                        ManifestLimits.MESSAGE_BYTES_MIN,
                                        ManifestLimits.MESSAGE_BYTES_MAX),
                                QuantityPattern.duration(),
                                QuantityPattern.backoff(),
                                QuantityPattern.workers()));
        assertEquals(expected, new TreeSet<>(schemaNode.findValuesAsText("pattern")));
    }

    @Test
    void schemaDescribesEveryKey() {
        final List<String> silent = new ArrayList<>();
        int keys = 0;
        for (final JsonNode properties : schemaNode.findValues("properties")) {
            for (final Map.Entry<String, JsonNode> key : properties.properties()) {
                keys++;
                if (key.getValue().path("description").asText().isBlank()) {
                    silent.add(key.getKey());
                }
            }
        }
        assertEquals(List.of(), silent);
        // findValues does not look below a match, so nested objects are counted once each by their
        // own tables.
        assertTrue(keys >= Keys.ROOT_KEYS.size() + Keys.DAEMON_KEYS.size(), "keys seen: " + keys);
    }

    @Test
    void schemaDefaultsAreThoseOfTheParser() throws ManifestException {
        final DaemonSpec silent = fixture.parseScan(ManifestFixture.extract("'queue': 256"));
        final DaemonSpec spelled = fixture.parseScan(withSchemaDefaults());
        assertEquals(silent, spelled);
    }

    /** A manifest that spells out every default of the schema. */
    private String withSchemaDefaults() {
        final JsonNode daemon = schemaNode.at("/$defs/daemon/properties");
        return ManifestFixture.scan(
                        defaults(daemon)
                                + ", 'restart': {"
                                + defaults(daemon.at("/restart/properties"))
                                + "}, 'watchdog': {"
                                + defaults(daemon.at("/watchdog/properties"))
                                + "}, 'transactions': {'extract': {'class': '"
                                + ManifestFixture.TRANSACTION
                                + "', "
                                + defaults(schemaNode.at("/$defs/transaction/properties"))
                                + "}}")
                .replace('\'', '"');
    }

    private static String defaults(final JsonNode properties) {
        return properties.properties().stream()
                .filter(key -> key.getValue().has("default"))
                .map(key -> "'" + key.getKey() + "': " + key.getValue().get("default"))
                .collect(Collectors.joining(", "));
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
        final Tally tally = judge(byText(manifests));
        assertTrue(tally.taken >= units.size(), key + " taken: " + tally.taken);
        assertTrue(tally.refused >= units.size(), key + " refused: " + tally.refused);
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

    /** Lets both judge, and fails with every manifest on which they differ. */
    private Tally judge(final Map<String, String> manifests) {
        final List<String> differences = new ArrayList<>();
        final Tally tally = new Tally();
        manifests.forEach(
                (label, manifest) -> {
                    final List<ManifestError> errors = new ArrayList<>(errorsOfParser(manifest));
                    errors.removeIf(ParserOnly::isExempt);
                    final boolean taken = schemaTakes(manifest);
                    if (taken != errors.isEmpty()) {
                        final String who =
                                taken ? "only the schema takes " : "only the parser takes ";
                        differences.add(who + label + " " + errors);
                    }
                    tally.count(taken);
                });
        assertEquals("", String.join("\n", differences));
        return tally;
    }

    private static Map<String, String> byText(final List<String> manifests) {
        final Map<String, String> byText = new LinkedHashMap<>();
        manifests.forEach(manifest -> byText.put(manifest, json(manifest)));
        return byText;
    }

    private boolean schemaTakes(final String manifest) {
        return schema.validate(ManifestMutations.read(manifest)).isEmpty();
    }

    private List<ManifestError> errorsOfParser(final String manifest) {
        try {
            fixture.parse(manifest);
            return List.of();
        } catch (final ManifestException refused) {
            return refused.errors();
        }
    }

    private static String json(final String manifest) {
        return manifest.replace('\'', '"');
    }

    private static final class Tally {
        private int taken;
        private int refused;

        void count(final boolean isTaken) {
            taken += isTaken ? 1 : 0;
            refused += isTaken ? 0 : 1;
        }
    }
}
