package io.coppice.daemon;

import io.coppice.log.LogLines;
import io.coppice.log.TreeLog;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.Board;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.TreePlan;
import java.nio.file.Path;

/**
 * A daemon from the moment before it has the arena until it has nothing more to do. A standby
 * rehearses these very lines on memory of its own (see {@link StandbyRehearsal}), so that they are
 * linked and compiled when its turn comes. For the main thread.
 */
final class Incarnation {
    /** How many of a daemon's newest log lines its arena keeps. */
    private static final int LOG_LINES = 64;

    private final boolean logged;
    private final DaemonPlan plan;
    private final long epoch;
    private final Daemon daemon;
    private final Memory memory;
    private final Bells bells;
    private final OrderlyEnd end;
    private final IdleSpin spin;
    private final Arena arena;
    private final DaemonContext context;

    /** What an incarnation is told by root, and needs of the system. */
    record Place(
            TreePlan tree,
            DaemonPlan plan,
            Path runDirectory,
            Board board,
            Bells bells,
            OrderlyEnd end) {
        /** Returns the same place for an arena of another shape. */
        Place with(final DaemonPlan otherPlan) {
            return new Place(tree, otherPlan, runDirectory, board, bells, end);
        }
    }

    /**
     * Makes all that can be made while another process has the arena, and stores nothing into it.
     *
     * @param logged whether lines of the log go to the arena
     */
    Incarnation(
            final Place place,
            final Memory memory,
            final long epoch,
            final Daemon daemon,
            final boolean logged) {
        this.logged = logged;
        this.plan = place.plan();
        this.epoch = epoch;
        this.daemon = daemon;
        this.memory = memory;
        this.bells = place.bells();
        this.end = place.end();
        this.spin = new IdleSpin(plan.spinNs());
        this.arena = Arena.prepare(memory, plan);
        this.context =
                new DaemonContext(
                        place.tree(),
                        plan,
                        place.runDirectory(),
                        arena,
                        place.board(),
                        bells,
                        epoch);
    }

    /**
     * Returns the name of a process in log lines; without what links method handles at first use.
     */
    static String processName(final DaemonPlan plan, final long epoch) {
        return plan.name().concat("/").concat(Long.toString(epoch));
    }

    /** Makes an object of the user's class. */
    static Daemon instance(final String className) throws ReflectiveOperationException {
        return Class.forName(className)
                .asSubclass(Daemon.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    DaemonContext context() {
        return context;
    }

    /**
     * Waits for its turn, opens and serves. All of a takeover is below this call, so that a
     * rehearsal has been through every line of it.
     *
     * @return false where its turn never comes
     */
    boolean takeOver(final Succession succession) throws Exception {
        if (!succession.awaitTurn()) {
            return false;
        }
        open();
        if (goesOn()) {
            cycle();
        }
        succession.settle();
        serve();
        return true;
    }

    /**
     * Takes the arena, which nobody else stores into from now on, brings it to the last commit, has
     * the user's daemon open, and says that it is ready.
     */
    void open() throws Exception {
        arena.own(OwnerWord.of(plan.slot(), epoch));
        arena.migrateWith(daemon);
        Recovery.run(plan, epoch, daemon, arena, context);
        final LogLines lines = LogLines.open(arena, LOG_LINES);
        TreeLog.attach(logged ? lines : null, processName(plan, epoch));
        daemon.open(context);
        arena.seal();
        memory.putLongRelease(ArenaLayout.READY, epoch);
        end.begin();
    }

    /** Runs duty cycles until the work is done or someone asks for the end. */
    void serve() throws Exception {
        while (goesOn()) {
            cycle();
        }
    }

    private boolean goesOn() {
        return !context.isFinished() && !context.isEndRequested() && !end.isAsked();
    }

    private void cycle() throws Exception {
        final int seen = bells.sequence(plan.slot());
        memory.putLongRelease(ArenaLayout.HEARTBEAT, memory.getLong(ArenaLayout.HEARTBEAT) + 1);
        if (daemon.doWork() > 0) {
            spin.onWork();
        } else if (spin.isOver(System.nanoTime())) {
            bells.await(plan.slot(), seen, context.idleNs());
        } else {
            Thread.onSpinWait();
        }
    }

    /** Closes what the daemon has open, its workers too. */
    void close() throws Exception {
        daemon.onClose();
        arena.close();
        for (final TransactionPool pool : context.pools()) {
            pool.close();
        }
        if (context.isFinished()) {
            memory.putLongRelease(ArenaLayout.FINISHED, epoch);
        }
    }
}
