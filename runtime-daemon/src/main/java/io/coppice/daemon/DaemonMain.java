package io.coppice.daemon;

import io.coppice.log.LogLines;
import io.coppice.log.TreeLog;
import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.os.ProcessRecord;
import io.coppice.os.Signals;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.DamagedArenaException;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.pool.plan.TreePlan;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of one daemon.
 *
 * <ol>
 *   <li>It maps the board and waits until root has put its pid there; before that it writes
 *       nothing, so a process whose root died while spawning it leaves no trace.
 *   <li>A standby rehearses what comes next and waits for its turn; see {@link Succession}.
 *   <li>It certifies that the workers of the last incarnation are dead and brings the arena to the
 *       last commit.
 *   <li>It has the user's daemon open, ends the layout, and says that it is ready.
 *   <li>It runs duty cycles; without work it sleeps on its bell.
 *   <li>When root asks, or the work is done, it closes.
 * </ol>
 */
public final class DaemonMain {
    /** How long to wait for root to put this process on the board, in nanoseconds. */
    private static final long ENROL_NS = 30_000_000_000L;

    private static final long ENROL_POLL_NS = 200_000;

    /** How many of a daemon's newest log lines its arena keeps. */
    static final int LOG_LINES = 64;

    /** Which argument is there for a standby alone. */
    private static final int STANDBY_ARGUMENT = 4;

    private final TreePlan tree;
    private final DaemonPlan plan;
    private final Path runDirectory;
    private final Board board;
    private final Bells bells;
    private final long epoch;
    private final OrderlyEnd end;
    private boolean prepared;

    private DaemonMain(final Path runDirectory, final int slot, final long epoch) {
        this.runDirectory = runDirectory;
        this.board = Board.open(runDirectory);
        this.tree = board.plan(slot, epoch);
        this.plan = tree.daemon(slot);
        this.bells = Bells.open(OperatingSystem.current(), runDirectory);
        this.epoch = epoch;
        this.end = new OrderlyEnd(Thread.currentThread(), bells, slot);
    }

    /**
     * Returns the name of a process in log lines; without what links method handles at first use.
     */
    static String processName(final DaemonPlan plan, final long epoch) {
        return plan.name().concat("/").concat(Long.toString(epoch));
    }

    /** What a daemon needs of the system to serve; a standby has it before its turn. */
    private void prepare() {
        prepared = true;
        Runtime.getRuntime().addShutdownHook(end);
    }

    /**
     * Runs a daemon.
     *
     * @param args run directory, slot, epoch, pid of root; {@code standby} where it is one
     */
    public static void main(final String[] args) {
        int status = ExitCodes.FAILED;
        try {
            final Thread session = beginSession();
            final DaemonMain main =
                    new DaemonMain(
                            Path.of(args[0]), Integer.parseInt(args[1]), Long.parseLong(args[2]));
            status = main.run(session, Long.parseLong(args[3]), args.length > STANDBY_ARGUMENT);
        } catch (final OutOfMemoryError exhausted) {
            status = ExitCodes.OUT_OF_MEMORY;
        } catch (final DoNotRestartException hopeless) {
            status = ExitCodes.DO_NOT_RESTART;
            System.err.println(hopeless.getMessage());
        } catch (final DamagedArenaException damaged) {
            // Once it was ready root takes it for any other end.
            status = ExitCodes.RECOVERY_FAILED;
            System.err.println(damaged.getMessage());
        } catch (final ArenaException | OsException | PoolException told) {
            // Written for the operator: the message says it all.
            System.err.println(told.getMessage());
        } catch (final Throwable failure) {
            failure.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    /**
     * Leaves root's process group, so that a signal to all that is below this process reaches no
     * one else. In a thread of its own: the first native call takes 20 ms, in which the main thread
     * has other things to do.
     */
    private static Thread beginSession() {
        final Thread thread =
                new Thread(
                        () -> {
                            if (!leadsSession()) {
                                OperatingSystem.current().newSession();
                            }
                        },
                        "session");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Root has mostly seen to it; to look costs far less than the first native call. */
    private static boolean leadsSession() {
        final long pid = ProcessHandle.current().pid();
        final ProcessRecord self = OperatingSystem.current().processTree().process(pid);
        return self != null && self.session() == pid;
    }

    private int run(final Thread session, final long rootPid, final boolean standby)
            throws Exception {
        if (plan.onRootLoss() == OnRootLoss.STOP
                && !OperatingSystem.current().dieWithParent(Signals.TERM, rootPid)) {
            return ExitCodes.ORPHANED;
        }
        if (!isEnrolled(standby)) {
            return ExitCodes.ORPHANED;
        }
        final Memory memory = map();
        // The user's first line comes after this.
        session.join();
        final Succession succession =
                Succession.of(OperatingSystem.current(), plan, memory, board, epoch);
        if (standby) {
            new StandbyRehearsal(tree, plan, runDirectory, board, bells).run();
            StandbyRehearsal.touch(memory);
            prepare();
            if (!succession.awaitTurn()) {
                return ExitCodes.FINISHED;
            }
        } else {
            succession.begin();
        }
        try {
            return incarnate(memory, succession);
        } catch (final DoNotRestartException hopeless) {
            succession.endLine();
            throw hopeless;
        }
    }

    private int incarnate(final Memory memory, final Succession succession) throws Exception {
        final Arena arena = Arena.attach(memory, plan, OwnerWord.of(plan.slot(), epoch));
        final DaemonContext context =
                new DaemonContext(tree, plan, runDirectory, arena, board, bells, epoch);
        final Daemon daemon = StandbyRehearsal.instance(plan.mainClass());
        arena.migrateWith(daemon);
        Recovery.run(plan, epoch, daemon, arena, context);
        TreeLog.attach(LogLines.open(arena, LOG_LINES), processName(plan, epoch));
        daemon.open(context);
        arena.seal();
        memory.putLongRelease(ArenaLayout.READY, epoch);
        if (!prepared) {
            prepare();
        }
        end.begin();
        serve(daemon, context, memory);
        daemon.onClose();
        arena.close();
        for (final TransactionPool pool : context.pools()) {
            pool.close();
        }
        if (context.isFinished()) {
            memory.putLongRelease(ArenaLayout.FINISHED, epoch);
        }
        if (context.isStopRequested()
                || context.isFinished() && plan.restart().policy() != RestartPolicy.ALWAYS) {
            succession.endLine();
        }
        // Lines of other threads go to the log file alone from here on.
        TreeLog.attach(null, processName(plan, epoch));
        succession.handOver();
        return ExitCodes.FINISHED;
    }

    private Memory map() {
        try {
            return MappedFile.writable(runDirectory.resolve(plan.arenaFile()));
        } catch (final ArenaException gone) {
            throw new DamagedArenaException(gone.getMessage(), gone);
        }
    }

    private void serve(final Daemon daemon, final DaemonContext context, final Memory memory)
            throws Exception {
        long heartbeat = memory.getLong(ArenaLayout.HEARTBEAT);
        final IdleSpin spin = new IdleSpin(plan.spinNs());
        while (!context.isFinished() && !context.isEndRequested() && !end.isAsked()) {
            final int seen = bells.sequence(plan.slot());
            memory.putLongRelease(ArenaLayout.HEARTBEAT, ++heartbeat);
            if (daemon.doWork() > 0) {
                spin.onWork();
            } else if (spin.isOver(System.nanoTime())) {
                bells.await(plan.slot(), seen, context.idleNs());
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private boolean isEnrolled(final boolean standby) {
        final long pid = ProcessHandle.current().pid();
        final long start = System.nanoTime();
        // A standby may be the daemon before it has looked for the first time.
        while (!isOnBoard(BoardWord.EPOCH, BoardWord.PID, pid)
                && !(standby && isOnBoard(BoardWord.STANDBY_EPOCH, BoardWord.STANDBY_PID, pid))) {
            // A later epoch than that before the spawn: root died meanwhile and the next one went
            // on.
            if (board.word(plan.slot(), BoardWord.EPOCH) > epoch
                    || System.nanoTime() - start > ENROL_NS) {
                return false;
            }
            LockSupport.parkNanos(ENROL_POLL_NS);
        }
        return true;
    }

    private boolean isOnBoard(final BoardWord epochWord, final BoardWord pidWord, final long pid) {
        return board.word(plan.slot(), epochWord) == epoch
                && board.word(plan.slot(), pidWord) == pid;
    }
}
