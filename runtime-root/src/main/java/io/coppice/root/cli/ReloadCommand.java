package io.coppice.root.cli;

import io.coppice.os.Doorbell;
import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Mailbox;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.loop.PlanDifference;
import io.coppice.root.loop.RunDirectory;
import io.coppice.root.loop.UpgradedPlan;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.ManifestException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code coppice reload}: reads the manifest again, or another one, and has root go on with it.
 * What is wrong with it is found here, before root hears of it.
 */
@Command(
        name = "reload",
        description =
                "Applies a changed manifest to a tree that runs; what did not change goes on.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
    private static final String LOCK = "reload.lock";
    private static final long SLACK_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    @Parameters(
            index = "0",
            paramLabel = "TREE",
            arity = "0..1",
            description = "The tree; may be left out where only one runs.")
    private String tree;

    @Parameters(
            index = "1",
            paramLabel = "MANIFEST",
            arity = "0..1",
            description = "The manifest; the one that the tree runs where it is left out.")
    private Path manifestFile;

    @Option(
            names = "--set",
            paramLabel = "DAEMON.KEY=VALUE",
            description =
                    "Overrides a setting of the manifest; without any, and without MANIFEST, those of the last run go on.")
    private List<String> overrides = List.of();

    @Option(
            names = "--no-wait",
            description = "Returns as soon as root has checked the plan and begins.")
    private boolean noWait;

    @Override
    public Integer call() throws ManifestException, IOException {
        final TreeView view = Trees.findLiving(tree);
        refuseWhileStopping(view);
        try (FileChannel channel =
                        FileChannel.open(
                                view.directory().path().resolve(LOCK),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw refusal(view, "is being reloaded already; wait for the end of that");
            }
            return reload(view);
        }
    }

    private int reload(final TreeView view) throws ManifestException, IOException {
        final long startNs = System.nanoTime();
        final ManifestRecord source = source(view);
        final Manifest manifest = Manifests.read(source.manifest(), source.overrides());
        if (!manifest.tree().equals(view.name())) {
            throw new CommandFailure(
                    ExitStatus.BAD_MANIFEST,
                    source.manifest()
                            + ": $.tree: is \""
                            + manifest.tree()
                            + "\", and the tree that runs is \""
                            + view.name()
                            + "\"; name its manifest, or \"coppice run\" this one");
        }
        final TreePlan plan = plan(view, manifest);
        if (plan.equals(view.plan())) {
            source.write(view.directory());
            System.out.printf("tree \"%s\": nothing has changed%n", view.name());
            return ExitStatus.DONE;
        }
        final Path draft = view.directory().planOf(ProcessHandle.current().pid());
        final PlanDifference difference = new PlanDifference(view.plan(), plan);
        Files.write(draft, PlanCodec.encode(plan));
        boolean taken = false;
        try {
            ask(view, plan, difference);
            taken = true;
        } finally {
            if (!taken) {
                Files.deleteIfExists(draft);
            }
        }
        if (noWait) {
            return ExitStatus.DONE;
        }
        source.write(view.directory());
        awaitReady(view, plan, difference);
        System.out.printf(
                "tree \"%s\" is reloaded after %d ms: %s%n",
                view.name(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs),
                difference.inWords());
        return ExitStatus.DONE;
    }

    private ManifestRecord source(final TreeView view) throws IOException {
        if (manifestFile != null) {
            return new ManifestRecord(manifestFile.toAbsolutePath().normalize(), overrides);
        }
        final ManifestRecord running = ManifestRecord.read(view.directory());
        if (running == null) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "which manifest tree \""
                            + view.name()
                            + "\" runs is not written down; name it: \"coppice reload "
                            + view.name()
                            + " MANIFEST\"");
        }
        return overrides.isEmpty() ? running : new ManifestRecord(running.manifest(), overrides);
    }

    private static TreePlan plan(final TreeView view, final Manifest manifest) {
        final StartCaches caches = new StartCaches();
        final CachedCommands commands =
                new CachedCommands(new JvmCommand(view.directory().crashes()), caches);
        final SlotKeeper slots = SlotKeeper.of(manifest, view.plan(), view.board().daemons());
        new Rehearsal(caches, commands).makeMissing(manifest);
        final TreePlan current = view.plan();
        final TreePlan plan =
                new PlanMaker(commands)
                        .make(manifest, current.chaosPeriodNs(), current.chaosSeed(), slots)
                        .withChaos(
                                current.chaosPeriodNs(),
                                current.chaosSeed(),
                                current.chaosKinds(),
                                current.chaosStopForNs());
        return UpgradedPlan.kept(plan, current);
    }

    /** Returns when root has begun anew with the plan, or with --no-wait when it is about to. */
    private void ask(final TreeView view, final TreePlan plan, final PlanDifference difference) {
        final Board board = view.board();
        final long rootEpoch = board.rootEpoch();
        final long rootPid = board.rootPid();
        final long[] post =
                Mailbox.open(view.directory().path())
                        .post(
                                io.coppice.pool.board.Command.RELOAD,
                                Math.toIntExact(ProcessHandle.current().pid()));
        ring(view);
        final long start = System.nanoTime();
        final long mostNs = mostNs(view.plan(), plan, difference);
        while (board.rootEpoch() == rootEpoch) {
            final long word = board.answer((int) post[0]);
            if (Answer.isFor(word, post[1])) {
                if (Answer.of(word) != Answer.ACCEPTED) {
                    throw refusal(view, Answer.of(word));
                }
                if (noWait) {
                    return;
                }
            }
            if (!view.isRootAlive() || System.nanoTime() - start > mostNs) {
                throw failure(view, rootPid);
            }
            LockSupport.parkNanos(POLL_NS);
        }
        if (!board.plan().equals(plan)) {
            // The root that a guard has started in place of the one that was asked.
            throw failure(view, rootPid);
        }
    }

    private static void ring(final TreeView view) {
        try (Doorbell doorbell =
                OperatingSystem.current()
                        .openDoorbell(view.directory().path().resolve(RunDirectory.DOORBELL))) {
            doorbell.ring();
        }
    }

    private static void awaitReady(
            final TreeView view, final TreePlan plan, final PlanDifference difference) {
        final long rootPid = view.board().rootPid();
        final List<String> waiting = new ArrayList<>(difference.added());
        waiting.addAll(difference.changed());
        final long start = System.nanoTime();
        final long mostNs = mostNs(view.plan(), plan, difference);
        for (final String name : waiting) {
            final DaemonPlan daemon = plan.daemon(name);
            while (!isUp(view.board(), daemon)) {
                if (view.board().state(daemon.slot()) == DaemonState.QUARANTINED) {
                    throw new CommandFailure(
                            ExitStatus.BUG,
                            "tree \""
                                    + view.name()
                                    + "\" is reloaded, but "
                                    + name
                                    + " died too often; it said: "
                                    + LastLine.of(view.directory().logs().resolve(name + ".log")));
                }
                if (!view.isRootAlive() || System.nanoTime() - start > mostNs) {
                    throw failure(view, rootPid);
                }
                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    private static boolean isUp(final Board board, final DaemonPlan daemon) {
        final DaemonState state = board.state(daemon.slot());
        return state == DaemonState.READY
                || state == DaemonState.DONE && board.word(daemon.slot(), BoardWord.PID) == 0;
    }

    private static long mostNs(
            final TreePlan before, final TreePlan after, final PlanDifference difference) {
        long mostNs = SLACK_NS;
        for (final DaemonPlan daemon : before.daemons()) {
            mostNs += difference.keeps(daemon.name()) ? 0 : daemon.stopTimeoutNs();
        }
        for (final DaemonPlan daemon : after.daemons()) {
            mostNs += difference.keeps(daemon.name()) ? 0 : daemon.startTimeoutNs();
        }
        return mostNs;
    }

    private static void refuseWhileStopping(final TreeView view) {
        switch (view.board().treeState()) {
            case STOPPING:
            case STOPPED:
            case FINISHED:
                throw refusal(view, "stops; \"coppice run\" it with the new manifest afterwards");
            default:
                break;
        }
    }

    private static CommandFailure refusal(final TreeView view, final Answer answer) {
        if (answer == Answer.WRONG_STATE) {
            return refusal(view, "stops, or is being reloaded already");
        }
        return new CommandFailure(
                ExitStatus.OS_REFUSED,
                "tree \""
                        + view.name()
                        + "\" goes on as it was: "
                        + LastLine.of(view.directory().rootLog()));
    }

    private static CommandFailure refusal(final TreeView view, final String why) {
        return new CommandFailure(
                ExitStatus.ALREADY_RUNNING, "tree \"" + view.name() + "\" " + why);
    }

    private static CommandFailure failure(final TreeView view, final long rootPid) {
        return new CommandFailure(
                ExitStatus.OS_REFUSED,
                view.isRootAlive() && view.board().rootPid() == rootPid
                        ? "tree \""
                                + view.name()
                                + "\" is not ready in time with its new manifest; see \"coppice status\" and "
                                + view.directory().rootLog()
                        : "root of tree \""
                                + view.name()
                                + "\" died during the reload; its daemons go on; a guard, or \"coppice run\", takes the tree over");
    }
}
