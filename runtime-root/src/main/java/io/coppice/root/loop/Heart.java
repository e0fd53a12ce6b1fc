package io.coppice.root.loop;

import io.coppice.os.ProcessActivity;
import java.util.concurrent.TimeUnit;

/**
 * Listens to a daemon's heart in two stages, and asks before each whether it is the daemon that is
 * silent or the machine. Three things are compared.
 *
 * <ul>
 *   <li>Root's own lag. Silence is counted in root's turns, each cut to what a turn should take. A
 *       turn that came late, so that root itself got no processor in time, counts for patience
 *       alone. A stall of the whole machine, which stops root too, is one such turn, whatever its
 *       length.
 *   <li>The daemon's processor time since half of {@code dumpAfter}. A daemon of which some thread
 *       wants a processor, or waits for a disk or for memory, and that has had less than a quarter
 *       of one meanwhile, is starved. One that had more spins; one of which no thread wants any
 *       waits for what does not come; one that is stopped was stopped alone. These three hang.
 *   <li>For a kill, a second look: both must have found it hanging.
 * </ul>
 *
 * <p>A starved daemon is given time, but not for ever: after {@link #PATIENCE} times the limit it
 * is taken for hung all the same, since a restart may be what frees the machine. Allocates nothing.
 */
final class Heart {
    /** How many times its limit a starved daemon is given. */
    static final int PATIENCE = 4;

    /** Between two looks in one silence, in nanoseconds. */
    static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A turn that took longer came late: root waits 200 ms at most. In nanoseconds. */
    static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(300);

    /** One part of so many of a processor is enough to beat once. */
    private static final int SHARE = 4;

    private static final int LOOKS_TO_KILL = 2;
    private static final long UNKNOWN = -1;

    private final long dumpAfterNs;
    private final long killAfterNs;
    private long lastBeat;
    private long silentNs;
    private long lateNs;
    private boolean dumped;
    private long firstCpuNs;
    private long firstLookNs;
    private long lastLookNs;
    private int hungLooks;

    Heart(final long dumpAfterNs, final long killAfterNs) {
        this.dumpAfterNs = dumpAfterNs;
        this.killAfterNs = killAfterNs;
        reset(0);
    }

    void reset(final long beat) {
        lastBeat = beat;
        silentNs = 0;
        lateNs = 0;
        dumped = false;
        firstCpuNs = UNKNOWN;
        hungLooks = 0;
    }

    /** Returns whether it has beaten since the last time. */
    boolean listen(final long beat, final long turnNs) {
        if (beat != lastBeat) {
            reset(beat);
            return true;
        }
        if (turnNs > LATE_NS) {
            lateNs += turnNs;
        } else {
            silentNs += turnNs;
        }
        return false;
    }

    /** Returns whether {@link #look} is to be told what the daemon's process does. */
    boolean isLookDue() {
        if (firstCpuNs == UNKNOWN) {
            return passedNs() >= dumpAfterNs / 2;
        }
        final boolean asked = !dumped && passedNs() >= dumpAfterNs || passedNs() >= killAfterNs;
        return asked && (hungLooks == 0 && lastLookNs == firstLookNs || sinceLookNs() >= LOOK_NS);
    }

    /** Looks at the process: the first look in a silence is what the others are compared with. */
    void look(final ProcessActivity activity) {
        lastLookNs = passedNs();
        if (firstCpuNs == UNKNOWN) {
            firstCpuNs = activity.cpuNs();
            firstLookNs = lastLookNs;
            return;
        }
        final boolean starved =
                !activity.stopped()
                        && activity.waiting()
                        && (activity.cpuNs() - firstCpuNs) * SHARE < lastLookNs - firstLookNs;
        hungLooks = starved ? 0 : hungLooks + 1;
    }

    /** Returns true once in each silence: the time has come for a thread dump. */
    boolean isDumpDue() {
        if (dumped || !isOver(dumpAfterNs, 1)) {
            return false;
        }
        dumped = true;
        return true;
    }

    boolean isKillDue() {
        return isOver(killAfterNs, LOOKS_TO_KILL);
    }

    private boolean isOver(final long limitNs, final int looks) {
        return silentNs >= limitNs && hungLooks >= looks || passedNs() >= PATIENCE * limitNs;
    }

    private long passedNs() {
        return silentNs + lateNs;
    }

    private long sinceLookNs() {
        return passedNs() - lastLookNs;
    }
}
