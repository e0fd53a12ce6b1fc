package io.coppice.root.loop;

/**
 * Listens to a daemon's heart in two stages. The time it counts is that of root's own turns, each
 * cut to what a turn should take, so that a stall of the whole machine, which stops root too, is
 * nobody's silence. Allocates nothing.
 */
final class Heart {
    private final long dumpAfterNs;
    private final long killAfterNs;
    private long lastBeat;
    private long silentNs;
    private boolean dumped;

    Heart(final long dumpAfterNs, final long killAfterNs) {
        this.dumpAfterNs = dumpAfterNs;
        this.killAfterNs = killAfterNs;
    }

    void reset(final long beat) {
        lastBeat = beat;
        silentNs = 0;
        dumped = false;
    }

    void listen(final long beat, final long turnNs) {
        if (beat == lastBeat) {
            missBeat(turnNs);
        } else {
            reset(beat);
        }
    }

    void missBeat(final long turnNs) {
        silentNs += turnNs;
    }

    /** Returns true once in each silence: the time has come for a thread dump. */
    boolean isDumpDue() {
        if (dumped || silentNs < dumpAfterNs) {
            return false;
        }
        dumped = true;
        return true;
    }

    boolean isKillDue() {
        return silentNs >= killAfterNs;
    }
}
