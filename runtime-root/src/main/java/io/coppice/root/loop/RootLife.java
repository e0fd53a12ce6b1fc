package io.coppice.root.loop;

import io.coppice.os.Doorbell;
import io.coppice.os.OperatingSystem;
import io.coppice.os.SignalHandler;
import io.coppice.os.WaitPoint;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A root from its first step to its last. Each step is numbered, see {@link RootStep}: whoever dies
 * between two of them leaves what the next root goes on from. For root's thread, once.
 */
final class RootLife {
    /**
     * How long an end from outside may take at most before the JVM ends all the same, in
     * nanoseconds.
     */
    private static final long STOP_SLACK_NS = 5_000_000_000L;

    private final OperatingSystem os = OperatingSystem.current();
    private final long startedNs = System.nanoTime();
    private final RunDirectory directory;
    private final Path path;
    private final Path planFile;
    private final boolean goesOn;
    private final long guardPid;
    private final boolean reloaded;
    private EarlierTree earlier;
    private TreePlan plan;

    /** The board of an earlier tree that is gone on with; null where there is none. */
    private BoardWriter adopted;

    private BoardWriter board;
    private boolean stopping;

    /**
     * @param goesOn whether a tree that was being stopped when its root died is stopped
     * @param guardPid of the parent that starts root again when it is killed, else 0
     */
    RootLife(
            final RunDirectory directory,
            final Path planFile,
            final boolean goesOn,
            final long guardPid) {
        this.directory = directory;
        this.path = directory.path();
        this.planFile = planFile;
        this.goesOn = goesOn;
        this.guardPid = guardPid;
        os.newSession();
        this.reloaded = EarlierTree.find(path).isOfThisProcess(os);
    }

    /** Runs until the tree has ended; returns the exit code. */
    int run() throws IOException {
        reachedInReload(RootStep.RELOAD_BEGUN_ANEW);
        final FileLock lock = reloaded ? directory.lockAgain() : directory.tryLock();
        if (lock == null) {
            Files.deleteIfExists(planFile);
            return RootMain.EXIT_ALREADY_RUNNING;
        }
        RootStep.LOCKED.reached();
        readPlan();
        final Foundation foundation = new Foundation(os, path);
        if (goesOn && earlier.isOver()) {
            // The last root died between its last store and its exit.
            foundation.leave(plan);
            return RootMain.EXIT_DONE;
        }
        settleEarlier();
        final TreeState end = runLoop(foundation.lay(plan));
        Leftovers.endAll(os, path);
        foundation.leave(plan);
        return end == TreeState.FINISHED || end == TreeState.STOPPED
                ? RootMain.EXIT_DONE
                : RootMain.EXIT_BUG;
    }

    private void reachedInReload(final RootStep step) {
        if (reloaded) {
            step.reached();
        }
    }

    private void readPlan() throws IOException {
        earlier = EarlierTree.find(path);
        final TreePlan given = PlanCodec.decode(Files.readAllBytes(planFile));
        // A guard knows the first plan alone; a reload may have put another one in its place.
        plan =
                goesOn && !reloaded && earlier.plan() != null
                        ? earlier.plan()
                        : earlier.upgraded(os, given);
        Files.delete(planFile);
        directory.removeStalePlans(os);
        RootStep.PLAN_READ.reached();
        reachedInReload(RootStep.RELOAD_PLAN_READ);
    }

    /** Ends what the plan has no place for. */
    private void settleEarlier() {
        earlier.letGoOfStopped(os);
        stopping = goesOn && earlier.wasStopping();
        adopted = earlier.takeOver(os, plan);
        Leftovers.endBut(
                os, path, adopted == null ? Set.of() : Leftovers.living(os, adopted.reader()));
        RootStep.EARLIER_SETTLED.reached();
        reachedInReload(RootStep.RELOAD_SETTLED);
    }

    private TreeState runLoop(final ArenaKeeper[] arenas) throws IOException {
        RootStep.ARENAS_LAID.reached();
        final RootBells bells = RootBells.create(os, path, EarlierTree.bells(plan));
        RootStep.BELLS_LAID.reached();
        final MailboxReader mailbox = MailboxReader.create(os, path);
        RootStep.MAILBOX_LAID.reached();
        final WaitPoint waitPoint =
                os.openWaitPoint(2 * plan.daemons().size(), path.resolve(RunDirectory.DOORBELL));
        RootStep.DOORBELL_LAID.reached();
        showBoard();
        // The guard is the main process where there is one: it outlives its roots.
        final Notifier notifier =
                Notifier.ofEnvironment(
                        System.getenv(), guardPid == 0 ? ProcessHandle.current().pid() : 0);
        notifier.introduce(System.nanoTime());
        os.processTree().adoptOrphans();
        final Spawner spawner = new Spawner(path, Kin.of(os, path, board.reader()));
        final DaemonSlot[] daemons = slots(arenas, bells, waitPoint, spawner);
        adopt(daemons);
        final PlanReload reload = new PlanReload(directory, os, board, daemons, planFile, reloaded);
        final RootLoop loop =
                new RootLoop(
                        daemons,
                        new Groups(plan.groups(), daemons),
                        board,
                        mailbox,
                        waitPoint,
                        chaos(daemons),
                        reload,
                        startedNs);
        loop.tell(notifier);
        loop.lookAfter(spawner);
        reload.heed(loop::isStopRequested);
        plan.daemons().forEach(spawner::keepLogsOf);
        if (stopping) {
            loop.requestStop();
        }
        final Doorbell doorbell = os.openDoorbell(path.resolve(RunDirectory.DOORBELL));
        stopInOrderOnSignals(loop, doorbell);
        reloadOnHangUp(reload, doorbell);
        // A guard has its root start by short turns; daemons are to have the usual ones.
        os.schedulingSlice(0);
        return loop.run();
    }

    private void showBoard() throws IOException {
        board = adopted == null ? createBoard() : adopted;
        RootStep.BOARD_LAID.reached();
        final long pid = ProcessHandle.current().pid();
        board.root(pid, os.startTime(pid), earlier.rootEpoch() + 1, WallClock.nowMs());
        if (adopted == null) {
            board.publish();
        }
        RootStep.BOARD_SHOWN.reached();
    }

    private BoardWriter createBoard() throws IOException {
        final BoardWriter fresh = BoardWriter.create(os, path, plan);
        for (final DaemonPlan daemon : plan.daemons()) {
            fresh.deaths(daemon.slot(), earlier.deaths(daemon.name()));
        }
        return fresh;
    }

    private DaemonSlot[] slots(
            final ArenaKeeper[] arenas,
            final RootBells bells,
            final WaitPoint waitPoint,
            final Spawner spawner) {
        final DaemonSlot[] daemons = new DaemonSlot[arenas.length];
        final OutOfMemoryKills outOfMemoryKills = OutOfMemoryKills.ofThisMachine(startedNs);
        final DeathNotes deathNotes = new DeathNotes(directory.crashes(), directory.logs());
        for (int i = 0; i < daemons.length; i++) {
            daemons[i] =
                    new DaemonSlot(
                            plan.daemons().get(i),
                            arenas[i],
                            lastEpoch(plan.daemons().get(i), arenas[i]),
                            board,
                            bells,
                            os,
                            waitPoint,
                            spawner,
                            deathNotes,
                            outOfMemoryKills,
                            new Randomness(startedNs + i));
        }
        return daemons;
    }

    private long lastEpoch(final DaemonPlan daemon, final ArenaKeeper arena) {
        return adopted == null
                ? earlier.lastEpoch(daemon.name(), arena)
                : Remains.lastEpoch(board.reader(), daemon.slot(), arena);
    }

    private void adopt(final DaemonSlot[] daemons) {
        if (adopted == null) {
            return;
        }
        for (final DaemonSlot daemon : daemons) {
            daemon.adopt(new Remains(board.reader(), daemon.slot(), stopping), System.nanoTime());
        }
        RootStep.ADOPTED.reached();
        reachedInReload(RootStep.RELOAD_ADOPTED);
    }

    private Chaos chaos(final DaemonSlot[] daemons) {
        final Chaos chaos = new Chaos(daemons, board, os, guardPid);
        if (adopted == null || !goesOn && !reloaded) {
            // A root that a guard or a reload has started again goes on as the board says.
            chaos.configure(plan);
        }
        return chaos;
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

    private void stopInOrderOnSignals(final RootLoop loop, final Doorbell doorbell) {
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
