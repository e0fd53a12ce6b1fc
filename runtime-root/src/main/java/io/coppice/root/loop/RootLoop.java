package io.coppice.root.loop;

import io.coppice.os.WaitPoint;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.MailboxLayout;
import io.coppice.pool.board.MailboxReader;
import io.coppice.pool.board.TreeState;
import java.nio.file.Path;
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
    static final long WAIT_NS_MAX = 200_000_000L;

    /** What a turn may count for a silent heart, and for a deadline, in nanoseconds. */
    private static final long TURN_NS_MAX = 2 * WAIT_NS_MAX;

    /** How long to wait after a turn that failed, in nanoseconds. */
    private static final long FAILED_WAIT_NS = 10_000_000L;

    /** How often what the children may have damaged is put right, in nanoseconds. */
    private static final long MEND_NS = 1_000_000_000L;

    /** Turns in a row that may throw before root gives up. */
    private static final int FAILED_TURNS_MAX = 1000;

    private final DaemonSlot[] daemons;
    private final Rows rows;
    private final Groups groups;
    private final Upgrades upgrades;
    private final int[] startOrder;
    private final BoardWriter board;
    private final MailboxReader mailbox;
    private final WaitPoint waitPoint;
    private final Chaos chaos;
    private final Reload reload;
    private final long[] answered = new long[MailboxLayout.SLOTS];
    private final long startedNs;
    private Notifier notifier = Notifier.silent();
    private Spawner spawner = new Spawner(Path.of("/"));
    private volatile boolean stopRequested;
    private boolean stopsAtOnce;
    private TreeState treeState = TreeState.STARTING;
    private TreeState endState = TreeState.STOPPED;
    private boolean allReady;
    private long lastTurnNs;
    private long mendedNs;
    private int failedTurns;
    private boolean failureSaid;

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
        this.upgrades = new Upgrades(board);
        this.rows = new Rows(daemons);
        this.startOrder = StartOrder.of(daemons);
        this.board = board;
        this.mailbox = mailbox;
        this.waitPoint = waitPoint;
        this.chaos = chaos;
        this.reload = reload;
        this.startedNs = startedNs;
        this.lastTurnNs = startedNs;
        this.mendedNs = startedNs;
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

    /** Has the service manager be told of the tree; before the first turn. */
    void tell(final Notifier serviceManager) {
        notifier = serviceManager;
    }

    /** Runs until the tree has ended; returns how. */
    TreeState run() {
        while (true) {
            try {
                final long beganNs = System.nanoTime();
                turn(beganNs);
                failedTurns = 0;
                if (isEnded() && spawner.isOver(System.nanoTime())) {
                    RootStep.TREE_STOPPED.reached();
                    board.treeState(endState);
                    RootStep.TREE_END_STORED.reached();
                    return endState;
                }
                final long endedNs = System.nanoTime();
                board.countTurn(endedNs - beganNs);
                waitPoint.await(waitNs(endedNs));
                failureSaid = false;
            } catch (final RuntimeException | Error failure) {
                failedTurns++;
                // Once, also where it is the wait that fails, and each turn before it does not.
                if (!failureSaid) {
                    failureSaid = true;
                    System.err.println("root: a turn failed and the loop goes on: " + failure);
                }
                if (failedTurns > FAILED_TURNS_MAX) {
                    throw failure;
                }
                // What fails now may be better in a moment; a turn that fails at once must not
                // spin.
                LockSupport.parkNanos(FAILED_WAIT_NS);
                lookForDeaths();
            }
        }
    }

    /** After a turn that failed too: a death may be what the next one needs to do better. */
    private void lookForDeaths() {
        try {
            waitPoint.await(0);
        } catch (final RuntimeException | Error failure) {
            // That of the turn is told and counted, and is likely the cause of this one too.
        }
    }

    /** Has the tree stop in order; from any thread, to be followed by the doorbell. */
    void requestStop() {
        stopRequested = true;
    }

    /** Returns whether the tree is to stop in order, which the next turn begins with. */
    boolean isStopRequested() {
        return stopRequested;
    }

    /** Has each turn look after what daemons leave behind. */
    void lookAfter(final Spawner spawnerOfDaemons) {
        spawner = spawnerOfDaemons;
    }

    /** One turn. */
    void turn(final long nowNs) {
        final long turnNs = Math.min(nowNs - lastTurnNs, TURN_NS_MAX);
        final long lostNs = nowNs - lastTurnNs - turnNs;
        lastTurnNs = nowNs;
        if (lostNs > 0) {
            // A stall that has stopped root too uses up nobody's time to start or to stop.
            for (final DaemonSlot daemon : daemons) {
                daemon.postpone(lostNs);
            }
        }
        if (failedTurns > 0 || nowNs - mendedNs >= MEND_NS) {
            mendedNs = nowNs;
            board.mend();
            mailbox.mend();
        }
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
        notifier.step(treeState, allReady, daemons, nowNs);
        spawner.step(nowNs);
        if (treeState != TreeState.STOPPING) {
            followReload(nowNs);
        }
        board.beat();
    }

    /** Where it succeeds, this root does not come back from the step, and the next one is ready. */
    private void followReload(final long nowNs) {
        final boolean wasUnderWay = reload.isUnderWay();
        reload.step(nowNs);
        if (wasUnderWay && !reload.isUnderWay()) {
            notifier.reloaded();
        }
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
        chaos.end();
    }

    /**
     * Stops the last started daemon that still runs; the next one only when that is done, unless
     * all are killed.
     */
    private void stopNext(final long nowNs) {
        for (int i = startOrder.length - 1; i >= 0; i--) {
            final DaemonSlot daemon = daemons[startOrder[i]];
            if (daemon.state() != DaemonState.DONE) {
                daemon.on(DaemonEvent.STOP, nowNs);
                if (stopsAtOnce && daemon.state() == DaemonState.STOPPING) {
                    if (!daemon.isEnding()) {
                        daemon.on(DaemonEvent.STOP_TIMED_OUT, nowNs);
                    }
                } else if (daemon.state() != DaemonState.DONE) {
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
            if (request == 0) {
                // None; where there was one, somebody has emptied the mailbox, or cut it off.
                forgetAnswer(slot);
            } else if (request != answered[slot]) {
                mailbox.load();
                answer(slot, request, nowNs);
            }
        }
    }

    /**
     * Numbers begin anew in a mailbox that is empty: an old answer must not be taken for theirs.
     */
    private void forgetAnswer(final int slot) {
        if (answered[slot] != 0) {
            answered[slot] = 0;
            board.answer(slot, 0);
        }
    }

    /** A slot that was written between the two looks waits for the next turn. */
    private void answer(final int slot, final long request, final long nowNs) {
        if (mailbox.request(slot) == request) {
            answered[slot] = request;
            board.answer(slot, carryOut(slot, request, nowNs).word(request));
        }
    }

    private Answer carryOutChaos(final int slot, final long nowNs) {
        return treeState == TreeState.STOPPING
                ? Answer.WRONG_STATE
                : chaos.ask(
                        mailbox.argument(slot, 0),
                        mailbox.argument(slot, 1),
                        mailbox.argument(slot, 2),
                        mailbox.argument(slot, 3),
                        nowNs);
    }

    /** Not during an upgrade: both want the place of the plan that is free. */
    private Answer carryOutReload(final int slot, final long request, final long nowNs) {
        if (treeState == TreeState.STOPPING || board.reader().isUpgrading()) {
            return Answer.WRONG_STATE;
        }
        final Answer answer = reload.begin(mailbox.daemon(slot), slot, request);
        if (answer == Answer.ACCEPTED) {
            notifier.reloading(nowNs);
        }
        return answer;
    }

    private Answer carryOut(final int slot, final long request, final long nowNs) {
        final Command command = mailbox.command(slot);
        final long daemon = mailbox.daemon(slot);
        if (command == Command.STOP || command == Command.STOP_AT_ONCE) {
            stopRequested = true;
            stopsAtOnce |= command == Command.STOP_AT_ONCE;
            return Answer.ACCEPTED;
        }
        if (command == Command.CHAOS) {
            return carryOutChaos(slot, nowNs);
        }
        if (command == Command.RELOAD) {
            return carryOutReload(slot, request, nowNs);
        }
        final DaemonSlot concerned = rows.daemon(daemon);
        if (command == null || concerned == null) {
            return Answer.UNKNOWN;
        }
        if (treeState == TreeState.STOPPING) {
            return Answer.WRONG_STATE;
        }
        if (command == Command.HANDOVER) {
            return concerned.handOver(nowNs) ? Answer.ACCEPTED : Answer.WRONG_STATE;
        }
        if (command == Command.UPGRADE) {
            return reload.isUnderWay()
                    ? Answer.WRONG_STATE
                    : upgrades.begin(
                            concerned, mailbox.argument(slot, 0), mailbox.argument(slot, 1), nowNs);
        }
        final DaemonEvent event =
                command == Command.RESTART ? DaemonEvent.RESTART : DaemonEvent.RELEASE;
        return concerned.on(event, nowNs) ? Answer.ACCEPTED : Answer.WRONG_STATE;
    }

    /** Returns how long nothing is to be done unless somebody dies or rings, in nanoseconds. */
    long waitNs(final long nowNs) {
        long waitNs = Math.min(WAIT_NS_MAX, notifier.untilNextNs(nowNs));
        waitNs = Math.min(waitNs, spawner.untilNextNs(nowNs));
        if (treeState != TreeState.STOPPING) {
            waitNs = Math.min(waitNs, chaos.untilNextNs(nowNs));
        }
        for (final DaemonSlot daemon : daemons) {
            waitNs = Math.min(waitNs, daemon.untilDeadlineNs(nowNs));
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
