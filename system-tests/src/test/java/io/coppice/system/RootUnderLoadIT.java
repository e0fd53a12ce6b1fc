package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.examples.ledger.PlainLedger;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Root is killed again and again under a guard while transactions run and chaos kills the rest. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RootUnderLoadIT {
    private static final Path MANIFEST = CoppiceCli.HOME.resolve("conf/ledger.json");
    private static final Path TRANSFERS =
            CoppiceCli.HOME.resolve("examples/ledger/data/transfers.csv.gz");
    private static final int KILLS_LEAST = 2;

    /** How long a root is let live, in turns of its loop: the work takes few seconds in all. */
    private static final long TURNS = 1;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void everyTransferIsPostedOnceThoughRootIsKilledAgainAndAgain() throws IOException {
        final PlainLedger plain = new PlainLedger();
        try (BufferedReader file =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(TRANSFERS)),
                                StandardCharsets.US_ASCII))) {
            plain.post(file);
        }
        final List<String> balances = new ArrayList<>(List.of("account,cents"));
        plain.balances().forEach((account, cents) -> balances.add(account + "," + cents));
        final Path output = AREA.files().resolve("balances.csv");
        final TestTree tree =
                new TestTree(AREA.cli().withStartCaches(), AREA.runFolder(), "ledger", MANIFEST);
        final CoppiceCli.Running console =
                tree.start(
                        "--guard",
                        "--chaos",
                        "150ms",
                        "--seed",
                        "3",
                        "--set",
                        "ledger.output=" + output);
        Waiting.until("there is a board", tree::hasBoard);
        // Every root goes on with the same one.
        final Board board = tree.board();
        int kills = 0;
        for (long epoch = 1; awaitRoot(board, console, epoch); epoch++) {
            if (OperatingSystem.current().signal(board.rootPid(), Signals.KILL)) {
                kills++;
            }
        }
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(kills >= KILLS_LEAST, kills + " kills: " + result);
        assertEquals(balances, Files.readAllLines(output));
        System.out.println("root was killed " + kills + " times");
    }

    /** Waits until a root of a number has the tree and turns; false once the tree is over. */
    private static boolean awaitRoot(
            final Board board, final CoppiceCli.Running console, final long epoch) {
        Waiting.until(
                "root " + epoch + " has the tree, or the tree is over",
                () -> !console.isAlive() || board.rootEpoch() >= epoch && board.allReadyNs() != 0);
        final long turns = board.heartbeat() + TURNS;
        Waiting.until(
                "root " + epoch + " turns, or the tree is over",
                () -> !console.isAlive() || board.heartbeat() >= turns);
        return console.isAlive();
    }
}
