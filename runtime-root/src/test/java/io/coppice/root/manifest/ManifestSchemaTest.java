package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds the schema and the parser together: what one takes the other takes, but for {@link
 * ParserOnly}.
 */
final class ManifestSchemaTest {
    private static final Path CATALOG_FILE =
            SchemaAndParser.SCHEMA_FILE.resolveSibling("catalog.json");

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
                    "1e18",
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
    private SchemaAndParser judges;

    @BeforeEach
    void readSchema() throws IOException {
        fixture = new ManifestFixture(temp);
        judges = new SchemaAndParser(fixture);
    }

    @Test
    void bothTakeTheManifestWithEveryKey() throws ManifestException {
        assertEquals(2, fixture.parse(ManifestSamples.FULL).daemons().size());
        assertTrue(judges.schemaTakes(SchemaAndParser.json(ManifestSamples.FULL)));
    }

    @Test
    void schemaTakesTheShippedManifest() throws IOException {
        assertTrue(judges.schemaTakes(Files.readString(CATALOG_FILE)));
    }

    @Test
    void agreeOnEveryMutation() {
        final Map<String, String> mutations =
                ManifestMutations.of(SchemaAndParser.json(ManifestSamples.FULL), ODD_VALUES);
        final SchemaAndParser.Tally tally = judges.judge(mutations);
        assertTrue(tally.taken() > 100, "too few good mutations: " + tally.taken());
        assertTrue(tally.refused() > 2000, "too few bad mutations: " + tally.refused());
    }

    @ParameterizedTest
    @EnumSource
    void schemaTakesWhatOnlyTheParserCanRefuse(final ParserOnly check) throws IOException {
        final String manifest = SchemaAndParser.json(check.sample());
        assertTrue(judges.schemaTakes(manifest));
        fixture.fixedBytes(4 * ManifestFixture.MIB);
        if (check != ParserOnly.ARENA_HAS_ROOM) {
            fixture.fixedBytes(0).on(1L << 40, 1L << 40);
        }
        final List<ManifestError> errors = judges.errorsOfParser(manifest);
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
                                QuantityPattern.spin(),
                                QuantityPattern.backoff(),
                                QuantityPattern.workers()));
        assertEquals(expected, new TreeSet<>(judges.schemaNode().findValuesAsText("pattern")));
    }

    @Test
    void schemaDescribesEveryKey() {
        final List<String> silent = new ArrayList<>();
        int keys = 0;
        for (final JsonNode properties : judges.schemaNode().findValues("properties")) {
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
        final JsonNode daemon = judges.schemaNode().at("/$defs/daemon/properties");
        return ManifestFixture.scan(
                        defaults(daemon)
                                + ", 'restart': {"
                                + defaults(daemon.at("/restart/properties"))
                                + "}, 'watchdog': {"
                                + defaults(daemon.at("/watchdog/properties"))
                                + "}, 'transactions': {'extract': {'class': '"
                                + ManifestFixture.TRANSACTION
                                + "', "
                                + defaults(judges.schemaNode().at("/$defs/transaction/properties"))
                                + "}}")
                .replace('\'', '"');
    }

    private static String defaults(final JsonNode properties) {
        return properties.properties().stream()
                .filter(key -> key.getValue().has("default"))
                .map(key -> "'" + key.getKey() + "': " + key.getValue().get("default"))
                .collect(Collectors.joining(", "));
    }
}
