package io.coppice.root.loop;

import io.coppice.os.WaitPoint;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.MailboxLayout;
import io.coppice.pool.board.MailboxReader;
import io.coppice.pool.board.TreeState;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Root's loop. Each turn: deaths, commands, the daemons in order, the tree as a whole, chaos; then
 * one wait with a deadline. A turn allocates nothing while nothing happens. A turn that throws is
 * counted, and the loop goes on.
 */
final class RootLoop {
    /** How long to wait while some daemon starts and its word is looked for, in nanoseconds. */
    static final long STARTING_WAIT_NS = 500_000;

    /**
     * How long to wait at most, in nanoseconds: hearts are listened to, and commands looked for, at
     * least this often.
     */
    static final long WAIT_NS_MAX = 100_000_000L;

    /** What a turn may count for a silent heart, in nanoseconds. */
    private static final long TURN_NS_MAX = 2 * WAIT_NS_MAX;

    /** How long to wait after a turn that failed, in nanoseconds. */
    private static final long FAILED_WAIT_NS = 10_000_000L;

    /** Turns in a row that may throw before root gives up. */
    private static final int FAILED_TURNS_MAX = 1000;

    private final DaemonSlot[] daemons;
    private final Rows rows;
    private final Groups groups;
    private final int[] startOrder;
    private final BoardWriter board;
    private final MailboxReader mailbox;
    private final WaitPoint waitPoint;
    private final Chaos chaos;
    private final Reload reload;
    private final long[] answered = new long[MailboxLayout.SLOTS];
    private final long startedNs;
    private volatile boolean stopRequested;
    private TreeState treeState = TreeState.STARTING;
    private TreeState endState = TreeState.STOPPED;
    private boolean allReady;
    private long lastTurnNs;
    private int failedTurns;

    RootLoop(
            final DaemonSlot[] daemons,
            final Groups groups,
            final BoardWriter board,
            final MailboxReader mailbox,
            final WaitPoint waitPoint,
            final Chaos chaos,
            final Reload reload,
            final long startedNs) {
        this.daemons = daemons;
        this.groups = groups;
        this.rows = new Rows(daemons);
        this.startOrder = StartOrder.of(daemons);
        this.board = board;
        this.mailbox = mailbox;
        this.waitPoint = waitPoint;
        this.chaos = chaos;
        this.reload = reload;
        this.startedNs = startedNs;
        this.lastTurnNs = startedNs;
        passOverOldRequests();
        board.treeState(treeState);
    }

    /**
     * What nobody was there to answer is not carried out long after it was asked for; but what was
     * asked while root began anew for a reload is.
     */
    private void passOverOldRequests() {
        mailbox.load();
        for (int slot = 0; slot < answered.length; slot++) {
            final long request = mailbox.request(slot);
            if (Answer.isFor(board.reader().answer(slot), request)) {
                answered[slot] = request;
            } else if (request != 0 && !reload.isDone()) {
                answered[slot] = request;
                board.answer(slot, Answer.UNKNOWN.word(request));
            }
        }
    }

    /** Runs until the tree has ended; returns how. */
    TreeState run() {
        while (true) {
            try {
                turn(System.nanoTime());
                failedTurns = 0;
                if (isEnded()) {
                    RootStep.TREE_STOPPED.reached();
                    board.treeState(endState);
                    RootStep.TREE_END_STORED.reached();
                    return endState;
                }
                waitPoint.await(waitNs(System.nanoTime()));
            } catch (final RuntimeException | Error failure) {
                failedTurns++;
                if (failedTurns == 1) {
                    System.err.println("root: a turn failed and the loop goes on: " + failure);
                }
                if (failedTurns > FAILED_TURNS_MAX) {
                    throw failure;
                }
                // What fails now may be better in a moment; a turn that fails at once must not
                // spin.
                LockSupport.parkNanos(FAILED_WAIT_NS);
            }
        }
    }

    /** Has the tree stop in order; from any thread, to be followed by the doorbell. */
    void requestStop() {
        stopRequested = true;
    }

    /** One turn. */
    void turn(final long nowNs) {
        final long turnNs = Math.min(nowNs - lastTurnNs, TURN_NS_MAX);
        lastTurnNs = nowNs;
        for (final DaemonSlot daemon : daemons) {
            daemon.reap(nowNs);
        }
        readMailbox(nowNs);
        if (stopRequested && treeState != TreeState.STOPPING) {
            beginStop(TreeState.STOPPED);
        }
        if (treeState != TreeState.STOPPING) {
            groups.step(nowNs);
        }
        for (final int index : startOrder) {
            final DaemonSlot daemon = daemons[index];
            daemon.step(treeState != TreeState.STOPPING && mayStart(daemon), nowNs, turnNs);
        }
        followTree(nowNs);
        if (treeState != TreeState.STOPPING) {
            reload.step(nowNs);
        }
        board.beat();
    }

    private void followTree(final long nowNs) {
        if (treeState == TreeState.STOPPING) {
            stopNext(nowNs);
            return;
        }
        if (!allReady && allEverReady()) {
            allReady = true;
            board.allReadyNs(nowNs - startedNs);
            chaos.begin(nowNs);
        }
        chaos.step(nowNs);
        if (isFailed()) {
            become(TreeState.FAILED);
        } else {
            become(allReady ? TreeState.RUNNING : TreeState.STARTING);
        }
        endWhenFinished();
    }

    private void endWhenFinished() {
        boolean any = false;
        for (final DaemonSlot daemon : daemons) {
            if (daemon.plan().significant()) {
                any = true;
                if (daemon.state() != DaemonState.DONE || !daemon.isFinished()) {
                    return;
                }
            }
        }
        if (any) {
            beginStop(TreeState.FINISHED);
        }
    }

    private void beginStop(final TreeState end) {
        endState = end;
        reload.abandon();
        become(TreeState.STOPPING);
    }

    /** Stops the last started daemon that still runs; the next one only when that is done. */
    private void stopNext(final long nowNs) {
        for (int i = startOrder.length - 1; i >= 0; i--) {
            final DaemonSlot daemon = daemons[startOrder[i]];
            if (daemon.state() != DaemonState.DONE) {
                daemon.on(DaemonEvent.STOP, nowNs);
                if (daemon.state() != DaemonState.DONE) {
                    return;
                }
            }
        }
    }

    boolean isEnded() {
        if (treeState != TreeState.STOPPING) {
            return false;
        }
        for (final DaemonSlot daemon : daemons) {
            if (daemon.state() != DaemonState.DONE) {
                return false;
            }
        }
        return true;
    }

    private boolean isFailed() {
        for (final DaemonSlot daemon : daemons) {
            if (daemon.plan().significant()
                    && (daemon.state() == DaemonState.QUARANTINED || groups.isHeldDown(daemon))) {
                return true;
            }
        }
        return false;
    }

    private boolean allEverReady() {
        for (final DaemonSlot daemon : daemons) {
            if (!daemon.isEverReady()) {
                return false;
            }
        }
        return true;
    }

    private boolean mayStart(final DaemonSlot daemon) {
        return groups.mayStart(daemon) && prerequisitesReady(daemon);
    }

    /** A daemon that has finished has done what others came after it for. */
    private boolean prerequisitesReady(final DaemonSlot daemon) {
        final List<Integer> after = daemon.plan().after();
        for (int i = 0; i < after.size(); i++) {
            final DaemonSlot earlier = rows.daemon(after.get(i));
            if (earlier.state() != DaemonState.READY
                    && !(earlier.state() == DaemonState.DONE && earlier.isFinished())) {
                return false;
            }
        }
        return true;
    }

    private void readMailbox(final long nowNs) {
        mailbox.load();
        for (int slot = 0; slot < answered.length; slot++) {
            final long request = mailbox.request(slot);
            if (request != answered[slot]) {
                mailbox.load();
                answer(slot, request, nowNs);
            }
        }
    }

    /** A slot that was written between the two looks waits for the next turn. */
    private void answer(final int slot, final long request, final long nowNs) {
        if (mailbox.request(slot) == request) {
            answered[slot] = request;
            final Answer answer =
                    carryOut(mailbox.command(slot), mailbox.daemon(slot), slot, request, nowNs);
            board.answer(slot, answer.word(request));
        }
    }

    private Answer carryOut(
            final Command command,
            final long daemon,
            final int mailSlot,
            final long request,
            final long nowNs) {
        if (command == Command.STOP) {
            stopRequested = true;
            return Answer.ACCEPTED;
        }
        if (command == Command.RELOAD) {
            return treeState == TreeState.STOPPING
                    ? Answer.WRONG_STATE
                    : reload.begin(daemon, mailSlot, request);
        }
        final DaemonSlot slot = rows.daemon(daemon);
        if (command == null || slot == null) {
            return Answer.UNKNOWN;
        }
        if (treeState == TreeState.STOPPING) {
            return Answer.WRONG_STATE;
        }
        if (command == Command.HANDOVER) {
            return slot.handOver(nowNs) ? Answer.ACCEPTED : Answer.WRONG_STATE;
        }
        final DaemonEvent event =
                command == Command.RESTART ? DaemonEvent.RESTART : DaemonEvent.RELEASE;
        return slot.on(event, nowNs) ? Answer.ACCEPTED : Answer.WRONG_STATE;
    }

    /** Returns how long nothing is to be done unless somebody dies or rings, in nanoseconds. */
    long waitNs(final long nowNs) {
        long waitNs = WAIT_NS_MAX;
        if (treeState != TreeState.STOPPING) {
            waitNs = Math.min(waitNs, chaos.untilNextNs(nowNs));
        }
        for (final DaemonSlot daemon : daemons) {
            final DaemonState state = daemon.state();
            if (state == DaemonState.STARTING) {
                return STARTING_WAIT_NS;
            }
            if (state == DaemonState.BACKING_OFF || state == DaemonState.STOPPING) {
                waitNs = Math.min(waitNs, daemon.untilDeadlineNs(nowNs));
            }
        }
        return waitNs;
    }

    private void become(final TreeState next) {
        if (treeState != next) {
            treeState = next;
            board.treeState(next);
        }
    }
}
