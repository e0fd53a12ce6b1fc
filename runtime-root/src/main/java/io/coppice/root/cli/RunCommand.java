package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.RobustMutex;
import io.coppice.pool.plan.ChaosKind;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.loop.RunDirectory;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code coppice run}: reads the manifest, freezes it, starts root in a process of its own, and
 * follows the tree until it ends or, with {@code --detach}, until it is ready.
 */
@Command(
        name = "run",
        description = "Runs the tree of a manifest until it has finished or is stopped.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MANIFEST", description = "The manifest.")
    private Path manifestFile;

    @Option(
            names = "--set",
            paramLabel = "DAEMON.KEY=VALUE",
            description = "Overrides a setting of the manifest.")
    private List<String> overrides = List.of();

    @Option(names = "--detach", description = "Returns as soon as every daemon is ready.")
    private boolean detach;

    @Option(
            names = "--guard",
            description = "Starts root again when it ends otherwise than in order.")
    private boolean guard;

    @Option(
            names = "--chaos",
            paramLabel = "PERIOD",
            description = "Kills a random process this often, as in 500ms.")
    private String chaosPeriod;

    @Option(
            names = "--chaos-kinds",
            paramLabel = "KIND",
            split = ",",
            description = "What --chaos does: kill, stop, root. Only kill where it is left out.")
    private List<ChaosKind> chaosKinds = List.of();

    @Option(
            names = "--chaos-stop-for",
            paramLabel = "DURATION",
            description = "How long --chaos stops a process.")
    private String chaosStopFor;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the random choice of --chaos.")
    private Long chaosSeed;

    @Override
    public Integer call() throws ManifestException, IOException {
        if (detach && Console.isFirstProcess()) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "--detach would end the container, whose first process this is; leave it out");
        }
        final ChaosSettings chaos =
                chaosPeriod == null
                        ? null
                        : ChaosSettings.of(
                                "--chaos",
                                chaosPeriod,
                                chaosKinds,
                                "--chaos-stop-for",
                                chaosStopFor,
                                chaosSeed);
        refuseIdleOptions(chaos);
        final Manifest manifest = Manifests.read(manifestFile, overrides);
        final RunDirectory directory = RunDirectory.of(RunDirectory.base(), manifest.tree());
        refuseWhileRunning(manifest, directory);
        warnOfStandby(manifest);
        final StartCaches caches = new StartCaches();
        final CachedCommands commands =
                new CachedCommands(new JvmCommand(directory.crashes()), caches);
        new Rehearsal(caches, commands).makeMissing(manifest);
        final TreePlan plan =
                new PlanMaker(commands).make(manifest, 0, 0, slots(manifest, directory));
        directory.create();
        new ManifestRecord(manifest.file(), overrides).write(directory);
        final Path draft =
                directory.path().resolve(RunDirectory.PLAN + "-" + ProcessHandle.current().pid());
        Files.write(draft, PlanCodec.encode(chaos == null ? plan : chaos.in(plan)));
        if (chaos != null) {
            System.err.println("coppice: " + chaos);
        }
        final RootProcess root = RootProcess.start(commands.root(), directory, draft, guard);
        final Console console = new Console(root, directory);
        return detach ? console.awaitReady() : console.follow();
    }

    /** Where a tree without a root is taken over, its daemons keep their slots. */
    private static SlotKeeper slots(final Manifest manifest, final RunDirectory directory) {
        final TreeView earlier = TreeView.open(directory).orElse(null);
        if (earlier == null || earlier.board().treeState().isOver()) {
            return SlotKeeper.ofFreshTree(manifest);
        }
        try {
            return SlotKeeper.of(manifest, earlier.plan(), earlier.board().daemons());
        } catch (final CommandFailure tooFewRows) {
            // Root then stops what lives, and lays a fresh board.
            return SlotKeeper.ofFreshTree(manifest);
        }
    }

    private void refuseIdleOptions(final ChaosSettings chaos) {
        if (chaos == null && (chaosSeed != null || chaosStopFor != null || !chaosKinds.isEmpty())) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    (chaosSeed != null
                                    ? "--seed"
                                    : chaosStopFor != null ? "--chaos-stop-for" : "--chaos-kinds")
                            + " means nothing without --chaos; add --chaos 500ms");
        }
        if (chaos != null && chaos.has(ChaosKind.ROOT) && !guard) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "--chaos-kinds root needs somebody who starts root again; add --guard");
        }
    }

    private static void refuseWhileRunning(final Manifest manifest, final RunDirectory directory)
            throws IOException {
        if (directory.isLocked()) {
            throw new CommandFailure(
                    ExitStatus.ALREADY_RUNNING,
                    "tree \""
                            + manifest.tree()
                            + "\" runs already in "
                            + directory.path()
                            + "; stop it with \"coppice stop "
                            + manifest.tree()
                            + "\", or give this one another name");
        }
    }

    private static void warnOfStandby(final Manifest manifest) {
        manifest.daemons().stream()
                .filter(daemon -> daemon.standby() > 0)
                .filter(
                        daemon ->
                                daemon.restart().policy() == RestartPolicy.NEVER
                                        || !RobustMutex.isSupported(OperatingSystem.current()))
                .forEach(
                        daemon ->
                                System.err.println(
                                        "coppice: daemon \""
                                                + daemon.name()
                                                + "\" has a standby declared, and there is none: it needs Linux, and a restart policy other than \"never\""));
    }
}
