package io.coppice.root.cli;

import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.loop.RunDirectory;
import io.coppice.root.loop.UpgradedPlan;
import io.coppice.root.manifest.ClassPathOption;
import io.coppice.root.manifest.Durations;
import io.coppice.root.manifest.ManifestException;
import io.coppice.root.manifest.QuantityException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code coppice upgrade}: has one daemon go on with other jars. Freezes the new plan into a file
 * that root reads, and waits until root says how it ended.
 */
@Command(
        name = "upgrade",
        description =
                "Starts one daemon from other jars beside the one that serves, and switches when it is warm.",
        mixinStandardHelpOptions = true)
final class UpgradeCommand implements Callable<Integer> {
    private static final String DAEMON_MAIN = "io.coppice.daemon.DaemonMain";

    @Parameters(paramLabel = "TREE/DAEMON", description = "The daemon, as in catalog/catalog.")
    private String daemon;

    @Option(
            names = "--classpath",
            required = true,
            paramLabel = "PATH",
            description =
                    "Jars, folders or patterns like 'lib/*', separated by colons; repeatable.")
    private List<String> classPath = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Until the new one must be warm, as in 30s; else its startTimeout.")
    private String timeout;

    @Override
    public Integer call() throws IOException {
        final long timeoutNs = timeoutNs();
        final String[] parts = Trees.split(daemon);
        final TreeView view = Trees.findLiving(parts[0]);
        final DaemonPlan current = Trees.daemon(view, parts[1]);
        final TreePlan plan = view.plan().with(UpgradedPlan.of(current, files(current)));
        if (!BoardWriter.hasRoom(view.board(), plan)) {
            throw new CommandFailure(
                    ExitStatus.OS_REFUSED,
                    daemon
                            + ": the class path is too long for the board of a running tree; shorten it, or stop the tree and run it with the new class path in the manifest");
        }
        final Path file =
                view.directory()
                        .path()
                        .resolve(RunDirectory.PLAN + "-" + ProcessHandle.current().pid());
        Files.write(file, PlanCodec.encode(plan));
        try {
            return new UpgradeWait(view, current, daemon).askAndAwait(timeoutNs);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> files(final DaemonPlan current) {
        final List<String> entries = new ArrayList<>();
        for (final String option : classPath) {
            entries.addAll(List.of(option.split(File.pathSeparator, -1)));
        }
        final List<String> classes = new ArrayList<>(List.of(DAEMON_MAIN, current.mainClass()));
        for (final PoolPlan pool : current.pools()) {
            classes.add(pool.className());
        }
        try {
            return ClassPathOption.read(entries, Path.of("").toAbsolutePath(), classes);
        } catch (final ManifestException wrong) {
            throw new CommandFailure(ExitStatus.BAD_DATA, wrong.errors().get(0).line());
        }
    }

    private long timeoutNs() {
        if (timeout == null) {
            return 0;
        }
        try {
            final long timeoutNs = Durations.parse(timeout);
            if (timeoutNs <= 0) {
                throw new CommandFailure(
                        ExitStatus.USAGE,
                        "--timeout \"" + timeout + "\" is too short; write at least \"1 ms\"");
            }
            return timeoutNs;
        } catch (final QuantityException wrong) {
            throw new CommandFailure(ExitStatus.USAGE, "--timeout " + wrong.getMessage());
        }
    }
}
