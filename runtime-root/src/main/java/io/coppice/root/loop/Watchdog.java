package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.plan.DaemonPlan;

/**
 * The watchdog of one daemon: its heart, and the thread dump that comes before a kill. For root's
 * thread. Allocates nothing while the heart beats.
 */
final class Watchdog {
    private final Heart heart;
    private final ThreadDumps dumps;
    private final OperatingSystem os;

    Watchdog(final DaemonPlan plan, final ThreadDumps dumps, final OperatingSystem os) {
        this.heart = new Heart(plan.dumpAfterNs(), plan.killAfterNs());
        this.dumps = dumps;
        this.os = os;
    }

    /** Begins to listen to an incarnation. */
    void begin(final long beat) {
        heart.reset(beat);
    }

    /**
     * Listens once in each turn.
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
        heart.listen(beat, turnNs);
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
