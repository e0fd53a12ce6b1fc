package io.coppice.root.cli;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Structure;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.ManifestException;
import io.coppice.root.manifest.Sizes;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code coppice check}: reads a manifest, says everything that is wrong with it, or prints the
 * plan of its memory.
 */
@Command(
        name = "check",
        description = "Validates a manifest and prints its memory plan.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    private static final String ROW = "  %-36s %12s%n";

    @Parameters(paramLabel = "MANIFEST", description = "The manifest.")
    private Path manifestFile;

    @Option(
            names = "--set",
            paramLabel = "DAEMON.KEY=VALUE",
            description = "Overrides a setting of the manifest.")
    private List<String> overrides = List.of();

    @Override
    public Integer call() throws ManifestException {
        final Manifest manifest = Manifests.read(manifestFile, overrides);
        final ChildCommands commands =
                new CachedCommands(new JvmCommand(Path.of("crash")), new StartCaches());
        final TreePlan plan = new PlanMaker(commands).make(manifest, 0, 0);
        long total = 0;
        System.out.printf(
                "%s: tree \"%s\", %d daemons, %d processes at most%n",
                manifestFile, plan.name(), plan.daemons().size(), plan.processes());
        for (final DaemonPlan daemon : plan.daemons()) {
            print(daemon);
            total += daemon.memoryBytes();
        }
        System.out.printf("%-38s %12s%n", "all arenas", Sizes.format(total));
        return ExitStatus.DONE;
    }

    private static void print(final DaemonPlan daemon) {
        System.out.printf("%s (%s)%n", daemon.name(), daemon.mainClass());
        System.out.printf(ROW, "head", Sizes.format(ArenaLayout.FIXED_OFFSET));
        for (final Structure structure : ArenaPlan.fixedStructures(daemon)) {
            System.out.printf(ROW, structure.name(), Sizes.format(structure.bytes()));
        }
        final long fixed = ArenaPlan.fixedBytes(daemon);
        System.out.printf(
                ROW, "left for its structures", Sizes.format(daemon.memoryBytes() - fixed));
        System.out.printf(ROW, "memory", Sizes.format(daemon.memoryBytes()));
    }
}
