package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.plan.DaemonPlan;

/**
 * The watchdog of one daemon: its heart, and the thread dump that comes before a kill. For root's
 * thread. Allocates nothing while the heart beats.
 */
final class Watchdog {
    /**
     * A heart that was just heard is left alone for this long, in nanoseconds, or for a tenth of
     * {@code dumpAfter} where that is less: each look is a system call, and most of what an idle
     * tree costs. Silence counts from the end of that rest.
     */
    private static final long REST_NS_MAX = 500_000_000L;

    private static final int REST_PART = 10;

    private final Heart heart;
    private final ThreadDumps dumps;
    private final OperatingSystem os;
    private final long restNs;
    private boolean rests;
    private long heardNs;

    Watchdog(final DaemonPlan plan, final ThreadDumps dumps, final OperatingSystem os) {
        this.heart = new Heart(plan.dumpAfterNs(), plan.killAfterNs());
        this.dumps = dumps;
        this.os = os;
        this.restNs = Math.min(REST_NS_MAX, plan.dumpAfterNs() / REST_PART);
    }

    /** Begins to listen to an incarnation. */
    void begin(final long beat) {
        rests = false;
        heart.reset(beat);
    }

    /** Returns whether to listen in this turn. */
    boolean isDue(final long nowNs) {
        return !rests || nowNs - heardNs >= restNs;
    }

    /**
     * Listens, in each turn in which that is due.
     *
     * @param beat what the daemon's heartbeat says now
     * @param turnNs how long the turn took
     * @return whether the daemon hangs and is to be killed
     */
    boolean listen(
            final long beat,
            final long pid,
            final long epoch,
            final long turnNs,
            final long nowNs) {
        rests = heart.listen(beat, turnNs);
        heardNs = nowNs;
        if (heart.isLookDue()) {
            heart.look(os.activity(pid));
        }
        if (heart.isDumpDue()) {
            dumps.ask(epoch, nowNs);
            // A HotSpot JVM answers with the stacks of all its threads, on its stdout, which is its
            // log.
            os.signal(pid, Signals.QUIT);
        }
        dumps.step(nowNs);
        return heart.isKillDue();
    }

    /** Keeps the dump of an incarnation that is dead now. */
    void end() {
        dumps.end();
    }
}
