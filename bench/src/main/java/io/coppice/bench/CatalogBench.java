package io.coppice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What it costs to catalogue documents in processes of their own. */
final class CatalogBench implements Benchmark {
    private static final int ROUNDS = 5;
    private static final int FILES = 2_000;
    private static final int FILES_QUICK = 200;
    private static final double NS_PER_SECOND = 1e9;
    private static final String PLAIN = "one plain JVM";
    private static final String JOB = "whole job";
    private static final String NET = "first line to last";

    private final Case whole = new Case(JOB, Unit.FILES_PER_SECOND);
    private final Case net = new Case(NET, Unit.FILES_PER_SECOND);
    private int files;
    private Path input;

    @Override
    public String name() {
        return "catalog";
    }

    @Override
    public String note() {
        return "conf/catalog.json over small files of text, HTML, XML and JSON, beside the same"
                + " extractor in one JVM with as many threads as the pool has workers, which is not"
                + " isolated from what a document does. \"whole job\" is the command from start to"
                + " exit, \"first line to last\" what the catalogue's file shows of it. More is"
                + " better; p99 and the worst round are at the slow end.";
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        files = quick ? FILES_QUICK : FILES;
        input = scratch.file("documents");
        DocumentFolder.make(input, files);
        final Path manifest = scratch.home().resolve("conf").resolve("catalog.json");
        final int threads = workersMax(manifest);
        final Path runBase = scratch.runBase("catalog");
        final Path own = scratch.file("coppice.jsonl");
        final Path plain = scratch.file("plain.jsonl");
        final ProcessBuilder coppice =
                Commands.coppice(
                        scratch,
                        runBase,
                        true,
                        List.of(
                                "run",
                                manifest.toString(),
                                "--set",
                                "scan.input=" + input,
                                "--set",
                                "catalog.output=" + own));
        final ProcessBuilder jvm =
                new ProcessBuilder(
                        Commands.java(),
                        "-Xmx512m",
                        "-cp",
                        Commands.classPath(),
                        PlainCatalog.class.getName(),
                        input.toString(),
                        plain.toString(),
                        String.valueOf(threads));
        // Not counted: the caches are made, and both are seen to do the same work.
        Commands.time(scratch, coppice, scratch.file("coppice.out"));
        Commands.time(scratch, jvm, scratch.file("plain.out"));
        requireEqual(own, plain);
        for (int round = 0; round < (quick ? 1 : ROUNDS); round++) {
            measure(scratch, Case.COPPICE, coppice, own);
            measure(scratch, PLAIN, jvm, plain);
            requireEqual(own, plain);
        }
        return List.of(whole, net);
    }

    private void measure(
            final Scratch scratch,
            final String subject,
            final ProcessBuilder command,
            final Path output)
            throws IOException {
        Files.delete(output);
        final GrowthWatch watch = GrowthWatch.of(output);
        final long ns;
        try (watch) {
            ns = Commands.time(scratch, command, scratch.file("catalog.out"));
        }
        whole.of(subject).add(files * NS_PER_SECOND / ns);
        net.of(subject).add((files - 1) * NS_PER_SECOND / Math.max(1, watch.firstToLastNs()));
    }

    /** Two subjects that did different work may not be compared. */
    private void requireEqual(final Path own, final Path plain) throws IOException {
        final List<String> left = Files.readAllLines(own).stream().sorted().toList();
        final List<String> right = Files.readAllLines(plain).stream().sorted().toList();
        if (left.size() != files || right.size() != files) {
            throw new BenchFailure(
                    BenchFailure.BUG,
                    "of "
                            + files
                            + " files coppice has "
                            + left.size()
                            + " lines and the plain JVM "
                            + right.size());
        }
        for (int i = 0; i < files; i++) {
            if (!left.get(i).equals(right.get(i))) {
                throw new BenchFailure(
                        BenchFailure.BUG,
                        "the catalogues differ: " + left.get(i) + " and " + right.get(i));
            }
        }
    }

    private static int workersMax(final Path manifest) throws IOException {
        final JsonNode workers =
                new ObjectMapper()
                        .readTree(manifest.toFile())
                        .at("/daemons/scan/transactions/extract/workers");
        final String range = workers.asText();
        return Integer.parseInt(range.substring(range.lastIndexOf('.') + 1).strip());
    }
}
