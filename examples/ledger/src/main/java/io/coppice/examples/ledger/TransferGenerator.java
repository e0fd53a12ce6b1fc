package io.coppice.examples.ledger;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a file of transfers by chance, the same for the same seed. A few lines come twice, as they
 * do from senders that are not sure, and a few are no transfers.
 *
 * <p>{@code java -cp ... io.coppice.examples.ledger.TransferGenerator 1 100000 5000
 * examples/ledger/data/transfers.csv.gz} made the file that is shipped.
 */
public final class TransferGenerator {
    private static final int REPEATED_ONE_IN = 100;
    private static final int BROKEN_ONE_IN = 500;
    private static final long CENTS_BOUND = 100_000;
    private static final String[] BROKEN = {
        "",
        "not a transfer",
        "7",
        "1,2,3",
        "1,2,2,100",
        "1,2,3,0",
        "1,2,3,-5",
        "1,2,3,4,5",
        "99999999999999999999,1,2,3",
        "1,2,3,1000000000001",
        " 1,2,3,4",
        "1;2;3;4"
    };

    private TransferGenerator() {}

    /**
     * Writes a file.
     *
     * @param args seed, lines, accounts, file; a file that ends in {@code .gz} is compressed
     */
    public static void main(final String[] args) throws IOException {
        final Path file = Path.of(args[3]);
        try (Writer writer =
                file.toString().endsWith(".gz")
                        ? new OutputStreamWriter(
                                new GZIPOutputStream(Files.newOutputStream(file)),
                                StandardCharsets.US_ASCII)
                        : Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            write(
                    writer,
                    Long.parseLong(args[0]),
                    Integer.parseInt(args[1]),
                    Integer.parseInt(args[2]));
        }
    }

    /** Writes a header and as many lines. */
    public static void write(
            final Writer writer, final long seed, final int lines, final int accounts)
            throws IOException {
        final SplittableRandom random = new SplittableRandom(seed);
        writer.write(TransferLine.HEADER + "\n");
        final String[] recent = new String[REPEATED_ONE_IN];
        long id = 0;
        for (int i = 0; i < lines; i++) {
            String line = recent[random.nextInt(recent.length)];
            if (random.nextInt(BROKEN_ONE_IN) == 0) {
                line = BROKEN[random.nextInt(BROKEN.length)];
            } else if (line == null || random.nextInt(REPEATED_ONE_IN) != 0) {
                id += 1 + random.nextInt(3);
                line = transfer(random, id, accounts);
                recent[random.nextInt(recent.length)] = line;
            }
            writer.write(line + "\n");
        }
    }

    private static String transfer(
            final SplittableRandom random, final long id, final int accounts) {
        final int from = random.nextInt(accounts);
        final int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
        return id + "," + (from + 1) + "," + (to + 1) + "," + (1 + random.nextLong(CENTS_BOUND));
    }
}
