package io.coppice.root.loop;

/** What can happen to a daemon. */
enum DaemonEvent {
    /** Everything it comes after is ready. */
    PREREQUISITES_READY,
    /** The system started no process. */
    SPAWN_FAILED,
    /** It says that it is ready. */
    BECAME_READY,
    /** It died; it may be started again at once. */
    DIED_RESTART_NOW,
    /** It died; it may be started again after a delay. */
    DIED_RESTART_LATER,
    /** It died, and is not to be started again until someone says so. */
    DIED_FOR_GOOD,
    /** It ended and its work is done. */
    DIED_FINISHED,
    /** It died, or has handed over, and its standby lives and goes on. */
    TAKEN_OVER,
    /** The delay before its next start is over. */
    DELAY_OVER,
    /** It was not ready in time. */
    START_TIMED_OUT,
    /** Its heart has not beaten for too long. */
    HEART_STOPPED,
    /** It was asked to stop and did not in time. */
    STOP_TIMED_OUT,
    /** The tree stops, or a reload takes it down. */
    STOP,
    /** A daemon of its group fell, and it is started anew with it. */
    GROUP_STOPS,
    /** Somebody asks for a restart. */
    RESTART,
    /** Somebody forgives its deaths. */
    RELEASE,
    /** Somebody asks it to hand over to its standby, which is warm. */
    HANDOVER;

    private static final DaemonEvent[] EVENTS = values();

    /** Returns the meaning of a death that was written down, or null where it is none. */
    static DaemonEvent ofDeath(final long ordinal) {
        return ordinal >= DIED_RESTART_NOW.ordinal() && ordinal <= DIED_FINISHED.ordinal()
                ? EVENTS[(int) ordinal]
                : null;
    }
}
