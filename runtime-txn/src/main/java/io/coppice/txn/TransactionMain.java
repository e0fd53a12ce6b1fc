package io.coppice.txn;

import io.coppice.log.TreeLog;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.ExitCodes;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of one transaction worker.
 *
 * <ol>
 *   <li>It arms the parent-death signal and checks that its daemon still lives.
 *   <li>It maps the board and its daemon's arena, and waits until the daemon has put its pid into
 *       its slot; before that it writes nothing, so a worker whose daemon died while spawning it
 *       leaves no trace.
 *   <li>It makes the transaction object and says that it is idle.
 *   <li>It parks on its bell, runs what it is assigned, and parks again, until it is killed.
 * </ol>
 */
public final class TransactionMain {
    /** How long a worker looks for work before it parks, in nanoseconds. */
    private static final long SPIN_NS = 20_000;

    /** How long it parks at most before it looks again, in nanoseconds. */
    private static final long PARK_NS = 1_000_000_000L;

    /** How long it waits to be put into its slot, in nanoseconds. */
    private static final long ENROL_NS = 30_000_000_000L;

    private static final long ENROL_POLL_NS = 200_000;

    private TransactionMain() {}

    /**
     * Runs a worker.
     *
     * @param args run directory, slot of the daemon, name of the pool, number of the worker, epoch
     *     of the worker, pid of the daemon
     */
    public static void main(final String[] args) {
        int status = ExitCodes.FAILED;
        try {
            status =
                    serve(
                            Path.of(args[0]),
                            Integer.parseInt(args[1]),
                            args[2],
                            Integer.parseInt(args[3]),
                            Long.parseLong(args[4]),
                            Long.parseLong(args[5]));
        } catch (final OutOfMemoryError exhausted) {
            status = ExitCodes.OUT_OF_MEMORY;
        } catch (final ArenaException told) {
            // Written for the operator: the message says it all.
            System.err.println(told.getMessage());
        } catch (final Throwable failure) {
            failure.printStackTrace();
        } finally {
            // Not exit(): nothing that user code left behind may keep a finished worker from
            // ending.
            Runtime.getRuntime().halt(status);
        }
    }

    private static int serve(
            final Path runDirectory,
            final int daemonSlot,
            final String poolName,
            final int worker,
            final long epoch,
            final long daemonPid)
            throws Exception {
        final OperatingSystem os = OperatingSystem.current();
        os.newSession();
        if (!os.dieWithParent(Signals.KILL, daemonPid)) {
            return ExitCodes.ORPHANED;
        }
        final DaemonPlan daemon = Board.open(runDirectory).plan().daemon(daemonSlot);
        final PoolPlan pool =
                daemon.pools().stream()
                        .filter(each -> each.name().equals(poolName))
                        .findFirst()
                        .orElseThrow();
        final Memory arena = MappedFile.writable(runDirectory.resolve(daemon.arenaFile()));
        final Bells bells = Bells.open(os, runDirectory);
        final WorkerSlot slot =
                new WorkerSlot(arena, ArenaPlan.pool(daemon, poolName), pool, worker, epoch);
        if (!isEnrolled(slot)) {
            return ExitCodes.ORPHANED;
        }
        TreeLog.attach(null, daemon.name() + "/" + poolName + "/" + worker + "/" + epoch);
        final TransactionStructures structures =
                new TransactionStructures(
                        daemon.name(),
                        arena,
                        slot.journal(),
                        ArenaPlan.process(daemon, poolName, worker),
                        OwnerWord.of(pool.firstSlot() + worker, epoch));
        final TransactionContext context =
                new TransactionContext(
                        daemon, arena, structures, slot.replyOffset(), pool.replyBytes());
        final Transaction transaction =
                Class.forName(pool.className())
                        .asSubclass(Transaction.class)
                        .getDeclaredConstructor()
                        .newInstance();
        transaction.open(context);
        slot.idle();
        bells.ring(daemonSlot);
        boolean sound = true;
        while (sound) {
            awaitWork(slot, bells, pool.firstSlot() + worker);
            sound = run(transaction, context, slot);
            bells.ring(daemonSlot);
        }
        return ExitCodes.FINISHED;
    }

    /**
     * Runs one task; returns false where this process is not to be trusted with another. An {@link
     * Error}, a stack overflow say, may have hit a class initialiser and broken that class for
     * good.
     */
    static boolean run(
            final Transaction transaction,
            final TransactionContext context,
            final WorkerSlot slot) {
        slot.running(context);
        try {
            transaction.run(context);
            slot.commit(context.replyLength());
            return true;
        } catch (final OutOfMemoryError exhausted) {
            // Raised by library code rather than by the JVM, which would have ended the process
            // itself.
            throw exhausted;
        } catch (final Throwable failure) {
            slot.fail(describe(failure));
            return !(failure instanceof Error) && !(failure.getCause() instanceof Error);
        } finally {
            context.end();
        }
    }

    private static String describe(final Throwable failure) {
        final String message = failure.getMessage();
        if (failure instanceof TransactionFailedException) {
            return String.valueOf(message);
        }
        final String name = failure.getClass().getName();
        return message == null ? name : name + ": " + message;
    }

    private static boolean isEnrolled(final WorkerSlot slot) {
        final long pid = ProcessHandle.current().pid();
        final long start = System.nanoTime();
        while (!slot.isMine(pid)) {
            if (System.nanoTime() - start > ENROL_NS) {
                return false;
            }
            LockSupport.parkNanos(ENROL_POLL_NS);
        }
        return true;
    }

    private static void awaitWork(final WorkerSlot slot, final Bells bells, final int bell) {
        final long start = System.nanoTime();
        while (!slot.isAssigned()) {
            if (System.nanoTime() - start < SPIN_NS) {
                Thread.onSpinWait();
            } else {
                final int seen = bells.sequence(bell);
                if (!slot.isAssigned()) {
                    bells.await(bell, seen, PARK_NS);
                }
            }
        }
    }
}
