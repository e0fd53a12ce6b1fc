package io.coppice.root.loop;

/** What root does about an event. */
enum DaemonAction {
    /** Nothing: the event means nothing in this state. */
    IGNORE,
    /** Nothing, and whoever asked is told so. */
    REFUSE,
    /** Start a process; the state becomes STARTING, or BACKING_OFF where the system refuses. */
    SPAWN,
    /** The state becomes READY. */
    SERVE,
    /**
     * The state becomes WAITING, from which it is started as soon as what it comes after is ready.
     */
    WAIT,
    /** The state becomes BACKING_OFF. */
    BACK_OFF,
    /** The state becomes QUARANTINED. */
    QUARANTINE,
    /** The state becomes DONE. */
    FINISH,
    /** Ask the process to stop; the state becomes STOPPING. */
    ASK_TO_STOP,
    /** Ask the process to stop and remember to start it again; the state becomes STOPPING. */
    ASK_TO_RESTART,
    /** It has stopped as asked: WAITING where it is to be started again, else DONE. */
    AFTER_STOP,
    /** Make the standby's process this daemon's; the state becomes STARTING. */
    TAKE_OVER,
    /** Ask the process to end in order, so that its standby goes on; it stays READY meanwhile. */
    ASK_TO_HAND_OVER,
    /** Kill the process; its death is an event of its own. */
    KILL
}
