package io.coppice.root.loop;

import io.coppice.os.Doorbell;
import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.os.SignalHandler;
import io.coppice.os.WaitPoint;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.MailboxReader;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The process of root.
 *
 * <ol>
 *   <li>It leaves the terminal's session and takes the lock that only one living root can hold.
 *   <li>It ends what an earlier root left alive and the plan has no place for.
 *   <li>It lays the arenas, the bells, the mailbox and the board, or goes on with those that are
 *       there.
 *   <li>It adopts the daemons that live.
 *   <li>It runs its loop until the tree has ended.
 * </ol>
 */
public final class RootMain {
    /** Exit code: everything ended as it should. */
    public static final int EXIT_DONE = 0;

    /** Exit code: a mistake of ours. */
    public static final int EXIT_BUG = 70;

    /** Exit code: the operating system refused something. */
    public static final int EXIT_OS = 71;

    /** Exit code: another root lives in this run directory. */
    public static final int EXIT_ALREADY_RUNNING = 75;

    /**
     * How long an end from outside may take at most before the JVM ends all the same, in
     * nanoseconds.
     */
    private static final long STOP_SLACK_NS = 5_000_000_000L;

    /**
     * Argument: a tree that was being stopped when its root died is stopped. Without it, it is run.
     */
    public static final String GO_ON = "go-on";

    /** Argument: the parent is a guard, which starts root again when it is killed. */
    public static final String GUARDED = "guarded";

    private RootMain() {}

    /**
     * Runs root.
     *
     * @param args folder of the tree, file of the plan, {@link #GUARDED} where a guard starts it,
     *     and {@link #GO_ON} where it does so again
     */
    public static void main(final String[] args) {
        int status = EXIT_BUG;
        try {
            status =
                    run(
                            RunDirectory.at(Path.of(args[0])),
                            Path.of(args[1]),
                            List.of(args).subList(2, args.length));
        } catch (final StartException | OsException refused) {
            System.err.println("coppice: " + refused.getMessage());
            status = EXIT_OS;
        } catch (final Throwable failure) {
            failure.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    private static int run(
            final RunDirectory directory, final Path planFile, final List<String> options)
            throws IOException {
        final boolean goOnStopping = options.contains(GO_ON);
        final long guardPid = options.contains(GUARDED) ? GuardMain.pid() : 0;
        final long startedNs = System.nanoTime();
        final OperatingSystem os = OperatingSystem.current();
        os.newSession();
        final Path path = directory.path();
        final boolean reloaded = EarlierTree.find(path).isOfThisProcess(os);
        if (reloaded) {
            RootStep.RELOAD_BEGUN_ANEW.reached();
        }
        final FileLock lock = reloaded ? directory.lockAgain() : directory.tryLock();
        if (lock == null) {
            Files.deleteIfExists(planFile);
            return EXIT_ALREADY_RUNNING;
        }
        RootStep.LOCKED.reached();
        final EarlierTree earlier = EarlierTree.find(path);
        final TreePlan given = PlanCodec.decode(Files.readAllBytes(planFile));
        // A guard knows the first plan alone; a reload may have put another one in its place.
        final TreePlan plan =
                goOnStopping && !reloaded && earlier.plan() != null
                        ? earlier.plan()
                        : earlier.upgraded(os, given);
        Files.delete(planFile);
        directory.removeStalePlans(os);
        RootStep.PLAN_READ.reached();
        if (reloaded) {
            RootStep.RELOAD_PLAN_READ.reached();
        }
        if (goOnStopping && earlier.isOver()) {
            // The last root died between its last store and its exit.
            new Foundation(os, path).leave(plan);
            return EXIT_DONE;
        }
        earlier.letGoOfStopped(os);
        final boolean stopping = goOnStopping && earlier.wasStopping();
        final BoardWriter adopted = earlier.takeOver(os, plan);
        Leftovers.endBut(
                os,
                path,
                adopted == null ? Set.of() : Leftovers.living(os, path, adopted.reader()));
        RootStep.EARLIER_SETTLED.reached();
        if (reloaded) {
            RootStep.RELOAD_SETTLED.reached();
        }
        final Foundation foundation = new Foundation(os, path);
        final ArenaKeeper[] arenas = foundation.lay(plan);
        RootStep.ARENAS_LAID.reached();
        final RootBells bells = RootBells.create(os, path, EarlierTree.bells(plan));
        RootStep.BELLS_LAID.reached();
        final MailboxReader mailbox = MailboxReader.create(os, path);
        RootStep.MAILBOX_LAID.reached();
        final WaitPoint waitPoint =
                os.openWaitPoint(2 * plan.daemons().size(), path.resolve(RunDirectory.DOORBELL));
        RootStep.DOORBELL_LAID.reached();
        final BoardWriter board = adopted == null ? createBoard(os, path, plan, earlier) : adopted;
        RootStep.BOARD_LAID.reached();
        final long pid = ProcessHandle.current().pid();
        board.root(pid, os.startTime(pid), earlier.rootEpoch() + 1, WallClock.nowMs());
        if (adopted == null) {
            board.publish();
        }
        RootStep.BOARD_SHOWN.reached();
        // The guard is the main process where there is one: it outlives its roots.
        final Notifier notifier = Notifier.ofEnvironment(System.getenv(), guardPid == 0 ? pid : 0);
        notifier.introduce(System.nanoTime());
        final DaemonSlot[] daemons = new DaemonSlot[arenas.length];
        os.processTree().adoptOrphans();
        final Spawner spawner = new Spawner(path, Kin.of(os, path, board.reader()));
        final OutOfMemoryKills outOfMemoryKills = OutOfMemoryKills.ofThisMachine(startedNs);
        final DeathNotes deathNotes = new DeathNotes(directory.crashes(), directory.logs());
        for (int i = 0; i < daemons.length; i++) {
            daemons[i] =
                    new DaemonSlot(
                            plan.daemons().get(i),
                            arenas[i],
                            lastEpoch(plan.daemons().get(i), arenas[i], board, earlier, adopted),
                            board,
                            bells,
                            os,
                            waitPoint,
                            spawner,
                            deathNotes,
                            outOfMemoryKills,
                            new Randomness(startedNs + i));
        }
        if (adopted != null) {
            for (final DaemonSlot daemon : daemons) {
                daemon.adopt(
                        new Remains(board.reader(), daemon.slot(), stopping), System.nanoTime());
            }
            RootStep.ADOPTED.reached();
            if (reloaded) {
                RootStep.RELOAD_ADOPTED.reached();
            }
        }
        final Chaos chaos = new Chaos(daemons, board, os, guardPid);
        if (adopted == null || !goOnStopping && !reloaded) {
            // A root that a guard or a reload has started again goes on as the board says.
            chaos.configure(plan);
        }
        final PlanReload reload =
                new PlanReload(directory, os, plan, board, daemons, planFile, reloaded);
        final RootLoop loop =
                new RootLoop(
                        daemons,
                        new Groups(plan.groups(), daemons),
                        board,
                        mailbox,
                        waitPoint,
                        chaos,
                        reload,
                        startedNs);
        loop.tell(notifier);
        loop.lookAfter(spawner);
        plan.daemons().forEach(spawner::keepLogsOf);
        if (stopping) {
            loop.requestStop();
        }
        final Doorbell doorbell = os.openDoorbell(path.resolve(RunDirectory.DOORBELL));
        stopInOrderOnSignals(loop, doorbell, plan);
        reloadOnHangUp(reload, doorbell);
        final TreeState end = loop.run();
        Leftovers.endAll(os, path);
        foundation.leave(plan);
        return end == TreeState.FINISHED || end == TreeState.STOPPED ? EXIT_DONE : EXIT_BUG;
    }

    /**
     * Returns the last epoch that a daemon has had. One that comes back to a tree after a reload
     * without it has another row; then its arena knows.
     */
    private static long lastEpoch(
            final DaemonPlan daemon,
            final ArenaKeeper arena,
            final BoardWriter board,
            final EarlierTree earlier,
            final BoardWriter adopted) {
        if (adopted == null) {
            return arena.lastEpoch(earlier.epoch(daemon.name()));
        }
        final long ofRow = board.reader().word(daemon.slot(), BoardWord.EPOCH);
        return earlier.plan().daemon(daemon.name()) != null
                ? ofRow
                : Math.max(ofRow, arena.lastEpoch(0));
    }

    private static BoardWriter createBoard(
            final OperatingSystem os,
            final Path path,
            final TreePlan plan,
            final EarlierTree earlier) {
        final BoardWriter board = BoardWriter.create(os, path, plan);
        for (final DaemonPlan daemon : plan.daemons()) {
            board.deaths(daemon.slot(), earlier.deaths(daemon.name()));
        }
        return board;
    }

    /** In a thread of its own that ends at once: the tree need not wait for it. */
    private static void reloadOnHangUp(final PlanReload reload, final Doorbell doorbell) {
        SignalHandler.on(
                "HUP",
                () -> {
                    reload.request();
                    doorbell.ring();
                });
    }

    private static void stopInOrderOnSignals(
            final RootLoop loop, final Doorbell doorbell, final TreePlan plan) {
        long stopNs = STOP_SLACK_NS;
        for (int i = 0; i < plan.daemons().size(); i++) {
            stopNs += plan.daemons().get(i).stopTimeoutNs();
        }
        final long mostMs = TimeUnit.NANOSECONDS.toMillis(stopNs);
        // To the JVM it means the end, and to root that a terminal is gone: nothing.
        final Thread root = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    loop.requestStop();
                                    doorbell.ring();
                                    try {
                                        root.join(mostMs);
                                    } catch (final InterruptedException impatient) {
                                        Thread.currentThread().interrupt();
                                    }
                                },
                                "stop"));
    }
}
