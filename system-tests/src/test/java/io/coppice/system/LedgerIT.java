package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.examples.ledger.PlainLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped ledger: every transfer is posted once, whatever dies. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class LedgerIT {
    private static final Path MANIFEST = CoppiceCli.HOME.resolve("conf/ledger.json");
    private static final Path TRANSFERS =
            CoppiceCli.HOME.resolve("examples/ledger/data/transfers.csv.gz");
    private static final int NIGHTLY_SEEDS = 50;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private static final PlainLedger PLAIN = new PlainLedger();
    private static final List<String> BALANCES = new ArrayList<>();

    @BeforeAll
    static void postInPlainMemory() throws IOException {
        try (BufferedReader file =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(TRANSFERS)),
                                StandardCharsets.US_ASCII))) {
            PLAIN.post(file);
        }
        BALANCES.add("account,cents");
        PLAIN.balances().forEach((account, cents) -> BALANCES.add(account + "," + cents));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void postsEveryTransferOnceUnderChaos(final long seed) throws IOException {
        assertSameUnderChaos(seed);
    }

    @Test
    @Tag("nightly")
    void postsEveryTransferOnceUnderChaosForManySeeds() throws IOException {
        for (long seed = 100; seed < 100 + NIGHTLY_SEEDS; seed++) {
            assertSameUnderChaos(seed);
        }
    }

    private static void assertSameUnderChaos(final long seed) throws IOException {
        final Path output = AREA.files().resolve("balances-" + seed + ".csv");
        final CoppiceCli.Result result =
                ChaosForATime.run(
                        tree(),
                        "--set",
                        "ledger.output=" + output,
                        "--chaos",
                        "100ms",
                        "--seed",
                        Long.toString(seed));
        final String message = "seed " + seed + ": " + result;
        assertEquals(0, result.exitCode(), message);
        final String summary = result.stdout().get(result.stdout().size() - 2);
        assertEquals(
                "ledger: "
                        + PLAIN.posted()
                        + " transfers posted between "
                        + PLAIN.balances().size()
                        + " accounts, "
                        + PLAIN.duplicates()
                        + " duplicates, "
                        + PLAIN.rejected()
                        + " lines rejected, 0 batches failed; trial balance 0.00; balances in "
                        + output,
                summary,
                message);
        assertTrue(result.stdout().toString().contains("; chaos killed "), message);
        assertEquals(String.join("\n", BALANCES), String.join("\n", Files.readAllLines(output)));
    }

    @Test
    void theStateCanBeReadWithNothingButTheArena() throws IOException {
        final TestTree tree = tree();
        final Path output = AREA.files().resolve("balances.csv");
        final CoppiceCli.Result started =
                tree.start("--detach", "--set", "ledger.output=" + output).await();
        assertEquals(0, started.exitCode(), started::toString);
        Waiting.until("the balances are written", () -> Files.exists(output));
        tree.awaitDeath(tree.rootPid());

        assertEquals(
                List.of("ledger/ledger: sound"), done(tree, "state", "verify", "ledger").stdout());
        final String account = BALANCES.get(1 + 41);
        assertEquals("42", account.split(",", -1)[0]);
        final String record =
                done(tree, "state", "get", "ledger/ledger/accounts/42").stdout().get(0);
        assertTrue(
                record.startsWith("balanceCents=" + account.split(",", -1)[1] + " paid="), record);
        assertEquals(List.of(record), done(tree, "state", "get", "ledger/accounts/42").stdout());
        final Path arena = tree.folder().resolve(tree.plan("ledger").arenaFile());
        final List<String> exported = done(tree, "state", "export", arena + ":accounts").stdout();
        assertEquals(PLAIN.balances().size(), exported.size());
        final List<String> structures = done(tree, "state", "ls", "ledger/ledger").stdout();
        assertTrue(
                structures.stream()
                        .anyMatch(
                                line ->
                                        line.matches(
                                                "  transfers +table .* "
                                                        + PLAIN.posted()
                                                        + " +"
                                                        + PLAIN.posted()
                                                        + " +200000  transfer of 24 bytes: from,"
                                                        + " to, cents")),
                structures::toString);

        final CoppiceCli.Result missing =
                tree.cli().run("state", "get", "ledger/ledger/accounts/5001");
        assertEquals(69, missing.exitCode(), missing::toString);
        final CoppiceCli.Result noArena = tree.cli().run("state", "verify", MANIFEST.toString());
        assertEquals(65, noArena.exitCode(), noArena::toString);
        done(tree, "clean", "ledger");
    }

    private static CoppiceCli.Result done(final TestTree tree, final String... arguments) {
        final CoppiceCli.Result result = tree.cli().run(arguments);
        assertEquals(0, result.exitCode(), result::toString);
        return result;
    }

    private static TestTree tree() {
        return new TestTree(AREA.cli().withStartCaches(), AREA.runFolder(), "ledger", MANIFEST);
    }
}
