package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two judges of a manifest, side by side. */
final class SchemaAndParser {
    static final Path SCHEMA_FILE =
            Path.of(System.getProperty("basedir", "."), "..", "conf", "manifest.schema.json");

    private final ManifestFixture fixture;
    private final Schema schema;
    private final JsonNode schemaNode;

    SchemaAndParser(final ManifestFixture fixture) throws IOException {
        // The validator would say on standard error that nobody wants its log lines.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        this.fixture = fixture;
        final String text = Files.readString(SCHEMA_FILE);
        this.schemaNode = ManifestMutations.read(text);
        this.schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(text, InputFormat.JSON);
    }

    JsonNode schemaNode() {
        return schemaNode;
    }

    /** Lets both judge, and fails with every manifest on which they differ. */
    Tally judge(final Map<String, String> manifests) {
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

    static Map<String, String> byText(final List<String> manifests) {
        final Map<String, String> byText = new LinkedHashMap<>();
        manifests.forEach(manifest -> byText.put(manifest, json(manifest)));
        return byText;
    }

    boolean schemaTakes(final String manifest) {
        return schema.validate(ManifestMutations.read(manifest)).isEmpty();
    }

    List<ManifestError> errorsOfParser(final String manifest) {
        try {
            fixture.parse(manifest);
            return List.of();
        } catch (final ManifestException refused) {
            return refused.errors();
        }
    }

    static String json(final String manifest) {
        return manifest.replace('\'', '"');
    }

    static final class Tally {
        private int taken;
        private int refused;

        int taken() {
            return taken;
        }

        int refused() {
            return refused;
        }

        void count(final boolean isTaken) {
            taken += isTaken ? 1 : 0;
            refused += isTaken ? 0 : 1;
        }
    }
}
