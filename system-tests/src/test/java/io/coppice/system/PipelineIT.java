package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped pipeline: every line is written once, in its order, whatever dies. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class PipelineIT {
    private static final Path MANIFEST = CoppiceCli.HOME.resolve("conf/pipeline.json");
    private static final int NIGHTLY_SEEDS = 50;
    private static final int FILES = 3;
    private static final int LINES_PER_FILE = 500;

    /** So many that some processes are killed before all is done, on a quick machine too. */
    private static final int ROUNDS = 60;

    private static final int FEW_ROUNDS = 2;

    /** At, around and far beyond what one message holds. */
    private static final int[] LONG_LINES = {1023, 1024, 1025, 2048, 2049, 100_000};

    @RegisterExtension static final TestArea AREA = new TestArea();

    private static Path input;
    private static Path expected;
    private static long lines;
    private static long words;
    private static long longestBytes;

    @BeforeAll
    static void makeInput() throws IOException {
        input = Files.createDirectory(AREA.files().resolve("input"));
        final List<byte[]> all = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(1);
        for (int file = 0; file < FILES; file++) {
            final ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int i = 0; i < LINES_PER_FILE; i++) {
                final boolean isLong = i < LONG_LINES.length;
                final byte[] line = line(random, isLong ? LONG_LINES[i] : random.nextInt(120));
                all.add(line);
                text.write(line);
                // The last line of a file need not have an end; one without bytes needs it.
                if (i + 1 < LINES_PER_FILE || file > 0 || line.length == 0) {
                    text.write('\n');
                }
            }
            Files.write(input.resolve("text-" + file + ".txt"), text.toByteArray());
        }
        Files.createFile(input.resolve("text-9-empty.txt"));
        expected = AREA.files().resolve("expected.txt");
        writeExpected(all, ROUNDS);
    }

    private static byte[] line(final SplittableRandom random, final int bytes) {
        final byte[] line = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            final int any = random.nextInt(256);
            line[i] = (byte) (random.nextInt(8) == 0 ? ' ' : any == '\n' ? 'n' : any);
        }
        return line;
    }

    private static void writeExpected(final List<byte[]> all, final int rounds) throws IOException {
        lines = 0;
        words = 0;
        longestBytes = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(expected))) {
            for (int round = 0; round < rounds; round++) {
                for (final byte[] line : all) {
                    lines++;
                    longestBytes = Math.max(longestBytes, line.length);
                    final String text = new String(line, StandardCharsets.ISO_8859_1);
                    for (final String word : text.split("[ \t\r]+", -1)) {
                        words += word.isEmpty() ? 0 : 1;
                    }
                    out.write((lines + "\t").getBytes(StandardCharsets.US_ASCII));
                    for (final byte each : line) {
                        out.write(each >= 'a' && each <= 'z' ? each - 32 : each);
                    }
                    out.write('\n');
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void writesEveryLineOnceUnderChaos(final long seed) throws IOException {
        assertSameUnderChaos(seed);
    }

    @Test
    @Tag("nightly")
    void writesEveryLineOnceUnderChaosForManySeeds() throws IOException {
        for (long seed = 100; seed < 100 + NIGHTLY_SEEDS; seed++) {
            assertSameUnderChaos(seed);
        }
    }

    private static void assertSameUnderChaos(final long seed) throws IOException {
        final Path output = AREA.files().resolve("output-" + seed + ".txt");
        final CoppiceCli.Result result =
                ChaosForATime.run(
                        tree(), options(output, "--chaos", "800ms", "--seed", Long.toString(seed)));
        final String message = "seed " + seed + ": " + result;
        assertWhole(result, output, message);
        assertTrue(result.stdout().toString().contains("; chaos killed "), message);
        Files.delete(output);
    }

    /** What a killed sink has written and not committed, and anything else behind it, goes. */
    @Test
    void whatDoesNotCountIsCutOffTheOutput() throws IOException {
        final Path output = AREA.files().resolve("output.txt");
        Files.writeString(output, "what was there before\n");
        final TestTree tree = tree().up(options(output));
        stopEarly(tree);
        Files.writeString(output, "half a li", StandardOpenOption.APPEND);
        final CoppiceCli.Result result = tree.start(options(output)).await();
        assertWhole(result, output, result.toString());
    }

    @Test
    void filesThatChangedMeanwhileAreRefusedInOneLine() throws IOException {
        final Path folder = Files.createDirectory(AREA.files().resolve("changing"));
        Files.copy(input.resolve("text-1.txt"), folder.resolve("text-1.txt"));
        final Path output = AREA.files().resolve("changing.txt");
        final TestTree tree =
                tree().up(
                                "--set",
                                "source.input=" + folder,
                                "--set",
                                "source.rounds=1000000000",
                                "--set",
                                "sink.output=" + output);
        stopEarly(tree);
        Files.writeString(folder.resolve("text-2.txt"), "one more\n");
        final CoppiceCli.Result result =
                tree.start(
                                "--detach",
                                "--set",
                                "source.input=" + folder,
                                "--set",
                                "sink.output=" + output)
                        .await();
        assertEquals(78, result.exitCode(), result::toString);
        assertTrue(
                result.stderr().toString().contains("its files are not those that were read"),
                result::toString);
        // The other daemons run on, so the tree has to be stopped first.
        assertEquals(0, tree.cli().run("stop", "pipeline").exitCode());
        assertEquals(0, tree.cli().run("clean", "pipeline").exitCode());
    }

    /** As a newcomer does: what is shipped, and nothing else. */
    @Test
    void theShippedTextsComeOutNumberedAndInCapitals() throws IOException {
        final Path output = AREA.files().resolve("shipped.txt");
        final CoppiceCli.Result result =
                tree().start(
                                "--set",
                                "sink.output=" + output,
                                "--set",
                                "source.rounds=" + FEW_ROUNDS)
                        .await();
        assertEquals(0, result.exitCode(), result::toString);
        final List<String> written = Files.readAllLines(output);
        assertEquals(
                "1\tTO COPPICE A TREE IS TO CUT IT BACK TO ITS ROOT, FROM WHICH IT GROWS AGAIN.",
                written.get(0));
        final int half = written.size() / FEW_ROUNDS;
        assertEquals(written.get(0).substring(1), written.get(half).replaceFirst("^\\d+", ""));
        assertEquals(
                "statistics   "
                        + written.size()
                        + " lines, 1348 words, the longest line has 5212 bytes",
                result.stdout().get(2));
    }

    /** Before all is done, so without a command, which would take its time to start. */
    private static void stopEarly(final TestTree tree) {
        tree.awaitProgress("source", 1);
        final long root = tree.rootPid();
        OperatingSystem.current().signal(root, Signals.TERM);
        tree.awaitDeath(root);
    }

    private static void assertWhole(
            final CoppiceCli.Result result, final Path output, final String message)
            throws IOException {
        assertEquals(0, result.exitCode(), message);
        assertEquals(-1, Files.mismatch(expected, output), message);
        assertEquals(
                List.of(
                        "sink         "
                                + lines
                                + " lines, "
                                + Files.size(expected)
                                + " bytes in "
                                + output,
                        "statistics   "
                                + lines
                                + " lines, "
                                + words
                                + " words, the longest line has "
                                + longestBytes
                                + " bytes"),
                result.stdout().subList(1, 3),
                message);
    }

    private static String[] options(final Path output, final String... more) {
        final List<String> options =
                new ArrayList<>(
                        List.of(
                                "--set",
                                "source.input=" + input,
                                "--set",
                                "source.rounds=" + ROUNDS,
                                "--set",
                                "sink.output=" + output));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    private static TestTree tree() {
        return new TestTree(AREA.cli().withStartCaches(), AREA.runFolder(), "pipeline", MANIFEST);
    }
}
