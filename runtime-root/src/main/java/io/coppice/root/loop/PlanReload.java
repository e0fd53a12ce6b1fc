package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Puts another plan under the tree that runs: root checks it, makes room for it, stops what it
 * changes, and begins anew by {@code execve(2)} with that plan in place of the one it was started
 * with. The root that comes of it has the same pid and start time and adopts what lives, as any
 * root does that finds a tree; see {@link EarlierTree}.
 *
 * <p>Ordering. Everything that can be refused is tried before anything is stopped, but for the
 * sizes of arenas, which change when nobody has them, and are changed back where one is refused. Up
 * to the last call this root can go on with its own plan, and does where anything fails. A root
 * that is killed on the way leaves daemons stopped that the next one starts; arenas of daemons that
 * its plan does not have, which stay until {@code coppice clean}; and arenas of another size than
 * its plan says, which it makes fit. The plan is on the board when the new root has ended what the
 * old plan alone had: one that dies before that leaves the old plan.
 *
 * <p>For root's thread. A turn in which nothing is under way allocates nothing.
 */
final class PlanReload implements Reload {
    private final RunDirectory directory;
    private final OperatingSystem os;
    private final BoardWriter board;
    private final DaemonSlot[] daemons;
    private final int[] startOrder;
    private final Path ownPlanFile;
    private final boolean done;
    private final ReloadCommandProcess command;
    private final Set<DaemonSlot> stopping = new HashSet<>();
    private BooleanSupplier stopRequested = () -> false;
    private TreePlan next;
    private Path draft;
    private ArenaChanges arenas;
    private int mailSlot;
    private long request;

    /**
     * @param ownPlanFile that this root was started with, and is started with again
     * @param done whether this root is what an earlier reload has begun anew
     */
    PlanReload(
            final RunDirectory directory,
            final OperatingSystem os,
            final BoardWriter board,
            final DaemonSlot[] daemons,
            final Path ownPlanFile,
            final boolean done) {
        this.directory = directory;
        this.os = os;
        this.board = board;
        this.daemons = daemons;
        this.startOrder = StartOrder.of(daemons);
        this.ownPlanFile = ownPlanFile;
        this.done = done;
        this.command = new ReloadCommandProcess(directory.path(), board.reader().plan().name());
    }

    /** Asks for a reload with the manifest as it is now; from any thread, before the doorbell. */
    void request() {
        command.request();
    }

    /** Has a stop of the tree that was asked for count up to the last moment. */
    void heed(final BooleanSupplier stop) {
        stopRequested = stop;
    }

    @Override
    public boolean isUnderWay() {
        return next != null;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public Answer begin(final long writer, final int slot, final long number) {
        final Path file = directory.planOf(writer);
        if (writer < 1 || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Answer.UNKNOWN;
        }
        if (next != null) {
            return Answer.WRONG_STATE;
        }
        try {
            // Of the board, as the command line has it: an upgrade changes the plan that counts.
            final TreePlan plan = board.reader().plan();
            final TreePlan wanted = read(file, plan);
            final PlanDifference difference = new PlanDifference(plan, wanted);
            RootStep.RELOAD_CHECKED.reached();
            arenas = new ArenaChanges(os, directory.path(), plan, wanted, difference);
            arenas.make();
            RootStep.RELOAD_ARENAS_MADE.reached();
            for (final DaemonSlot daemon : daemons) {
                if (!difference.keeps(daemon.plan().name())) {
                    stopping.add(daemon);
                }
            }
            System.err.println("root: reload: " + difference.inWords());
            next = wanted;
            draft = file;
            mailSlot = slot;
            request = number;
            return Answer.ACCEPTED;
        } catch (final IOException | RuntimeException refused) {
            System.err.println("root: reload refused: " + message(refused));
            return Answer.REFUSED;
        }
    }

    private TreePlan read(final Path file, final TreePlan plan) throws IOException {
        if (Files.size(file) > board.reader().planRoom()) {
            throw new StartException(
                    "the plan needs more room than there is on the board; \"coppice stop\", then \"coppice run\"");
        }
        final TreePlan wanted = PlanCodec.decode(Files.readAllBytes(file));
        final Set<Integer> slots = new HashSet<>();
        for (final DaemonPlan daemon : wanted.daemons()) {
            final DaemonPlan earlier = plan.daemon(daemon.name());
            if (daemon.slot() < 1
                    || !slots.add(daemon.slot())
                    || earlier != null && earlier.slot() != daemon.slot()) {
                throw new StartException("the plan gives " + daemon.name() + " a wrong slot");
            }
        }
        if (!wanted.name().equals(plan.name()) || !BoardWriter.hasRoom(board.reader(), wanted)) {
            throw new StartException("the plan is not one for the board of this tree");
        }
        return wanted;
    }

    @Override
    public void step(final long nowNs) {
        if (next == null) {
            command.step();
            return;
        }
        if (!allStopped(nowNs) || command.isAlive()) {
            return;
        }
        RootStep.RELOAD_STOPPED.reached();
        if (command.isRequested()) {
            System.err.println(
                    "root: SIGHUP came during a reload and is forgotten; send it again where the manifest has changed since");
        }
        try {
            arenas.fit();
            RootStep.RELOAD_ARENAS_FITTED.reached();
            Files.move(draft, ownPlanFile, StandardCopyOption.REPLACE_EXISTING);
            RootStep.RELOAD_PLAN_PLACED.reached();
            if (stopRequested.getAsBoolean()) {
                // Asked for in this very turn: the root that is begun anew would not know.
                arenas.undo();
                remove(ownPlanFile);
                abandon();
                return;
            }
            os.beginAnew();
        } catch (final IOException | RuntimeException refused) {
            System.err.println(
                    "root: reload failed, the tree goes on as it was: " + message(refused));
            goOn(nowNs);
        }
    }

    /**
     * Asks those concerned to stop, the last started first; returns whether all of them are down.
     */
    private boolean allStopped(final long nowNs) {
        for (int i = startOrder.length - 1; i >= 0; i--) {
            final DaemonSlot daemon = daemons[startOrder[i]];
            if (stopping.contains(daemon)) {
                if (daemon.isEnding()) {
                    return false;
                }
                daemon.on(DaemonEvent.STOP, nowNs);
                if (daemon.state() != DaemonState.DONE) {
                    return false;
                }
            }
        }
        return true;
    }

    private void goOn(final long nowNs) {
        arenas.undo();
        remove(ownPlanFile);
        for (final DaemonSlot daemon : stopping) {
            if (!daemon.isFinished()) {
                daemon.on(DaemonEvent.RESTART, nowNs);
            }
        }
        forget();
    }

    @Override
    public void abandon() {
        if (next != null) {
            System.err.println("root: reload abandoned: the tree stops");
            forget();
        }
    }

    private void forget() {
        remove(draft);
        board.answer(mailSlot, Answer.REFUSED.word(request));
        stopping.clear();
        arenas = null;
        next = null;
    }

    private static void remove(final Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException kept) {
            System.err.println("root: " + file + " could not be removed: " + kept.getMessage());
        }
    }

    private static String message(final Exception refused) {
        return refused instanceof StartException ? refused.getMessage() : refused.toString();
    }
}
