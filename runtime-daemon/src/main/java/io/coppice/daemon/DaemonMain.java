package io.coppice.daemon;

import io.coppice.log.TreeLog;
import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.os.ProcessRecord;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaException;
import io.coppice.pool.DamagedArenaException;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
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

    /** Which argument is there for a standby alone. */
    private static final int STANDBY_ARGUMENT = 4;

    private final TreePlan tree;
    private final DaemonPlan plan;
    private final Path runDirectory;
    private final Board board;
    private final Bells bells;
    private final long epoch;
    private final OrderlyEnd end;

    private DaemonMain(final Path runDirectory, final int slot, final long epoch) {
        this.runDirectory = runDirectory;
        this.board = Board.open(runDirectory);
        this.tree = board.plan(slot, epoch);
        this.plan = tree.daemon(slot);
        this.bells = Bells.open(OperatingSystem.current(), runDirectory);
        this.epoch = epoch;
        this.end = new OrderlyEnd(Thread.currentThread(), bells, slot);
    }

    /** What a daemon needs of the system to serve; a standby has it before its turn. */
    private void prepare() {
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
        final Incarnation.Place place =
                new Incarnation.Place(tree, plan, runDirectory, board, bells, end);
        if (standby) {
            new StandbyRehearsal(place).run();
            StandbyRehearsal.touch(memory);
            prepare();
        }
        // After the rehearsal, which has the kernel look at a mutex of its own.
        final Succession succession =
                Succession.of(OperatingSystem.current(), plan, memory, board, epoch);
        final Incarnation incarnation =
                new Incarnation(place, memory, epoch, Incarnation.instance(plan.mainClass()), true);
        try {
            if (!standby) {
                begin(incarnation, succession);
            } else if (!incarnation.takeOver(succession)) {
                return ExitCodes.FINISHED;
            }
            return close(incarnation, succession);
        } catch (final DoNotRestartException hopeless) {
            succession.endLine();
            throw hopeless;
        }
    }

    private void begin(final Incarnation incarnation, final Succession succession)
            throws Exception {
        succession.begin();
        incarnation.open();
        prepare();
        incarnation.serve();
    }

    private int close(final Incarnation incarnation, final Succession succession) throws Exception {
        incarnation.close();
        final DaemonContext context = incarnation.context();
        if (context.isStopRequested()
                || context.isFinished() && plan.restart().policy() != RestartPolicy.ALWAYS) {
            succession.endLine();
        }
        // Lines of other threads go to the log file alone from here on.
        TreeLog.attach(null, Incarnation.processName(plan, epoch));
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
