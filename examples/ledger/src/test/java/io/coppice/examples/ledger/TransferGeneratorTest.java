package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class TransferGeneratorTest {
    private static final int LINES = 100_000;
    private static final int ACCOUNTS = 5_000;

    @Test
    void theShippedFileIsThatOfItsSeed() throws IOException {
        try (BufferedReader shipped =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        Files.newInputStream(Path.of("data/transfers.csv.gz"))),
                                StandardCharsets.US_ASCII))) {
            final StringWriter copy = new StringWriter();
            shipped.transferTo(copy);
            assertTrue(copy.toString().equals(generate(1)), "made by another seed or generator");
        }
    }

    @Test
    void someLinesComeTwiceAndSomeAreNoTransfers() throws IOException {
        final String file = generate(2);
        assertNotEquals(generate(1), file);
        final PlainLedger ledger = new PlainLedger();
        ledger.post(new BufferedReader(new StringReader(file)));

        assertEquals(LINES, ledger.posted() + ledger.duplicates() + ledger.rejected());
        assertTrue(ledger.duplicates() > LINES / 200 && ledger.rejected() > LINES / 1000);
        assertEquals(ACCOUNTS, ledger.balances().size());
        assertEquals(0, ledger.balances().values().stream().mapToLong(Long::longValue).sum());
    }

    private static String generate(final long seed) throws IOException {
        final StringWriter writer = new StringWriter();
        TransferGenerator.write(writer, seed, LINES, ACCOUNTS);
        return writer.toString();
    }
}
