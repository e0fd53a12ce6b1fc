package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.os.Signals;
import io.coppice.os.WaitPoint;
import java.util.concurrent.TimeUnit;

/**
 * A child of root, or of an earlier one, whose death the wait point tells of. For root's thread.
 */
final class WatchedProcess {
    /**
     * The kernel has said that it is dead; how long the JDK may take to have its status, in
     * nanoseconds.
     */
    private static final long STATUS_NS = 1_000_000_000L;

    /** In place of a token where the system had no descriptor left: the JDK is asked instead. */
    private static final int UNWATCHED = -2;

    private final Process process;
    private final WaitPoint waitPoint;
    private int watch = WaitPoint.GONE;

    /**
     * Begins to watch.
     *
     * @param name of the daemon, for root's log
     */
    WatchedProcess(final Process process, final WaitPoint waitPoint, final String name) {
        this(process, waitPoint);
        watch(name);
    }

    private WatchedProcess(final Process process, final WaitPoint waitPoint) {
        this.process = process;
        this.waitPoint = waitPoint;
    }

    private void watch(final String name) {
        try {
            watch = waitPoint.watch(process.pid());
        } catch (final OsException exhausted) {
            watch = UNWATCHED;
            System.err.println(
                    "root: the death of "
                            + name
                            + " will be noticed later than it could: "
                            + exhausted.getMessage());
        }
    }

    /**
     * Begins to watch one that an earlier root has started. Its start time is looked at again when
     * the descriptor is open: that is then about this process, and not about another of its pid.
     */
    static WatchedProcess adopt(
            final AdoptedProcess process, final WaitPoint waitPoint, final String name) {
        final WatchedProcess watched = new WatchedProcess(process, waitPoint);
        if (process.isAlive()) {
            watched.watch(name);
            if (watched.watch >= 0 && !process.isAlive()) {
                waitPoint.unwatch(watched.watch);
                watched.watch = WaitPoint.GONE;
            }
        }
        return watched;
    }

    long pid() {
        return process.pid();
    }

    /** Returns whether its death is certified; allocates nothing. */
    boolean isGone() {
        if (watch == WaitPoint.GONE) {
            return true;
        }
        if (watch == UNWATCHED) {
            return !process.isAlive();
        }
        if (!waitPoint.died(watch)) {
            return false;
        }
        // Before the descriptor is closed, which alone knows the group for sure.
        waitPoint.signalGroup(watch, Signals.KILL);
        waitPoint.unwatch(watch);
        watch = WaitPoint.GONE;
        return true;
    }

    /** Kills it and the process group it leads; its death comes later. */
    void kill(final OperatingSystem os) {
        if (watch >= 0) {
            waitPoint.signalGroup(watch, Signals.KILL);
        }
        os.signal(process.pid(), Signals.KILL);
    }

    /** Returns how it ended: a code, or 128 + signal. */
    int exitStatus() {
        try {
            if (process.waitFor(STATUS_NS, TimeUnit.NANOSECONDS)) {
                return process.exitValue();
            }
        } catch (final InterruptedException stray) {
            // Nobody interrupts root; the status is what it costs. The mark is not set again: files
            // are closed under a thread that has it.
        }
        return Signals.EXIT_BASE + Signals.KILL;
    }
}
