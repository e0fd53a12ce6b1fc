package io.coppice.bench;

import io.coppice.bench.ring.RingBench;
import io.coppice.os.OsException;
import io.coppice.pool.ArenaException;
import io.coppice.root.cli.Coppice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The command line of {@code bin/coppice bench}. */
public final class Bench {
    private static final String USAGE =
            """
            Usage: coppice bench [--quick] [NAME...]
            Measures Coppice beside its baselines, prints a table for each bench and writes it to
            bench/results/NAME.json and NAME.svg, whole distributions to NAME-percentiles.svg.
            Without a name all benches run.
              --quick   few rounds: to see that it works, not to quote
              -h, --help
            """;

    private Bench() {}

    /** Runs the benches of a command line and ends the JVM with an exit code. */
    public static void main(final String[] args) {
        System.exit(execute(args));
    }

    static List<Benchmark> all() {
        return List.of(
                new StartBench(),
                new RestartBench(),
                new TransactionBench(),
                new CatalogBench(),
                new StateBench(),
                new StateRecoveryBench(),
                new RingBench());
    }

    /** Returns the exit code. */
    static int execute(final String[] args) {
        try {
            final Map<String, Benchmark> benches =
                    all().stream().collect(Collectors.toMap(Benchmark::name, Function.identity()));
            final List<String> names = all().stream().map(Benchmark::name).toList();
            final BenchArguments arguments = BenchArguments.parse(args, names);
            if (arguments.help()) {
                System.out.print(USAGE + "Benches: " + String.join(", ", names) + "\n");
                return 0;
            }
            final Path home = home();
            for (final String name : arguments.names()) {
                run(benches.get(name), home, arguments.quick());
            }
            return 0;
        } catch (final BenchFailure failure) {
            System.err.println("coppice: " + failure.getMessage());
            return failure.status();
        } catch (final IOException | UncheckedIOException | OsException | ArenaException refused) {
            System.err.println("coppice: " + refused.getMessage());
            return BenchFailure.OS_REFUSED;
        }
    }

    private static void run(final Benchmark bench, final Path home, final boolean quick)
            throws IOException {
        System.err.println("bench " + bench.name() + (quick ? " (quick)" : "") + " ...");
        final List<Case> cases;
        try (Scratch scratch = Scratch.create(home)) {
            cases = bench.run(scratch, quick);
        }
        final List<Row> rows = cases.stream().flatMap(each -> each.rows().stream()).toList();
        final List<Curve> curves = cases.stream().flatMap(each -> each.curves().stream()).toList();
        final List<LeftOut> leftOut =
                cases.stream().flatMap(each -> each.leftOut().stream()).toList();
        final List<Aim> aims = cases.stream().flatMap(each -> each.aims().stream()).toList();
        final Machine machine = Machine.here();
        System.out.println(bench.name());
        System.out.print(ResultTable.of(rows));
        leftOut.forEach(each -> System.out.println(each.line()));
        if (!curves.isEmpty()) {
            System.out.print(ResultTable.ofCurves(curves));
        }
        if (!aims.isEmpty()) {
            System.out.print(ResultTable.ofAims(aims));
        }
        System.out.println(bench.note());
        System.out.println(
                "ratio: coppice's median over the baseline's. On " + machine.line() + ".");
        System.out.println();
        final Path results = home.resolve("bench").resolve("results");
        Files.createDirectories(results);
        Files.writeString(
                results.resolve(bench.name() + ".json"),
                ResultJson.of(machine, rows, curves, leftOut, aims));
        Files.writeString(results.resolve(bench.name() + ".svg"), BarChart.of(bench.name(), rows));
        if (!curves.isEmpty()) {
            Files.writeString(
                    results.resolve(bench.name() + "-percentiles.svg"),
                    PercentileChart.of(bench.name(), curves));
        }
        for (final Map.Entry<String, String> chart : bench.charts().entrySet()) {
            Files.writeString(
                    results.resolve(bench.name() + "-" + chart.getKey() + ".svg"),
                    chart.getValue());
        }
    }

    private static Path home() {
        final String home = System.getProperty(Coppice.HOME_PROPERTY);
        if (home == null) {
            throw new BenchFailure(
                    BenchFailure.USAGE,
                    "the system property "
                            + Coppice.HOME_PROPERTY
                            + " is missing; start this with bin/coppice bench");
        }
        return Path.of(home);
    }
}
