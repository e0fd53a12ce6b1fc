package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.WaitPoint;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Mailbox;
import io.coppice.pool.board.MailboxReader;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.GroupPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Root's loop over real files, with the clock and the processes of a test. */
final class LoopTree {
    static final long SECOND_NS = 1_000_000_000L;
    static final long STOP_TIMEOUT_NS = 5 * SECOND_NS;
    static final long START_TIMEOUT_NS = 20 * SECOND_NS;
    static final int LIMIT = 3;
    static final int RECOVERY_LIMIT = 3;

    final BoardWriter board;
    final Mailbox mailbox;
    final RootLoop loop;
    final DaemonSlot[] daemons;
    final Chaos chaos;
    final Memory[] arenas;
    long nowNs = 1_000 * SECOND_NS;
    private final Path folder;
    private final Map<Integer, Process> processes = new HashMap<>();
    private final Map<Integer, Process> standbys = new HashMap<>();

    LoopTree(
            final Path folder,
            final OperatingSystem os,
            final WaitPoint waitPoint,
            final Starter starter,
            final long chaosPeriodNs,
            final long seed,
            final DaemonPlan... plans) {
        this(folder, os, waitPoint, starter, chaosPeriodNs, seed, List.of(), plans);
    }

    LoopTree(
            final Path folder,
            final OperatingSystem os,
            final WaitPoint waitPoint,
            final Starter starter,
            final long chaosPeriodNs,
            final long seed,
            final List<GroupPlan> groups,
            final DaemonPlan... plans) {
        this.folder = folder;
        final TreePlan plan = new TreePlan("test", chaosPeriodNs, seed, List.of(plans), groups);
        final RootBells bells = RootBells.create(os, folder, EarlierTree.bells(plan));
        final MailboxReader mailboxReader = MailboxReader.create(os, folder);
        this.mailbox = Mailbox.open(folder);
        this.board = BoardWriter.create(os, folder, plan);
        this.daemons = new DaemonSlot[plans.length];
        this.arenas = new Memory[plans.length];
        final Spawner spawner = spawner(starter);
        countOutOfMemoryKills(0);
        final OutOfMemoryKills outOfMemoryKills =
                OutOfMemoryKills.of(List.of(folder.resolve("memory.events")), nowNs);
        for (int i = 0; i < plans.length; i++) {
            final Path arenaFile = arenaFile(folder, plans[i]);
            arenas[i] = ArenaFile.create(os, arenaFile, plans[i]);
            daemons[i] =
                    new DaemonSlot(
                            plans[i],
                            new ArenaKeeper(os, plans[i], arenaFile),
                            0,
                            board,
                            bells,
                            os,
                            waitPoint,
                            spawner,
                            new DeathNotes(folder.resolve("crash"), folder.resolve("log")),
                            outOfMemoryKills,
                            new Randomness(i));
        }
        this.chaos = new Chaos(daemons, board, os, os.parentPid());
        chaos.configure(plan);
        this.loop =
                new RootLoop(
                        daemons,
                        new Groups(groups, daemons),
                        board,
                        mailboxReader,
                        waitPoint,
                        chaos,
                        Reload.NONE,
                        nowNs);
    }

    /** Has the kernel's out-of-memory killer say how many it has killed. */
    void countOutOfMemoryKills(final long kills) {
        try {
            Files.writeString(folder.resolve("memory.events"), "oom 1\noom_kill " + kills + "\n");
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private Spawner spawner(final Starter starter) {
        return new Spawner(folder) {
            @Override
            Process spawn(final DaemonSlot daemon) throws IOException {
                final Process process = starter.start();
                processes.put(daemon.slot(), process);
                return process;
            }

            @Override
            Process spawnStandby(final DaemonPlan daemon, final long epoch) throws IOException {
                final Process process = starter.start();
                standbys.put(daemon.slot(), process);
                return process;
            }
        };
    }

    /** What the next root makes of this tree, whose root is dead from now on. */
    private LoopTree(final LoopTree dead, final SimulatedSystem os, final boolean stopping) {
        this.folder = dead.folder;
        this.board = dead.board;
        this.mailbox = dead.mailbox;
        this.arenas = dead.arenas;
        this.nowNs = dead.nowNs;
        this.processes.putAll(dead.processes);
        this.standbys.putAll(dead.standbys);
        this.daemons = new DaemonSlot[dead.daemons.length];
        final RootBells bells = RootBells.create(os, folder, daemons.length + 1);
        final Spawner spawner = spawner(os::start);
        final OutOfMemoryKills outOfMemoryKills =
                OutOfMemoryKills.of(List.of(folder.resolve("memory.events")), nowNs);
        board.root(2, 14, board.reader().rootEpoch() + 1, 0);
        for (int i = 0; i < daemons.length; i++) {
            final DaemonPlan plan = dead.daemons[i].plan();
            final ArenaKeeper arena = new ArenaKeeper(os, plan, arenaFile(folder, plan));
            daemons[i] =
                    new DaemonSlot(
                            plan,
                            arena,
                            Remains.lastEpoch(board.reader(), plan.slot(), arena),
                            board,
                            bells,
                            os,
                            os.waitPoint,
                            spawner,
                            new DeathNotes(folder.resolve("crash"), folder.resolve("log")),
                            outOfMemoryKills,
                            new Randomness(i));
        }
        for (final DaemonSlot daemon : daemons) {
            daemon.adopt(new Remains(board.reader(), daemon.slot(), stopping), nowNs);
        }
        this.chaos = new Chaos(daemons, board, os, os.parentPid);
        this.loop =
                new RootLoop(
                        daemons,
                        new Groups(board.reader().plan().groups(), daemons),
                        board,
                        MailboxReader.create(os, folder),
                        os.waitPoint,
                        chaos,
                        Reload.NONE,
                        nowNs);
        if (stopping) {
            loop.requestStop();
        }
    }

    /**
     * Returns the tree under its next root.
     *
     * @param stopping whether a stop that was under way goes on
     */
    LoopTree adopted(final SimulatedSystem os, final boolean stopping) {
        return new LoopTree(this, os, stopping);
    }

    /** Starts a process. */
    @FunctionalInterface
    interface Starter {
        Process start() throws IOException;
    }

    static LoopTree simulated(
            final Path folder, final SimulatedSystem os, final DaemonPlan... plans) {
        return new LoopTree(folder, os, os.waitPoint, os::start, 0, 0, plans);
    }

    static DaemonPlan daemon(
            final int slot,
            final boolean significant,
            final List<Integer> after,
            final PoolPlan... pools) {
        return new DaemonPlan(
                "daemon" + slot,
                slot,
                "io.coppice.Main",
                256 * 1024,
                4096,
                "",
                after,
                List.of(),
                significant,
                OnCrash.RESUME,
                OnRootLoss.CONTINUE,
                new RestartPlan(
                        RestartPolicy.ON_FAILURE,
                        SECOND_NS / 20,
                        10 * SECOND_NS,
                        LIMIT,
                        60 * SECOND_NS,
                        10 * SECOND_NS,
                        RECOVERY_LIMIT),
                3 * SECOND_NS,
                5 * SECOND_NS,
                START_TIMEOUT_NS,
                STOP_TIMEOUT_NS,
                0,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(pools),
                0);
    }

    /** Returns a plan with a standby, and a policy. */
    static DaemonPlan withStandby(final DaemonPlan plan, final RestartPolicy policy) {
        final RestartPlan restart = plan.restart();
        return new DaemonPlan(
                plan.name(),
                plan.slot(),
                plan.mainClass(),
                plan.memoryBytes(),
                plan.journalBytes(),
                plan.stateFolder(),
                plan.after(),
                plan.readers(),
                plan.significant(),
                plan.onCrash(),
                plan.onRootLoss(),
                new RestartPlan(
                        policy,
                        restart.backoffMinNs(),
                        restart.backoffMaxNs(),
                        restart.limit(),
                        restart.withinNs(),
                        restart.stableAfterNs(),
                        restart.recoveryLimit()),
                plan.dumpAfterNs(),
                plan.killAfterNs(),
                plan.startTimeoutNs(),
                plan.stopTimeoutNs(),
                plan.spinNs(),
                plan.capacities(),
                plan.settings(),
                plan.command(),
                plan.pools(),
                1);
    }

    private static Path arenaFile(final Path folder, final DaemonPlan plan) {
        return (plan.isOnDisk() ? Path.of(plan.stateFolder()) : folder).resolve(plan.arenaFile());
    }

    /** Returns a plan with another limit of failed recoveries, and another place of its arena. */
    static DaemonPlan recovering(
            final DaemonPlan plan, final int recoveryLimit, final String stateFolder) {
        final RestartPlan restart = plan.restart();
        return new DaemonPlan(
                plan.name(),
                plan.slot(),
                plan.mainClass(),
                plan.memoryBytes(),
                plan.journalBytes(),
                stateFolder,
                plan.after(),
                plan.readers(),
                plan.significant(),
                plan.onCrash(),
                plan.onRootLoss(),
                new RestartPlan(
                        restart.policy(),
                        restart.backoffMinNs(),
                        restart.backoffMaxNs(),
                        restart.limit(),
                        restart.withinNs(),
                        restart.stableAfterNs(),
                        recoveryLimit),
                plan.dumpAfterNs(),
                plan.killAfterNs(),
                plan.startTimeoutNs(),
                plan.stopTimeoutNs(),
                plan.spinNs(),
                plan.capacities(),
                plan.settings(),
                plan.command(),
                plan.pools(),
                plan.standby());
    }

    /** Maps the file that has the name of a daemon's arena now. */
    Memory mapAnew(final int slot) {
        arenas[slot - 1] = MappedFile.writable(arenaFile(folder, daemons[slot - 1].plan()));
        return arenas[slot - 1];
    }

    /** One turn, some time after the last. */
    void turn(final long laterNs) {
        nowNs += laterNs;
        loop.turn(nowNs);
    }

    void turn() {
        turn(SECOND_NS / 10);
    }

    /** Turns as a root does that is let run, for so long, while every heart beats. */
    void turnFor(final long ns) {
        final long untilNs = nowNs + ns;
        while (nowNs < untilNs) {
            for (final DaemonSlot daemon : daemons) {
                beat(daemon.slot());
            }
            turn(Math.min(SECOND_NS / 10, untilNs - nowNs));
        }
    }

    /** Has a daemon say that it is ready. */
    void sayReady(final int slot) {
        arenas[slot - 1].putLongRelease(ArenaLayout.READY, daemons[slot - 1].epoch());
    }

    void beat(final int slot) {
        final Memory arena = arenas[slot - 1];
        arena.putLong(ArenaLayout.HEARTBEAT, arena.getLong(ArenaLayout.HEARTBEAT) + 1);
    }

    /** Turns until every daemon is ready. */
    void startAll() {
        for (int i = 0; i < 2 * daemons.length; i++) {
            turn();
            for (final DaemonSlot daemon : daemons) {
                if (daemon.state() == DaemonState.STARTING) {
                    sayReady(daemon.slot());
                }
            }
        }
        turn(1);
    }

    void die(final int slot, final int status) {
        ((SimulatedSystem.SimulatedProcess) processes.get(slot)).die(status);
    }

    /** Has a daemon's standby say that it is warm. */
    void sayWarm(final int slot) {
        arenas[slot - 1].putLongRelease(
                ArenaLayout.WARM, board.reader().word(slot, BoardWord.STANDBY_EPOCH));
    }

    /** Ends the standby that was started last. */
    void dieStandby(final int slot, final int status) {
        standby(slot).die(status);
    }

    /** From now on the standby that was started last dies as the daemon. */
    void adoptStandby(final int slot) {
        processes.put(slot, standbys.get(slot));
    }

    /** Returns the standby that was started last. */
    SimulatedSystem.SimulatedProcess standby(final int slot) {
        return (SimulatedSystem.SimulatedProcess) standbys.get(slot);
    }

    /** Has a daemon say that its work is done, and end. */
    void finish(final int slot) {
        arenas[slot - 1].putLongRelease(ArenaLayout.FINISHED, daemons[slot - 1].epoch());
        die(slot, 0);
    }

    boolean isAskedToStop(final int slot) {
        final DaemonSlot daemon = daemons[slot - 1];
        return board.reader().word(slot, BoardWord.STOP_EPOCH) == daemon.epoch();
    }

    DaemonState state(final int slot) {
        return board.reader().state(slot);
    }

    TreeState treeState() {
        return board.reader().treeState();
    }

    /** Posts a command, turns once and returns the answer. */
    Answer ask(final Command command, final int daemon, final long... arguments) {
        final long[] request = mailbox.post(command, daemon, arguments);
        turn(1);
        final long word = board.reader().answer((int) request[0]);
        if (!Answer.isFor(word, request[1])) {
            throw new AssertionError("request " + request[1] + " was not answered");
        }
        return Answer.of(word);
    }
}
