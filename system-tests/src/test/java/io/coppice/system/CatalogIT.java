package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped manifest on the shipped documents, left in peace and under chaos. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class CatalogIT {
    private static final Path MANIFEST = CoppiceCli.HOME.resolve("conf/catalog.json");
    private static final Path DOCUMENTS = CoppiceCli.HOME.resolve("examples/catalog/documents");
    private static final Path README = CoppiceCli.HOME.resolve("examples/catalog/README.md");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| [^|]+ \\| `([^`]+)` \\|");
    private static final Pattern KILLS = Pattern.compile(".*; chaos killed (\\d+)");
    private static final int NIGHTLY_SEEDS = 50;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private static List<String> calm;

    @BeforeAll
    static void catalogueInPeace() throws IOException {
        calm = catalogue("calm").sorted();
    }

    @Test
    void everyDocumentHasTheOutcomeThatTheReadmeSays() throws IOException {
        final Map<String, String> expected = new TreeMap<>();
        for (final String line : Files.readAllLines(README)) {
            final Matcher row = ROW.matcher(line);
            if (row.matches()) {
                expected.put(row.group(1), row.group(2));
            }
        }
        final Map<String, String> found = new TreeMap<>();
        for (final String line : calm) {
            final JsonNode document = new ObjectMapper().readTree(line);
            final String before = found.put(document.get("path").asText(), outcome(document));
            assertEquals(null, before, "two lines for one document");
        }
        assertEquals(expected, found);
    }

    @Test
    void aDeathIsTriedAgainAndAnExceptionIsNot() throws IOException {
        final Map<String, Integer> attempts = new TreeMap<>();
        for (final String line : calm) {
            final JsonNode document = new ObjectMapper().readTree(line);
            if (document.get("attempts").asInt() != 1) {
                attempts.put(document.get("path").asText(), document.get("attempts").asInt());
            }
        }
        assertEquals(
                Map.of(
                        "nasty/crash.fault", 2,
                        "nasty/exhaust.fault", 2,
                        "nasty/hang.fault", 2),
                attempts);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void theCatalogueUnderChaosIsTheSame(final long seed) throws IOException {
        assertSameUnderChaos(seed);
    }

    @Test
    @Tag("nightly")
    void theCatalogueUnderChaosIsTheSameForManySeeds() throws IOException {
        for (long seed = 100; seed < 100 + NIGHTLY_SEEDS; seed++) {
            assertSameUnderChaos(seed);
        }
    }

    private static void assertSameUnderChaos(final long seed) throws IOException {
        final Catalogue chaos =
                catalogue("chaos-" + seed, "--chaos", "300ms", "--seed", Long.toString(seed));
        assertEquals(String.join("\n", calm), String.join("\n", chaos.sorted()), "seed " + seed);
        assertTrue(chaos.kills() > 0, "chaos has killed nobody with seed " + seed);
    }

    /** A catalogue and what the console said about it. */
    private record Catalogue(Path file, CoppiceCli.Result result) {
        List<String> sorted() throws IOException {
            return Files.readAllLines(file).stream().sorted().toList();
        }

        int kills() {
            final Matcher matcher = KILLS.matcher(result.stdout().get(result.stdout().size() - 1));
            return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        }
    }

    private static Catalogue catalogue(final String name, final String... options)
            throws IOException {
        final Path output = AREA.files().resolve(name + ".jsonl");
        final CoppiceCli cli = AREA.cli().withStartCaches();
        final TestTree tree = new TestTree(cli, AREA.runFolder(), "catalog", MANIFEST);
        final List<String> arguments = new ArrayList<>();
        for (final String set :
                List.of(
                        "scan.input=" + DOCUMENTS,
                        "catalog.output=" + output,
                        // The document that hangs would else take twice ten seconds; the one that
                        // fills the heap needs a part of this where much else runs.
                        "scan.transactions.extract.deadline=6s")) {
            arguments.add("--set");
            arguments.add(set);
        }
        arguments.addAll(List.of(options));
        final CoppiceCli.Result result = ChaosForATime.run(tree, arguments.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result::toString);
        assertFalse(Files.exists(tree.folder()), "the run directory is kept");
        assertEquals(List.of(), AREA.processes());
        return new Catalogue(output, result);
    }

    /** Returns the outcome as the readme's table writes it. */
    private static String outcome(final JsonNode document) {
        final String outcome = document.get("outcome").asText();
        if (outcome.equals("failed")) {
            return "failed " + document.get("detail").asText();
        }
        if (!outcome.equals("ok")) {
            return outcome;
        }
        final StringBuilder line = new StringBuilder("ok ");
        line.append(document.get("mediaType").asText()).append(", ");
        line.append(document.get("textLength").asLong());
        append(line, "", document.get("language"));
        append(line, "title ", document.get("title"));
        append(line, "by ", document.get("author"));
        return line.toString();
    }

    private static void append(final StringBuilder line, final String label, final JsonNode value) {
        if (!value.isNull()) {
            line.append(", ").append(label).append(value.asText());
        }
    }
}
